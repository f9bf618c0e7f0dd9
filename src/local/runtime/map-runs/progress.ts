import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import type { ExecutionRow } from '../execution-tables.js';
import type { Cursor } from '../items/source.js';

export interface Counts {
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
}

/** How far a map run has come. Written with each dispatch and each child's end, so it is true after a crash. */
export interface MapRunProgress {
  /** Where reading goes on; absent: at the first item. */
  cursor?: Cursor;
  /** Reading came to the end of the items, and a child has each of them. */
  readAll: boolean;
  /** Children and items given out so far. */
  children: number;
  items: number;
  ended: { children: Counts; items: Counts };
  /** Items in all, once they were counted. */
  total?: number;
  /** Of a redrive: what failed before, and has not begun again yet. */
  pendingRedrive?: Amount;
  /** The last redrive, and how many children there were when it began. */
  redrive?: { count: number; date: number; children: number };
  /** What failed and cannot be redriven; it is among the ended. */
  notRedrivable?: Amount;
}

export interface Amount {
  children: number;
  items: number;
}

const nothing: Amount = { children: 0, items: 0 };
export const pendingRedrive = (progress: MapRunProgress): Amount => progress.pendingRedrive ?? nothing;

const noCounts = (): Counts => ({ succeeded: 0, failed: 0, timedOut: 0, aborted: 0 });

export const sum = (counts: Counts): number =>
  counts.succeeded + counts.failed + counts.timedOut + counts.aborted;

export const noProgress = (): MapRunProgress => ({
  readAll: false,
  children: 0,
  items: 0,
  ended: { children: noCounts(), items: noCounts() },
});

const outcomes = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const;

/** Counts a child that has ended, with all of its items. */
export function countEnd(progress: MapRunProgress, child: Pick<ExecutionRow, 'status' | 'item_count'>): void {
  const outcome = outcomes[child.status as keyof typeof outcomes];
  progress.ended.children[outcome] += 1;
  progress.ended.items[outcome] += child.item_count ?? 1;
}

/** Tolerance is of items, by count or by percentage; the latter is known once all were read. */
export function exceedsTolerance(
  { ended, items, readAll }: MapRunProgress,
  { toleratedFailureCount: count, toleratedFailurePercentage: percentage }: MapRunSpec,
): boolean {
  const lost = ended.items.failed + ended.items.timedOut;
  if (percentage > 0 && readAll && (lost * 100) / Math.max(items, 1) > percentage) return true;
  return (count > 0 || percentage === 0) && lost > count;
}

/** A child that failed has begun again. */
export function countRedrive(progress: MapRunProgress, child: ExecutionRow): void {
  const { children, items } = pendingRedrive(progress);
  progress.pendingRedrive = { children: children - 1, items: items - (child.item_count ?? 1) };
}

/** What still waited for its redrive when the map run ended counts as aborted. */
export function countAbortedRedrives(progress: MapRunProgress): void {
  const { children, items } = pendingRedrive(progress);
  progress.ended.children.aborted += children;
  progress.ended.items.aborted += items;
  progress.pendingRedrive = undefined;
}
