import { batchErrors, batchErrorWords } from '../../../framework/import/batch-errors.js';
import { digestOfRows } from '../../../framework/import/row-ledger.js';
import type { Json } from '../../../json/json.js';
import type { Gateways, LogEvent } from '../../../ports/aws.js';
import { decodeLine } from '../../../workflow/logs/decode-line.js';

/** A queued row that could not be published. */
export interface RowError {
  data: Json;
  /** Why, the last time that it was tried. */
  reason: string;
  /** How often in a row it failed so. */
  times: number;
}

export interface QueueErrors {
  /** Those that are not over. */
  errors: RowError[];
  /** How many messages they are of. */
  messages: number;
}

/** Lines that are read: an app that fails with every message fails the same again. */
const mostLines = 2_000;
/** The framework's line before the error of a message: it has the message, and so the job that it is of. */
const payloadWords = 'Event Payload: ';

/**
 * Reads the errors of an import's queued rows from the logs of the functions that take them. A message that failed comes
 * again, whole: an error counts by how many deliveries told it, and is over when a later one of its message does not.
 */
export async function readQueueErrors(
  { logs }: Pick<Gateways, 'logs'>,
  groups: Iterable<string>,
  { jobId, since }: { jobId: string; since: number },
): Promise<QueueErrors> {
  const deliveries = new Map<string, Told>();
  const filterPattern = `?"${batchErrorWords}" ?"${payloadWords}"`;
  let lines = 0;
  for (const logGroup of groups) {
    const read = createReader(jobId, deliveries);
    pages: for await (const page of logs.filterPages({ logGroup, startTime: since, filterPattern })) {
      for (const event of page) {
        if (++lines > mostLines) break pages;
        read(event);
      }
    }
  }
  return lasting([...deliveries.values()]);
}

type Told = Map<string, { data: Json; reason: string; count: number }>;

/** A stream holds one invocation after the other: what stands before an error in it tells whose it is. */
function createReader(jobId: string, deliveries: Map<string, Told>) {
  const payloads = new Map<string, string>();
  return ({ message, logStream }: LogEvent): void => {
    if (message.includes(payloadWords)) payloads.set(logStream, message);
    // The runtime's own line has the request's id in every log format; the app's may have none.
    const requestId = runtimeRequestId(message);
    if (requestId === undefined || !message.includes(batchErrorWords) || deliveries.has(requestId)) return;
    const errors = batchErrors(message);
    if (errors.length === 0) return;
    const payload = message.includes(payloadWords) ? message : payloads.get(logStream);
    if (payload?.includes('sourceId') && !payload.includes(jobId)) return;
    const told: Told = new Map();
    for (const { data, reason } of errors) {
      const key = digestOfRows([data]);
      told.set(key, { data, reason, count: (told.get(key)?.count ?? 0) + 1 });
    }
    deliveries.set(requestId, told);
  };
}

/** Of Lambda's own form of a line: time, request id, level; or an object that says it. */
function runtimeRequestId(message: string): string | undefined {
  const [, tabbed] = /^\S+\t([\w-]{36})\t/.exec(message) ?? [];
  if (tabbed !== undefined) return tabbed;
  const decoded = message.trimStart().startsWith('{') ? decodeLine(message) : undefined;
  return decoded?.kind === 'function' ? decoded.requestId : undefined;
}

/** @param deliveries in the order of time; those of one message share at least one row that fails again */
function lasting(deliveries: Told[]): QueueErrors {
  const messages: Map<string, RowError & { count: number }>[] = [];
  for (const told of deliveries) {
    const before = messages.find((rows) => [...told.keys()].some((key) => rows.has(key)));
    const rows = new Map<string, RowError & { count: number }>();
    for (const [key, { data, reason, count }] of told) {
      const former = before?.get(key);
      rows.set(key, { data, reason, count, times: former?.reason === reason ? former.times + 1 : 1 });
    }
    if (before) messages.splice(messages.indexOf(before), 1);
    messages.push(rows);
  }
  const errors = messages
    .flatMap((rows) => [...rows.values()])
    .flatMap(({ count, ...error }) => Array.from({ length: count }, () => error));
  return { errors, messages: messages.length };
}
