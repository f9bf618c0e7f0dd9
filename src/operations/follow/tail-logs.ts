import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, failedWith } from '../../errors.js';
import type { LogEvent, LogsGateway } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { rest } from '../../ports/retry.js';
import { decodeLine, lineKey } from '../../workflow/logs/decode-line.js';
import { createExecutionLines } from '../../workflow/logs/execution-lines.js';
import { type Attribution, createAttribution } from '../../workflow/logs/invocation-lines.js';
import type { LogLine } from '../../workflow/logs/log-line.js';
import { createLogTail, type LogTail } from '../../workflow/logs/log-tail.js';
import { type LogSource, linesOfExecution } from './find-logs.js';

export interface TailOptions {
  sources: LogSource[];
  /** Only this execution's lines. */
  executionArn?: string;
  /**
   * The execution's events since the last call: they tell its functions' request ids, and its end. Without it (an
   * EXPRESS execution has no history) its vended lines tell them.
   */
  newEvents?(): Promise<HistoryEvent[]> | HistoryEvent[];
  /** Epoch milliseconds. */
  since: number;
  follow: boolean;
  signal: AbortSignal;
  clock: Clock;
  pollMilliseconds: number;
  onLines(lines: LogLine[]): void;
  onMissing(group: string): void;
  /** A call that failed may be any of so many: all are told. */
  onUnclear?(functionName: string, calls: number): void;
}

/** How long late lines of an ended execution are waited for. */
const LATE_MILLISECONDS = 5_000;

/** Reads the lines of all sources in the order of time; when following, until the execution's end or `signal`. */
export async function tailLogs(logs: LogsGateway, options: TailOptions): Promise<void> {
  const { executionArn, since, follow, signal } = options;
  const tail = createLogTail(since, executionArn !== undefined);
  const mine = executionArn === undefined ? undefined : createExecutionLines(executionArn);
  const missing = new Set<string>();
  const attribution = createAttribution();
  const read = async (): Promise<void> => {
    const found: LogLine[][] = [];
    for (const source of options.sources) {
      const lines = await readSource(logs, source, { tail, attribution }, executionArn, options.clock.now());
      if (lines) found.push(lines);
      // A function's group is there from its first call on.
      else if (!missing.has(source.group)) {
        missing.add(source.group);
        options.onMissing(source.group);
      }
    }
    const fresh = tail.take(found.flat(), options.clock.now());
    options.onLines(mine ? mine.take(fresh, await options.newEvents?.()) : fresh);
    for (const { functionName, calls } of mine?.unclear.splice(0) ?? [])
      options.onUnclear?.(functionName, calls);
  };
  await read();
  while (follow && !signal.aborted) {
    const last = mine?.ended === true;
    const pause = last ? Math.min(LATE_MILLISECONDS, 5 * options.pollMilliseconds) : options.pollMilliseconds;
    await rest(options, pause);
    if (signal.aborted) return;
    if (last) tail.rewind();
    await read();
    if (last) return;
  }
}

/** Undefined: there is no such log group. */
async function readSource(
  logs: LogsGateway,
  { group, kind }: LogSource,
  { tail, attribution }: { tail: LogTail; attribution: Attribution },
  executionArn: string | undefined,
  now: number,
): Promise<LogLine[] | undefined> {
  const filterPattern =
    kind === 'machine' && executionArn !== undefined ? linesOfExecution(executionArn) : undefined;
  const lines: LogLine[] = [];
  try {
    const startTime = tail.from(group, now);
    for await (const page of logs.filterPages({ logGroup: group, startTime, filterPattern })) {
      for (const event of page)
        lines.push(kind === 'function' ? attributed(event, attribution) : toLine(event));
    }
    return lines;
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return undefined;
    throw error;
  }
}

export function toLine({ logGroup, eventId, timestamp, message }: LogEvent): LogLine {
  const decoded = decodeLine(message);
  return { group: logGroup, key: lineKey(message, decoded, eventId), timestamp, message, decoded };
}

/** Between the START and the END of a request, a line is that request's. */
function attributed(event: LogEvent, attribution: Attribution): LogLine {
  const line = toLine(event);
  const requestId = attribution.requestOf(event);
  if (line.decoded.kind !== 'function' || requestId === undefined) return line;
  return { ...line, decoded: { ...line.decoded, requestId } };
}
