import { exitCodes, FlowError } from '../../../errors.js';
import type { ImportMachine } from '../../../framework/import/machine.js';
import type { RowCounts, RowFailure } from '../../../framework/import/row-ledger.js';
import type { CheckedFile } from '../check-file.js';
import { logGroupsOf } from '../late-log-lines.js';
import { followQueued, type QueuedFates, type QueuedSurroundings, queuedNow } from './follow-queued.js';
import { inFileOrder, locateLate } from './locate-late-failures.js';

/** How far rows are followed: to the framework's queue, or to the end. */
export type Until = 'queued' | 'stored';

/** What following rows to their end needs to know of a target. */
export interface WayToStored {
  commandMachineArn: string;
  /** URL of the queue of rows. */
  queue?: string;
}

/** How far the rows of an import are followed. `why`: why not to the end. */
export type Following =
  | { until: 'stored'; way: WayToStored; told: boolean }
  | { until: 'queued'; why?: string };

export interface Accounted {
  counts: RowCounts;
  failures: RowFailure[];
  until: Until;
  /** Why queued rows were not followed to their end. */
  why?: string;
}

interface Order {
  file: CheckedFile;
  machine: ImportMachine;
  jobId: string | undefined;
  /** Epoch milliseconds: when the execution started. */
  since: number;
}

/**
 * Follows the queued ones of the rows to their end. What can't be read ends it at the queue, unless the end was asked for.
 * @param once looks only, and waits for nothing
 */
export async function rowsToEnd(
  accounted: { counts: RowCounts; failures: RowFailure[] },
  { file, machine, jobId, since }: Order,
  following: Following,
  around: QueuedSurroundings & { once?: boolean },
): Promise<Accounted> {
  const { counts, failures } = accounted;
  if (following.until === 'queued') return { ...accounted, until: 'queued', why: following.why };
  if (counts.queued === 0) return { ...accounted, until: 'stored' };
  if (jobId === undefined)
    return { ...accounted, until: 'queued', why: 'without a job record its commands cannot be identified' };
  try {
    const { gateways } = around;
    const logGroups = await logGroupsOf(gateways, machine);
    const rows = { jobId, count: counts.queued, since: since - 60_000, logGroups, ...following.way };
    const fates = await (around.once ? queuedNow : followQueued)(rows, around);
    const late = await locateLate(file, machine.reader, fates.failures);
    return {
      counts: withFates(counts, fates),
      failures: inFileOrder([...failures, ...late]),
      until: 'stored',
    };
  } catch (error) {
    if (!(error instanceof FlowError) || following.told || !isOutOfReach(error)) throw error;
    return { ...accounted, until: 'queued', why: error.message };
  }
}

/** Who may import need not be allowed to read tables and queues. */
const isOutOfReach = ({ exitCode }: FlowError): boolean =>
  exitCode === exitCodes.denied || exitCode === exitCodes.notFound;

function withFates(counts: RowCounts, { stored, queued, failures }: QueuedFates): RowCounts {
  const dead = failures.filter(({ fate }) => fate === 'deadLettered').length;
  return {
    ...counts,
    // A command may be published twice: no more rows are stored than were queued.
    succeeded: counts.succeeded + Math.min(stored, counts.queued - failures.length - queued),
    queued,
    failedLater: failures.length - dead,
    deadLettered: dead,
  };
}
