import type { ExplainedMapRun } from '../../operations/follow/explain-map-runs.js';
import type { MapRunDescription } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { Change, ExecutionModel } from '../../workflow/history/execution-model.js';
import { iso } from '../execution/show-document.js';
import { runReasons } from '../states/item-reasons.js';
import { mapRunProgress, progressNotes } from '../states/map-progress.js';
import { reasonGroupDocument } from '../states/reason-groups.js';
import { waitNote } from '../states/state-rows.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/safe-text.js';
import { type Zone, zonedTime } from '../text/time.js';

/**
 * A change as one line of a log. Undefined for what only swells it: ordinary steps inside the iterations of a
 * Map, whose progress is told by its counts. `label` names the execution where several are followed; `output`: what it
 * ended with.
 */
export function changeLine(change: Change, zone: Zone, label = '', output?: string): string | undefined {
  const text = textOf(change);
  const end = output === undefined ? '' : `: ${shortOutput(output)}`;
  return text === undefined ? undefined : `${stamp(change.at, zone, label)}${text}${end}`;
}

/** What an execution ended with, below the screen that showed it. */
export function endLines({ output, failure, status }: ExecutionModel): string[] {
  if (output !== undefined) return [`  output  ${shortOutput(output)}`];
  if (failure?.error === undefined || status === 'RUNNING') return [];
  const { message } = decodeFailure(failure.error, failure.cause);
  return [`  error   ${oneLine(failure.error)}${message === failure.error ? '' : `: ${oneLine(message)}`}`];
}

/** The whole of it stands in `show -o json`. */
function shortOutput(output: string): string {
  const characters = [...oneLine(output.slice(0, 2 * mostOutput))];
  return characters.length > mostOutput
    ? `${characters.slice(0, mostOutput).join('')}…`
    : characters.join('');
}
const mostOutput = 1_000;

/** The counts of a map run as one line. `now`: epoch milliseconds. */
export function mapRunLine(
  run: MapRunDescription,
  stateName: string,
  now: number,
  zone: Zone,
  label = '',
): string {
  return `${stamp(now, zone, label)}${oneLine(stateName)}  ${progressNotes(mapRunProgress(run, now)).join('  ')}`;
}

/** Why executions of a map run failed, a line for each reason. `now`: epoch milliseconds. */
export const mapRunReasonLines = (
  run: ExplainedMapRun,
  stateName: string,
  now: number,
  zone: Zone,
  label = '',
): string[] =>
  runReasons(run).map(
    ({ what, reason }) => `${stamp(now, zone, label)}${oneLine(stateName)}  ${what}: ${oneLine(reason)}`,
  );

/** The same as one JSON object. */
export const mapRunReasonDocument = (
  { executionArn, mapRunArn, why }: ExplainedMapRun,
  stateName: string,
  now: number,
): Record<string, unknown> => ({
  type: 'mapRunFailures',
  timestamp: iso(now),
  executionArn,
  stateName,
  mapRunArn,
  looked: why?.looked ?? 0,
  groups: (why?.groups ?? []).map((group) => reasonGroupDocument(group, (one) => one.executionArn)),
});

/** A change as one JSON object; times are ISO 8601. No ARN where a saved history does not say whose it is. */
export function changeDocument(executionArn: string | null, change: Change): Record<string, unknown> {
  const { at, type, ...rest } = change;
  return { type, timestamp: iso(at), executionArn, ...rest };
}

/** The counts of a map run as one JSON object. */
export function mapRunDocument(
  run: MapRunDescription,
  stateName: string,
  now: number,
): Record<string, unknown> {
  const { executionArn, mapRunArn, status, itemCounts } = run;
  return {
    type: 'mapRunCounts',
    timestamp: iso(now),
    executionArn,
    stateName,
    mapRunArn,
    status,
    itemCounts,
  };
}

const stamp = (at: number, zone: Zone, label: string): string =>
  `${zonedTime(at, zone)}  ${label && `${oneLine(label)}  `}`;

function textOf(change: Change): string | undefined {
  if (change.type === 'execution') return `execution  ${change.status}${because(change)}`;
  const name = oneLine(change.stateName);
  if (change.type === 'mapRun') return `${name}  map run ${change.status}${because(change)}`;
  const { status, iteration, attempt, took, requestId } = change;
  if (iteration !== undefined && (status === 'running' || status === 'succeeded')) return undefined;
  const where = iteration === undefined ? name : `${name}[${iteration}]`;
  switch (status) {
    case 'running':
      return `${where}  ${attempt === undefined ? 'entered' : `attempt ${attempt}`}`;
    case 'waiting':
      return `${where}  ${waitNote({ kind: 'token', requestId })}`;
    case 'failed':
      return `${where}  failed${attempt === undefined ? '' : `, attempt ${attempt}`}${because(change)}`;
    case 'aborted':
      return `${where}  aborted`;
    default:
      return `${where}  ${status}${took === undefined ? '' : ` after ${formatDuration(took)}`}${because(change)}`;
  }
}

function because({ error, cause }: { error?: string; cause?: string }): string {
  if (error === undefined && cause === undefined) return '';
  const { message, type } = decodeFailure(error, cause);
  return `: ${oneLine(message)}${type && type !== message ? ` (${oneLine(type)})` : ''}`;
}
