import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, type FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { type AuditLine, type AuditLog, answerHash } from '../../ports/audit-log.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { type TaskOutcome, taskOutcome } from '../../workflow/answer/task-outcome.js';
import { tellMeanwhile } from './answered-meanwhile.js';
import type { PreparedAnswer, Sending } from './prepare-answer.js';

export interface Answering {
  states: Pick<
    StepFunctionsGateway,
    'sendTaskSuccess' | 'sendTaskFailure' | 'sendTaskHeartbeat' | 'historyPages'
  >;
  audit: AuditLog;
  target: string;
  verb: string;
  by: string;
  /** The command over many that this answer is part of. */
  run?: string;
  clock: { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
}

export interface AnswerResult {
  /** The history shows it: the task ended as told, and the execution went on. */
  proven: boolean;
  outcome: TaskOutcome;
}

/** How long the history may take to show an answer that AWS has accepted. */
const PATIENCE = 20_000;

/**
 * Sends an answer and reads from the history what it did. Leaves two lines in the audit file, one before and one after.
 * @throws FlowError 5 when somebody or something was faster: what happened meanwhile
 */
export async function sendAnswer(
  { task, token, sending, rehearsal }: PreparedAnswer,
  around: Answering,
): Promise<AnswerResult> {
  const { executionArn } = task.execution;
  const line = auditLine(around, { ...task, executionArn }, sending);
  const note = (outcome: AuditLine['outcome']): Promise<void> =>
    around.audit.append({ ...line, time: new Date(around.clock.now()).toISOString(), outcome });
  await note('sending');
  try {
    await send(around.states, token.reveal(), sending);
  } catch (error) {
    const { exitCode } = error as FlowError;
    if (exitCode !== exitCodes.conflict) {
      await note('failed');
      throw error;
    }
    const outcome = await outcomeOf(around.states, executionArn, task.scheduledId);
    // A call whose reply was lost is repeated by the SDK, and then finds its own answer there.
    if (wasRepeated(error) && isOurs(outcome, sending)) return await proven(outcome);
    await note('conflict');
    throw await tellMeanwhile(task, outcome, around.audit);
  }
  if (sending.type === 'heartbeat') {
    await note('sent');
    return { proven: false, outcome: { how: 'open', exited: false, retried: false } };
  }
  const expected = rehearsal?.entered[0];
  const giveUp = around.clock.now() + PATIENCE;
  for (;;) {
    const outcome = await outcomeOf(around.states, executionArn, task.scheduledId);
    const settled =
      outcome.how !== 'open' &&
      (expected === undefined || outcome.nextState !== undefined || outcome.execution);
    if (settled) return await proven(outcome);
    if (around.clock.now() > giveUp) {
      await note('sent');
      return { proven: outcome.how !== 'open', outcome };
    }
    await around.clock.sleep(around.pollMilliseconds);
  }

  async function proven(outcome: TaskOutcome): Promise<AnswerResult> {
    await note('proven');
    return { proven: true, outcome };
  }
}

export function auditLine(
  around: Pick<Answering, 'target' | 'verb' | 'by' | 'run'>,
  step: { executionArn: string; stateName: string; scheduledId: number; requestId?: string },
  sending: Sending,
): Omit<AuditLine, 'time' | 'outcome'> {
  const { executionArn, stateName, scheduledId, requestId } = step;
  return {
    id: randomUUID(),
    target: around.target,
    caller: around.by,
    verb: around.verb,
    executionArn,
    stateName,
    scheduledId,
    requestId,
    answer: answerHash(sending.type === 'success' ? sending.output : (sending as Json)),
    run: around.run,
  };
}

export async function send(states: Answering['states'], taskToken: string, sending: Sending): Promise<void> {
  if (sending.type === 'success') {
    await states.sendTaskSuccess({ taskToken, output: JSON.stringify(sending.output) });
  } else if (sending.type === 'failure') {
    await states.sendTaskFailure({ taskToken, error: sending.error, cause: sending.cause });
  } else await states.sendTaskHeartbeat(taskToken);
}

/** What became of a task: reads the history back to the event that scheduled it. */
export async function outcomeOf(
  states: Pick<StepFunctionsGateway, 'historyPages'>,
  executionArn: string,
  scheduledId: number,
): Promise<TaskOutcome> {
  const newestFirst: HistoryEvent[] = [];
  for await (const page of states.historyPages(executionArn, {
    reverse: true,
    pageSize: 200,
    tokens: true,
  })) {
    for (const event of page) newestFirst.push(event);
    if (page.some(({ id }) => id <= scheduledId)) break;
  }
  return taskOutcome(newestFirst.reverse(), scheduledId);
}

const wasRepeated = (error: unknown): boolean =>
  (((error as FlowError).cause as { $metadata?: { attempts?: number } } | undefined)?.$metadata?.attempts ??
    1) > 1;

/** The history has the very answer that was sent. */
export function isOurs(outcome: TaskOutcome, sending: Sending): boolean {
  if (sending.type === 'success')
    return outcome.how === 'succeeded' && hashOf(outcome.output) === answerHash(sending.output);
  return (
    sending.type === 'failure' &&
    outcome.how === 'failed' &&
    outcome.error === sending.error &&
    outcome.cause === sending.cause
  );
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : answerHash(JSON.parse(text) as Json);
}
