import { compileMachine } from '../../asl/definition.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import { createExecution } from '../../asl/engine/transition.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { DefinedState } from '../definition/definition-states.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { machineName } from '../names/arn.js';
import { imagined, moved, untried } from './imagined-execution.js';

/** Where a paused state stands, as far as its answer's way from there depends on it. */
export interface Standing {
  defined: DefinedState;
  /** JSON text of the state's input. */
  input: string;
  /** JSON text of the execution's input. */
  executionInput: string;
  executionArn: string;
  stateMachineArn: string;
  /** Variables that the state sees. */
  variables: Record<string, Json>;
}

export type Answer = { type: 'success'; output: Json } | { type: 'failure'; error?: string; cause?: string };

/** What the state machine would do with an answer, up to the next task that takes time. */
export interface AnswerTrial {
  /** JSON text that the state hands on; absent where the answer did not get through it. */
  output?: string;
  /** States entered after it, in order. */
  entered: string[];
  /** The state would try again. */
  retried: boolean;
  /** The scope of the state (the execution, a branch, an iteration) would end so. */
  ended?: { status: string; error?: string; cause?: string };
  /** The machine would break on the answer, not go a way that its author gave it. */
  breaks: boolean;
}

/** Name of the step that brings the tried state its input; no state of AWS's may be called so. */
const BEFORE = ' ';

/**
 * Runs the answer through the definition from the paused state on, with the interpreter of the local server.
 * Undefined where that cannot be done here (a definition that the interpreter does not run).
 */
export async function tryAnswer(
  standing: Standing,
  answer: Answer,
  evaluate: Evaluate,
): Promise<AnswerTrial | undefined> {
  try {
    return await run(standing, answer, evaluate);
  } catch (error) {
    return untried(error);
  }
}

async function run(
  { defined, input, ...standing }: Standing,
  answer: Answer,
  evaluate: Evaluate,
): Promise<AnswerTrial | undefined> {
  const { scope, name } = defined;
  // An answer that its own state cannot digest must not pass for a failure that a Catch expects.
  const { Catch: _, Retry: __, ...strict } = defined.state;
  const state = answer.type === 'success' ? strict : defined.state;
  const machine = compileMachine({
    QueryLanguage: scope.queryLanguage,
    StartAt: BEFORE,
    States: { ...scope.states, [name]: state, [BEFORE]: bringing(input, standing.variables, defined) },
  });
  const execution = createExecution(
    {
      executionArn: standing.executionArn,
      name: standing.executionArn.split(':')[7] ?? '',
      roleArn: '',
      stateMachineArn: standing.stateMachineArn,
      stateMachineName: machineName(standing.stateMachineArn),
      type: 'STANDARD',
      startDate: 0,
      input: standing.executionInput,
    },
    machine,
    imagined,
  );
  const { effects } = await moved(execution, { type: 'Start', at: 0 }, evaluate);
  const task = effects.find((effect) => effect.type === 'InvokeTask');
  if (task?.type !== 'InvokeTask' || task.stateName !== name) return undefined;
  const { taskId } = task;
  const step = await moved(
    execution,
    answer.type === 'success'
      ? { type: 'TaskSucceeded', at: 0, taskId, output: jsonText(answer.output) }
      : { type: 'TaskFailed', at: 0, taskId, error: answer.error, cause: answer.cause },
    evaluate,
  );
  const exit = step.events.find(({ type }) => type === 'TaskStateExited');
  const entered = step.events.filter(({ type }) => type.endsWith('StateEntered'));
  const ended = step.effects.find((effect) => effect.type === 'EndExecution');
  const failed = ended?.type === 'EndExecution' && ended.status !== 'SUCCEEDED';
  // A Fail state is a way out that the author gave; so is an error that nothing catches, after a failure.
  const meant = entered.at(-1)?.type === 'FailStateEntered' || (answer.type === 'failure' && !exit);
  return {
    output: exit && textOf(detailsOf(exit).output),
    entered: entered.map((event) => textOf(detailsOf(event).name) ?? ''),
    retried: execution.status === 'RUNNING' && !exit,
    ended:
      ended?.type === 'EndExecution'
        ? { status: ended.status, error: ended.error, cause: ended.cause }
        : undefined,
    breaks: failed && !meant,
  };
}

/** A Pass state that hands on the input and assigns what is assigned already, in the language of the workflow. */
function bringing(input: string, variables: Record<string, Json>, { name, scope }: DefinedState): JsonObject {
  const value = parseOwn(input);
  return scope.queryLanguage === 'JSONata'
    ? { Type: 'Pass', Output: literal(value), Assign: literal(variables), Next: name }
    : { Type: 'Pass', Result: value, Assign: variables, Next: name };
}

/** Data must not be taken for expressions. */
function literal(json: Json): Json {
  if (typeof json === 'string') return json.startsWith('{%') ? `{% ${JSON.stringify(json)} %}` : json;
  if (Array.isArray(json)) return json.map(literal);
  return isObject(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, literal(value)]))
    : json;
}

/** The states that may come right after one, by its `Next`, `Default`, `Choices`. */
export function nextOf({ state, scope }: DefinedState): JsonObject | undefined {
  const next = typeof state.Next === 'string' ? scope.states[state.Next] : undefined;
  return isObject(next) ? next : undefined;
}
