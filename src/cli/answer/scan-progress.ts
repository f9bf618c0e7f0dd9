import type { ScanProgress } from '../../operations/pending/paused-search.js';
import { formatDuration } from '../../views/text/duration.js';
import type { Context } from '../shell/context.js';

/** `Reading 1,200 of 5,000 running executions, 3 min left`, at most ten times a second. */
export function scanProgress({ clock, err }: Context): (progress: ScanProgress) => void {
  const began = clock.now();
  let told = began;
  return ({ read, total }) => {
    const now = clock.now();
    if (now - told < 100 || read === 0) return;
    told = now;
    const left = ((now - began) / read) * (total - read);
    const count = (number: number): string => number.toLocaleString('en-US');
    err.progress(
      `Reading ${count(read)} of ${count(total)} running executions, ${formatDuration(left)} left`,
    );
  };
}
