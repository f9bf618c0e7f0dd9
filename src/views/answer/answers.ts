import type { FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { PreparedAnswer, Sending } from '../../operations/answer/prepare-answer.js';
import type { AnswerResult } from '../../operations/answer/send-answer.js';
import type { AnswerCounts } from '../../operations/answer/send-answers.js';
import type { AuditLine } from '../../ports/audit-log.js';
import { redactTokens } from '../../workflow/history/redact.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { askedLine, machineName, typedMachine } from '../pending/pending.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/safe-text.js';
import { type Zone, zonedTime } from '../text/time.js';

/** What `approve -o json` and its siblings print of one answer. */
export interface AnswerDocument {
  requestId: string | null;
  executionArn: string;
  stateMachineName: string;
  stateName: string;
  answer: Json;
  proven: boolean;
  nextState: string | null;
  /** Of the execution, once it has ended. */
  status: string | null;
}

export function answerDocument({ task, sending }: PreparedAnswer, result: AnswerResult): AnswerDocument {
  const { outcome, proven } = result;
  return {
    requestId: task.requestId ?? null,
    executionArn: task.execution.executionArn,
    stateMachineName: machineName(task),
    stateName: task.stateName,
    answer: answerJson(sending),
    proven,
    nextState: outcome.nextState ?? null,
    status: outcome.execution?.status ?? null,
  };
}

function answerJson(sending: Sending): Json {
  if (sending.type === 'success') return parseOwn(redactTokens(jsonText(sending.output)));
  if (sending.type === 'heartbeat') return null;
  const { error = null, cause = null } = sending;
  return { error, cause };
}

/** The same of one that is not sent, for it is only tried. */
export const plannedDocument = (answer: PreparedAnswer) => ({
  dryRun: true,
  ...answerDocument(answer, { proven: false, outcome: { how: 'open', exited: false, retried: false } }),
  nextState: answer.trial?.entered[0] ?? null,
});

/** One of several that could not be answered. */
export const refusedDocument = ({ requestId, error }: { requestId?: string; error: FlowError }) => ({
  requestId: requestId ?? null,
  error: {
    code: error.code,
    exitCode: error.exitCode,
    message: error.message,
    where: error.where,
    hint: error.hint,
  },
});

/** One of several that is not answered, and why. */
export const refusedLine = (name: string | undefined, error: FlowError, what = ''): string =>
  `${oneLine(name ?? '—')}: ${what}${oneLine(error.message)}`;

interface AnsweredBefore {
  requestId: string;
  line: Pick<AuditLine, 'executionArn' | 'stateName'>;
}

/** One of several that the same command has answered before it was broken off. */
export const beforeDocument = ({ requestId, line: { executionArn, stateName } }: AnsweredBefore) => ({
  requestId,
  executionArn,
  stateName,
  proven: true,
  before: true,
});

export const beforeLine = ({ requestId }: AnsweredBefore): string => `${oneLine(requestId)}: answered before`;

/** Who, what, where, and the effect: before an answer is sent. */
export function questionLines({ task, sending, trial }: PreparedAnswer, now: number, zone: Zone): string[] {
  const until = task.timeoutAt === undefined ? '' : `, until ${zonedTime(task.timeoutAt, zone)}`;
  const place = task.iteration === undefined ? task.stateName : `${task.stateName}[${task.iteration}]`;
  return [
    `${oneLine(task.requestId ?? typedName(task.execution.executionArn))}: ${oneLine(place)} of ${typedMachine(task)} has waited ${formatDuration(now - task.since)}${until}`,
    `  execution  ${task.execution.executionArn}`,
    ...askedLines(task),
    `  answer     ${answerText(sending)}`,
    `  then       ${effectText(sending, trial)}`,
  ];
}

/** What is decided: what the step was sent, and what came into its state where that is something else. */
function askedLines(task: PreparedAnswer['task']): string[] {
  const asked = askedLine(task);
  const input = task.input === undefined ? undefined : oneLine(redactTokens(task.input));
  return [
    ...(asked === undefined ? [] : [`  asked      ${asked}`]),
    ...(input === undefined || input === asked ? [] : [`  input      ${input}`]),
  ];
}

/** One of several, in a list before the question. */
export const listedLine = ({ task }: PreparedAnswer, now: number): string =>
  `  ${oneLine(task.requestId ?? typedName(task.execution.executionArn))}  ${oneLine(task.stateName)} of ${typedMachine(task)}, waits ${formatDuration(now - task.since)}: ${askedLine(task) ?? 'nothing is known of what was asked'}`;

function answerText(sending: Sending): string {
  if (sending.type === 'heartbeat') return 'a heartbeat';
  const text = jsonText(answerJson(sending));
  return sending.type === 'success' ? text : `failure ${text}`;
}

function effectText(sending: Sending, trial: PreparedAnswer['trial']): string {
  if (sending.type === 'heartbeat') return 'it waits on; its heartbeat timeout begins anew';
  if (!trial) return 'unknown: this definition could not be tried here';
  const { entered, ended, retried, breaks } = trial;
  if (breaks) return `the execution breaks: ${oneLine(redactTokens(ended?.cause ?? ended?.error ?? ''))}`;
  if (retried) return 'the state tries again (Retry)';
  const way = entered.map(oneLine).join(' → ');
  if (!ended) return `goes on to ${way}`;
  const how =
    ended.status === 'SUCCEEDED'
      ? 'its workflow is at its end'
      : `ends ${ended.status}${ended.error ? ` (${oneLine(ended.error)})` : ''}`;
  return way === '' ? how : `${way}, then ${how}`;
}

const pastOf: Record<string, string> = {
  approve: 'approved',
  reject: 'rejected',
  resume: 'resumed',
  fail: 'failed',
  heartbeat: 'kept alive',
};

/** One line: what was done, and what the history shows of it. */
export function answeredLine(
  verb: string,
  { task, sending }: PreparedAnswer,
  { proven, outcome }: AnswerResult,
): string {
  const name = oneLine(task.requestId ?? typedName(task.execution.executionArn));
  const what = `${name}: ${pastOf[verb] ?? verb}  ${oneLine(task.stateName)}`;
  if (sending.type === 'heartbeat') return `${what} (accepted; a history does not show heartbeats)`;
  if (!proven) return `${what} (accepted, but not proven: its history does not show it yet)`;
  const next = outcome.nextState === undefined ? '' : ` → ${oneLine(outcome.nextState)}`;
  const again = outcome.retried ? ' (it tries again)' : '';
  const ended = outcome.execution ? `; the execution ended ${outcome.execution.status}` : '';
  return `${what}${next}${again}${ended}  (${typedMachine(task)}, ${typedName(task.execution.executionArn)})`;
}

/** The last line of many answers; its numbers add up to `asked`. */
export function countsLine(counts: AnswerCounts): string {
  const parts = [
    `${counts.answered} of ${counts.asked} answered`,
    counts.unproven > 0 ? `${counts.unproven} sent but not proven` : '',
    counts.refused > 0 ? `${counts.refused} not answered` : '',
    counts.left > 0 ? `${counts.left} not begun` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
