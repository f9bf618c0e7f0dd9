import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, type FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import { type AuditLine, answerHash } from '../../ports/audit-log.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { type TaskOutcome, taskOutcome } from '../../workflow/answer/task-outcome.js';
import { tellMeanwhile } from '../pending/answered-meanwhile.js';
import type { Answering } from './answer-context.js';
import type { PreparedAnswer, Sending } from './prepare-answer.js';

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
export async function sendAnswer(answer: PreparedAnswer, answering: Answering): Promise<AnswerResult> {
  const { task, token, sending } = answer;
  const { executionArn } = task.execution;
  const note = noteIn(answering, { ...task, executionArn }, sending);
  await note('sending');
  try {
    await send(answering.states, token.reveal(), sending);
  } catch (error) {
    const { exitCode } = error as FlowError;
    if (exitCode !== exitCodes.conflict) {
      await note('failed');
      throw error;
    }
    const outcome = await outcomeOf(answering.states, executionArn, task.scheduledId);
    // A call whose reply was lost is repeated by the SDK, and then finds its own answer there.
    const ours = wasRepeated(error) && isOurs(outcome, sending);
    await note(ours ? 'proven' : 'conflict');
    if (ours) return { proven: true, outcome };
    throw await tellMeanwhile(task, outcome, answering.audit);
  }
  const { settled, ...result } = await whatItDid(answer, answering);
  await note(settled ? 'proven' : 'sent');
  return result;
}

/** Reads the history until it shows where the answer led to, or for as long as that may take. */
async function whatItDid(
  { task, sending, trial }: PreparedAnswer,
  { states, clock, pollMilliseconds }: Answering,
): Promise<AnswerResult & { settled: boolean }> {
  if (sending.type === 'heartbeat')
    return { settled: false, proven: false, outcome: { how: 'open', exited: false, retried: false } };
  const expected = trial?.entered[0];
  const giveUp = clock.now() + PATIENCE;
  for (;;) {
    const outcome = await outcomeOf(states, task.execution.executionArn, task.scheduledId);
    const proven = outcome.how !== 'open';
    const led = expected === undefined || outcome.nextState !== undefined || outcome.execution !== undefined;
    if (proven && led) return { settled: true, proven, outcome };
    if (clock.now() > giveUp) return { settled: false, proven, outcome };
    await clock.sleep(pollMilliseconds);
  }
}

const actions = {
  success: 'states:SendTaskSuccess',
  failure: 'states:SendTaskFailure',
  heartbeat: 'states:SendTaskHeartbeat',
};

/** Writes what becomes of an answer into the audit file. */
export function noteIn(
  { audit, target, by, decision, run, clock }: Answering,
  step: Pick<AuditLine, 'executionArn' | 'stateName' | 'scheduledId' | 'requestId'>,
  sending: Sending,
): (outcome: AuditLine['outcome']) => Promise<void> {
  const { executionArn, stateName, scheduledId, requestId } = step;
  const line = {
    id: randomUUID(),
    target,
    caller: by,
    verb: decision.verb,
    action: actions[sending.type],
    executionArn,
    stateName,
    scheduledId,
    requestId,
    answer: answerHash(sending.type === 'success' ? sending.output : (sending as Json)),
    run,
  };
  return (outcome) => audit.append({ ...line, time: new Date(clock.now()).toISOString(), outcome });
}

export async function send(
  states: Pick<StepFunctionsGateway, 'sendTaskSuccess' | 'sendTaskFailure' | 'sendTaskHeartbeat'>,
  taskToken: string,
  sending: Sending,
): Promise<void> {
  if (sending.type === 'success') {
    await states.sendTaskSuccess({ taskToken, output: jsonText(sending.output) });
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
function isOurs(outcome: TaskOutcome, sending: Sending): boolean {
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
