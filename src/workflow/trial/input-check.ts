import { parseDefinition, type StateMachine } from '../../asl/definition.js';
import type { Evaluate } from '../../asl/engine/map-item.js';
import type { Step } from '../../asl/engine/protocol.js';
import { createExecution } from '../../asl/engine/transition.js';
import type { Json } from '../../json/json.js';
import { definedStates } from '../definition/definition-states.js';
import { detailsOf, textOf } from '../history/event-details.js';
import { executionArnOf } from '../names/arn.js';
import { imagined, moved, untried } from './imagined-execution.js';
import { type MissingPath, missingPaths } from './missing-paths.js';

/** Why an execution with this input would fail before anything outside of the state machine is called. */
export interface Misfit {
  /** The state that it would fail in. */
  stateName: string;
  error: string;
  /** In AWS's words. */
  reason: string;
  /** What the fields of that state ask of the input and do not find; may be empty. */
  missing: MissingPath[];
}

export interface CheckedMachine {
  stateMachineArn: string;
  name: string;
  definition: string;
  roleArn: string;
  type: 'STANDARD' | 'EXPRESS';
}

/** `input`: JSON text; `now`: epoch milliseconds. Undefined: nothing speaks against it. */
export type InputCheck = (start: { name: string; input: string }, now: number) => Promise<Misfit | undefined>;

/** Expressions whose answer is another the next time. */
const CHANCE = /\$(random|shuffle|uuid)\b/;

/**
 * Makes ready to try inputs on a machine: each is run through the definition, with the interpreter of the local
 * server, as far as it comes without an answer from outside. Says something only where the outcome is certain.
 */
export function createInputCheck(machine: CheckedMachine, evaluate: Evaluate): InputCheck {
  const compiled = compile(machine);
  if (!compiled) return async () => undefined;
  return async (start, now) => {
    try {
      return await tryInput(machine, compiled, start, now, evaluate);
    } catch (error) {
      // What can't be thought through here is for AWS to judge.
      return untried(error);
    }
  };
}

function compile({ definition, type }: CheckedMachine): StateMachine | undefined {
  try {
    return parseDefinition(definition, type);
  } catch {
    return undefined;
  }
}

async function tryInput(
  { stateMachineArn, name: stateMachineName, definition, roleArn, type }: CheckedMachine,
  compiled: StateMachine,
  { name, input }: { name: string; input: string },
  now: number,
  evaluate: Evaluate,
): Promise<Misfit | undefined> {
  const execution = createExecution(
    {
      executionArn: executionArnOf(stateMachineArn, name),
      name,
      roleArn,
      stateMachineArn,
      stateMachineName,
      type,
      startDate: now,
      input,
    },
    compiled,
    imagined,
  );
  let certain = true;
  const step = await moved(execution, { type: 'Start', at: now }, evaluate, ({ expressions }) => {
    if (expressions.some((text) => CHANCE.test(text))) certain = false;
  });
  return certain && execution.randomsDrawn === 0 ? misfitOf(step, definition) : undefined;
}

const IN_STATE =
  /^An error occurred while executing the state '[\s\S]*' \(entered at the event id #(\d+)\)\. ([\s\S]*)$/;

function misfitOf({ events, effects }: Step, definition: string): Misfit | undefined {
  const end = effects.find((effect) => effect.type === 'EndExecution');
  if (end?.type !== 'EndExecution' || end.status !== 'FAILED') return undefined;
  // A Fail state is an end that the machine's author gave it; its cause names no state.
  const [, enteredId, reason = ''] = IN_STATE.exec(end.cause ?? '') ?? [];
  const entered = events.find(({ id }) => id === Number(enteredId));
  const { name: stateName, input } = entered ? detailsOf(entered) : {};
  if (typeof stateName !== 'string') return undefined;
  const defined = definedStates(definition).find(({ name }) => name === stateName);
  const value = JSON.parse(textOf(input) ?? 'null') as Json;
  const missing = defined ? missingPaths(defined.state, defined.scope.queryLanguage, value) : [];
  return { stateName, error: end.error ?? 'States.Runtime', reason, missing };
}
