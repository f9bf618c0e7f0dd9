import { type Percentiles, percentilesOf } from '../../../workflow/statistics/percentiles.js';
import { successRate } from '../../../workflow/statistics/success-rate.js';
import type { ExecutionRow } from '../../api.js';

/** What executions of the list come to. */
export interface Tally {
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  /** Of those that ended. */
  rate: number | undefined;
  /** Milliseconds, of those that succeeded. */
  took: Percentiles | undefined;
}

const ways = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const;

const wayOf = (status: string) =>
  Object.hasOwn(ways, status) ? ways[status as keyof typeof ways] : undefined;

export function tallyOf(rows: Iterable<ExecutionRow>): Tally {
  const counts = { running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  const durations: number[] = [];
  for (const { status, startDate, stopDate } of rows) {
    const way = wayOf(status);
    if (way) counts[way]++;
    if (status === 'SUCCEEDED' && stopDate !== null)
      durations.push(Date.parse(stopDate) - Date.parse(startDate));
  }
  return { ...counts, rate: successRate(counts), took: percentilesOf(durations) };
}

/** A part of the time, and what was started in it, by how it stands. */
export interface Bucket extends Omit<Tally, 'rate' | 'took'> {
  from: number;
  to: number;
}

/** @param end the last bucket's end, epoch milliseconds */
export function bucketsOf(rows: Iterable<ExecutionRow>, end: number, width: number, count: number): Bucket[] {
  const start = end - count * width;
  const buckets = Array.from({ length: count }, (_, index): Bucket => {
    const from = start + index * width;
    return { from, to: from + width, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  });
  for (const { status, startDate } of rows) {
    const bucket = buckets[Math.floor((Date.parse(startDate) - start) / width)];
    const way = wayOf(status);
    if (bucket && way) bucket[way]++;
  }
  return buckets;
}

export const sumOf = ({ running, succeeded, failed, timedOut, aborted }: Bucket): number =>
  running + succeeded + failed + timedOut + aborted;
