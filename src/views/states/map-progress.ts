import type { MapRunDescription } from '../../ports/aws.js';
import type { Iterations } from '../../workflow/history/execution-model.js';
import { formatDuration } from '../text/duration.js';

/** How far a Map has come, whether its items are counted by a map run or by the history itself. */
export interface MapProgress {
  total: number;
  succeeded: number;
  /** Failed, timed out and aborted. */
  failed: number;
  /** Of these. */
  aborted: number;
  running: number;
  /** In [0, 1]; 0 while the total is unknown. */
  ratio: number;
  /** Items a second since the start, once some are done. */
  rate?: number;
  /** Milliseconds that the rest takes at that rate. */
  left?: number;
}

/** Progress of a map run; `now` in epoch milliseconds stands for its end while it runs. */
export function mapRunProgress(run: MapRunDescription, now: number): MapProgress {
  const { total, succeeded, failed, timedOut, aborted, running } = run.itemCounts;
  const until = run.stopDate?.getTime() ?? now;
  const bad = { failed: failed + timedOut + aborted, aborted };
  const elapsed = until - run.startDate.getTime();
  return progress({ total, succeeded, ...bad, running }, elapsed, run.stopDate !== undefined);
}

/** Progress of an inline Map that was entered `elapsed` milliseconds ago, or took so long where it has ended. */
export function iterationProgress(iterations: Iterations, elapsed: number, ended: boolean): MapProgress {
  const { total, started, succeeded, failed, aborted } = iterations;
  const running = started - succeeded - failed - aborted;
  return progress({ total, succeeded, failed: failed + aborted, aborted, running }, elapsed, ended);
}

function progress(
  counts: Pick<MapProgress, 'total' | 'succeeded' | 'failed' | 'aborted' | 'running'>,
  elapsed: number,
  ended: boolean,
): MapProgress {
  const { total, succeeded, failed } = counts;
  const done = succeeded + failed;
  const shown: MapProgress = {
    ...counts,
    ratio: total > 0 ? Math.min(1, done / total) : 0,
  };
  if (done > 0 && elapsed > 0) {
    shown.rate = (done * 1000) / elapsed;
    if (done < total && !ended) shown.left = ((total - done) / shown.rate) * 1000;
  }
  return shown;
}

/** `45%  45,000/100,000  3 failed  1,200/s  46 s left`: the parts, each only where it says something. */
export function progressNotes(progress: MapProgress): string[] {
  const { total, succeeded, failed, aborted, ratio, rate, left } = progress;
  const notes = [`${Math.floor(ratio * 100)}%`, `${count(succeeded + failed)}/${count(total)}`];
  if (failed > aborted) notes.push(`${count(failed - aborted)} failed`);
  if (aborted > 0) notes.push(`${count(aborted)} aborted`);
  if (rate !== undefined) notes.push(`${rate >= 10 ? count(Math.round(rate)) : rate.toFixed(1)}/s`);
  if (left !== undefined) notes.push(`${formatDuration(left)} left`);
  return notes;
}

/** A bar of `columns` characters: `████░░░░`. */
export function bar(ratio: number, columns: number): string {
  const full = Math.floor(ratio * columns);
  return '█'.repeat(full) + '░'.repeat(Math.max(0, columns - full));
}

/** `100,000`; of whole numbers. (Intl takes 10 ms to do it.) */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
