import { createHash } from 'node:crypto';
import { isObject, type Json, parsedJson } from '../../json/json.js';
import { type BatchReply, findReply } from './batch-reply.js';

/** How many rows went which way; they add up to `total`. */
export interface RowCounts {
  total: number;
  /** Stored. */
  succeeded: number;
  /** Refused, or lost with their batch. */
  failed: number;
  /** Handed on to a queue, and not known to be stored yet. */
  queued: number;
  /** Queued, and failed then. */
  failedLater: number;
  /** Queued, and in the dead-letter queue now. */
  deadLettered: number;
  unknown: number;
}

/**
 * A failed row by its line in the original file; or a batch of which only the range of lines is known. `fate`: it was
 * queued before.
 */
export type RowFailure = { fate?: 'failedLater' | 'deadLettered' } & (
  | { line: number; reason: string }
  | { firstLine?: number; lastLine?: number; failed: number; reason: string }
);

/** Where in the file it is, is known. */
export const isPlaced = (failure: RowFailure): boolean =>
  'line' in failure || failure.firstLine !== undefined;

/** A batch with failures, to be found again in the file. */
export interface FailedBatch {
  /** Digest of its rows (`digestOfRows`), or its place among the batches (`placeOf`). */
  mark: string;
  failed: number;
  /** Index in the file of the first of them, where all rows from there on failed. */
  from?: number;
  /** By index in the batch; the rest of `failed` has `reason` only. */
  rows: FailedRow[];
  reason?: string;
  /** Whose log may tell of the rows that the reply does not name. */
  call?: FunctionCall;
  /** Rows that the function's log tells of, whichever batch they were in: why, by their digest (`digestOfRows`). */
  logged?: ReadonlyMap<string, string>;
}
export interface FailedRow {
  index: number;
  reason: string;
  /** Digest of the row (`digestOfRows`): surer than its index where both are told. */
  mark?: string;
}

/** A call of the function: by Lambda's request id, or by the child execution that made it. */
export interface FunctionCall {
  requestId?: string;
  executionArn?: string;
}

/** A child execution; `input` and `output` are JSON texts. */
interface Child {
  executionArn?: string;
  input: string;
  output?: string;
}

export const notTold = 'the function did not say which rows or why';

export const noRows: Readonly<RowCounts> = {
  total: 0,
  succeeded: 0,
  failed: 0,
  queued: 0,
  failedLater: 0,
  deadLettered: 0,
  unknown: 0,
};

/** Sums up what became of the batches; keeps only those with failures. */
export function createRowLedger(total: number) {
  const counts: RowCounts = { ...noRows, total };
  const batches: FailedBatch[] = [];
  const fail = (batch: FailedBatch): void => {
    counts.failed += batch.failed;
    batches.push(batch);
  };
  const take = (reply: BatchReply, queues: boolean, mark: () => string, call: FunctionCall): void => {
    counts[queues && !reply.failures ? 'queued' : 'succeeded'] += reply.succeededRows;
    const { failedRows: failed, failures: rows = [] } = reply;
    if (failed === 0) return;
    fail({ mark: mark(), failed, rows, ...(rows.length < failed && { reason: notTold, call }) });
  };
  return {
    /**
     * A child that succeeded.
     * @param queues what the function takes it hands on to a queue
     */
    succeeded(child: Child, queues: boolean): void {
      const { executionArn } = child;
      const output = parsedJson(child.output);
      const reply = findReply(output);
      const call = { executionArn, requestId: requestIdOf(output) };
      if (reply) take(reply, queues, () => digestOfRows(itemsOf(parsedJson(child.input))), call);
      else counts.unknown += itemsOf(parsedJson(child.input)).length;
    },
    /** The same where only the outputs are known, in the order of the batches. */
    succeededAt(index: number, output: Json): void {
      const reply = findReply(output);
      if (reply) take(reply, false, () => placeOf(index), { requestId: requestIdOf(output) });
    },
    /** A child that failed as a whole: none of its rows can be counted on. */
    failed({ input }: Child, reason: string): void {
      const items = itemsOf(parsedJson(input));
      fail({ mark: digestOfRows(items), failed: items.length, rows: [], reason });
    },
    /** Rows of which the number alone is known; `from`: they are the file's last, from this index on. */
    lost(rows: number, reason: string, from?: number): void {
      fail({ mark: '', failed: rows, rows: [], reason, from });
    },
    /** What no child has spoken for is unknown. */
    close(): { counts: RowCounts; batches: FailedBatch[] } {
      const known = counts.succeeded + counts.failed + counts.queued + counts.unknown;
      counts.unknown += Math.max(0, total - known);
      return { counts, batches };
    },
  };
}
export type RowLedger = ReturnType<typeof createRowLedger>;

/** Lambda's, in the answer of `lambda:invoke` as Step Functions passes it on. */
function requestIdOf(output: Json | undefined): string | undefined {
  const metadata = isObject(output) ? output.SdkResponseMetadata : undefined;
  const id = isObject(metadata) ? metadata.RequestId : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The rows in a child's input: `Items` of a batch, or the one row that it is. */
export function itemsOf(input: Json | undefined): Json[] {
  if (isObject(input) && Array.isArray(input.Items)) return input.Items;
  return input === undefined ? [] : [input];
}

export const placeOf = (index: number): string => `#${index}`;

/** The same for the same rows, in whatever order their columns stand. */
export function digestOfRows(items: Json[]): string {
  const hash = createHash('sha1');
  for (const item of items) hash.update(`${canonical(item)}\n`);
  return hash.digest('base64');
}

function canonical(item: Json): string {
  if (!isObject(item)) return JSON.stringify(item);
  return JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
