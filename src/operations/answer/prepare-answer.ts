import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { shapeAnswer } from '../../workflow/answer/answer-shape.js';
import { sayTo } from '../../workflow/answer/approval-decision.js';
import { whyNoToken } from '../../workflow/answer/paused-steps.js';
import type { TaskToken } from '../../workflow/answer/task-token.js';
import type { DefinedState } from '../../workflow/definition/definition-states.js';
import { findState } from '../../workflow/definition/pauses.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { visibleVariables } from '../../workflow/history/visible-variables.js';
import { type AnswerTrial, type Standing, tryAnswer } from '../../workflow/trial/answer-trial.js';
import type { PausedTask } from '../pending/read-paused.js';
import { tokenIn } from '../pending/token-in.js';
import type { Answering } from './answer-context.js';

export type Sending =
  | { type: 'success'; output: Json }
  | { type: 'failure'; error?: string; cause?: string }
  | { type: 'heartbeat' };

/** All that is known before an answer is sent. */
export interface PreparedAnswer {
  task: PausedTask;
  token: TaskToken;
  sending: Sending;
  /** What the machine would make of it; undefined where that cannot be tried here. */
  trial?: AnswerTrial;
}

export type Preparing = Pick<Answering, 'decision' | 'by' | 'evaluate' | 'force' | 'definitions'> & {
  states: HistoryReader;
  clock: Pick<Answering['clock'], 'now'>;
};

/**
 * Brings an answer into the form that its state needs, and tries it.
 * @throws FlowError 2 when the step cannot be answered from here, or when the execution would break on the answer
 */
export async function prepareAnswer(task: PausedTask, answering: Preparing): Promise<PreparedAnswer> {
  const { decision, by, clock, states, evaluate, force } = answering;
  const definition = await answering.definitions.of(task.execution);
  const defined = findState(definition, task.stateName);
  const token = tokenOf(task, definition);
  const said = sayTo(defined, decision, by, new Date(clock.now()).toISOString());
  if (said.type === 'heartbeat') return { task, token, sending: said };
  const standing = defined && (await standingOf(states, task, defined, definition));
  if (said.type === 'failure') {
    return { task, token, sending: said, trial: standing && (await tryAnswer(standing, said, evaluate)) };
  }
  if (!standing) return { task, token, sending: { type: 'success', output: said.value } };
  const { output, trial } = await shapeAnswer(standing, said.value, evaluate);
  if (trial?.breaks && !force) throw wouldBreak(task, output, trial);
  return { task, token, sending: { type: 'success', output }, trial };
}

type HistoryReader = Pick<StepFunctionsGateway, 'historyPages'>;

function tokenOf(task: PausedTask, definition: string): TaskToken {
  const token = tokenIn(task, definition);
  if (token) return token;
  throw new FlowError(
    exitCodes.usage,
    'NoToken',
    `${task.stateName} can't be answered from here: ${whyNoToken(task)}`,
    {
      where: task.execution.executionArn,
      hint: 'whoever has the token: --token-stdin with --execution',
    },
  );
}

async function standingOf(
  states: HistoryReader,
  task: PausedTask,
  defined: DefinedState,
  definition: string,
): Promise<Standing> {
  const { executionArn, stateMachineArn } = task.execution;
  const variables = definition.includes('"Assign"')
    ? visibleVariables(await wholeHistory(states, executionArn), task.enteredId)
    : {};
  return {
    defined,
    input: task.input ?? '{}',
    executionInput: task.executionInput,
    executionArn,
    stateMachineArn,
    variables,
  };
}

async function wholeHistory(states: HistoryReader, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of states.historyPages(executionArn, { tokens: true }))
    for (const event of page) events.push(event);
  return events;
}

function wouldBreak({ stateName, execution }: PausedTask, output: Json, { ended }: AnswerTrial): FlowError {
  const why = redactTokens(ended?.cause ?? ended?.error ?? 'it would fail');
  return new FlowError(
    exitCodes.usage,
    'AnswerDoesNotFit',
    `the execution would break on this answer: ${why}`,
    {
      where: `${stateName} of ${execution.executionArn}, answered ${redactTokens(jsonText(output))}`,
      hint: '--answer with what the state needs; --force sends it all the same',
    },
  );
}
