import { isObject, type Json } from '../../json/json.js';
import { parseOwn } from '../../json/lossless.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import type { IterationEnd } from './item-ledger.js';
import type { SubTaskState } from './task-record.js';

/**
 * What became of an item. `TIMED_OUT` and `ABORTED`: it was running when its execution ended, and whether its work was
 * done is not known. `NOT_RUN`: it never began.
 */
export type ItemStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'NOT_RUN';

export interface ItemResult {
  status: ItemStatus;
  output?: Json;
  error?: string;
  message?: string;
}

/** An execution over items that has ended, as far as items are concerned. */
export interface EndedItems {
  status: string;
  name: string;
  /** How many items it was given. */
  total: number;
  iterations: ReadonlyMap<number, IterationEnd>;
  /** The Map's own output, where that is the array of the items' outputs. */
  outputs?: Json[];
  /** The framework's records of the items, by index. */
  records?: ReadonlyMap<number, SubTaskState>;
}

/** Result of each item, in order: from the records, else from the outputs, else from the history. */
export function itemResults(ended: EndedItems): ItemResult[] {
  const failed = [...ended.iterations].find(([, { how }]) => how === 'failed')?.[0];
  return Array.from({ length: ended.total }, (_, index) => {
    const iteration = ended.iterations.get(index);
    const own = ended.outputs
      ? fromOutput(ended.outputs[index] ?? null)
      : fromIteration(iteration, ended, failed);
    const record = ended.records?.get(index);
    return record && own.status !== 'NOT_RUN' ? fromRecord(record, own) : own;
  });
}

function fromIteration(
  iteration: IterationEnd | undefined,
  { status, name }: EndedItems,
  failed: number | undefined,
): ItemResult {
  if (!iteration)
    return { status: 'NOT_RUN', message: `never ran: its execution ${name} ended ${status} before` };
  const { how, output, error, cause } = iteration;
  if (how === 'succeeded')
    return output === undefined ? { status: 'SUCCEEDED' } : fromOutput(parseOwn(output));
  if (how === 'failed') return failure(error, cause);
  const when =
    status === 'FAILED' && failed !== undefined
      ? 'another item made the execution fail'
      : `its execution ended ${status}`;
  return {
    status: status === 'TIMED_OUT' ? 'TIMED_OUT' : 'ABORTED',
    message: `was running when ${when}: whether its work was done is not known`,
  };
}

function fromOutput(output: Json): ItemResult {
  if (output === null)
    return {
      status: 'FAILED',
      output,
      error: 'NullOutput',
      message: 'the function swallowed its error (null output)',
    };
  const caught = caughtIn(output);
  return caught ? { ...failure(caught.error, caught.cause), output } : { status: 'SUCCEEDED', output };
}

/** What a Catch makes of an error, and what the framework's steps answer in place of throwing one. */
function caughtIn(output: Json): { error: string; cause: string } | undefined {
  if (!isObject(output)) return undefined;
  const [error, cause] = [output.Error ?? output.error, output.Cause ?? output.cause];
  return typeof error === 'string' && typeof cause === 'string' && error !== ''
    ? { error, cause }
    : undefined;
}

function failure(error: string | undefined, cause: string | undefined): ItemResult {
  const { type, message } = decodeFailure(error, cause);
  return { status: 'FAILED', error: type ?? error ?? 'Error', message };
}

function fromRecord({ status, result, error }: SubTaskState, own: ItemResult): ItemResult {
  if (status === 'COMPLETED') return { status: 'SUCCEEDED', output: result ?? own.output ?? null };
  if (status !== 'FAILED') {
    if (own.error !== 'NullOutput') return own;
    return { ...own, message: `its record still says ${status}, and the function's output is null` };
  }
  const [, type = 'Error', message = error ?? 'its record says FAILED, and not why'] =
    /^(?:Uncaught )?([A-Za-z_$][\w$.]*): ([^\n]*)/.exec(error ?? '') ?? [];
  return { status: 'FAILED', ...(own.output !== undefined && { output: own.output }), error: type, message };
}

/** Of an item of an execution that still runs: it has no result yet. */
export const isOpen = ({ status }: Pick<ItemResult, 'status'>): boolean =>
  status === 'NOT_RUN' || status === 'ABORTED';

/** What never ran; and what was broken off because another item failed, which says nothing of it. */
export const runsFurther = ({ status }: Pick<ItemResult, 'status'>, executionStatus: string): boolean =>
  status === 'NOT_RUN' || (status === 'ABORTED' && executionStatus === 'FAILED');

export interface ItemCounts {
  total: number;
  succeeded: number;
  /** FAILED, TIMED_OUT and ABORTED. */
  failed: number;
  notRun: number;
}

export function countItems(results: Iterable<Pick<ItemResult, 'status'>>): ItemCounts {
  const counts = { total: 0, succeeded: 0, failed: 0, notRun: 0 };
  for (const { status } of results) {
    counts.total++;
    counts[status === 'SUCCEEDED' ? 'succeeded' : status === 'NOT_RUN' ? 'notRun' : 'failed']++;
  }
  return counts;
}
