import { setTimeout as sleep } from 'node:timers/promises';
import { aborted } from '../../ports/aborted.js';
import type { Clock } from '../../ports/clock.js';

/** Milliseconds in which the target's changes are gathered. */
const GATHERED = 60;

/** A clock whose sleepers are woken when it rings, a moment later: what comes at once is read at once. */
export function createBell(clock: Clock) {
  const sleepers = new Set<() => void>();
  /** Rung while nobody slept: the next sleep is none. */
  let rung = false;
  const wait = async (milliseconds: number | undefined, signal?: AbortSignal): Promise<void> => {
    if (!rung) {
      const woken = new AbortController();
      const ending = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal;
      const wake = (): void => woken.abort();
      sleepers.add(wake);
      try {
        if (milliseconds === undefined) await aborted(ending);
        else await clock.sleep(milliseconds, ending);
      } catch (error) {
        if (!ending.aborted) throw error;
      } finally {
        sleepers.delete(wake);
      }
    }
    if (rung) await sleep(GATHERED, undefined, { signal }).catch(() => {});
    rung = false;
    signal?.throwIfAborted();
  };
  return {
    clock: { now: clock.now, sleep: wait } satisfies Clock,
    /** Until it rings, or so many milliseconds are over. */
    pause: (milliseconds: number | undefined, signal: AbortSignal): Promise<void> =>
      wait(milliseconds, signal).catch(() => {}),
    ring(): void {
      rung = true;
      for (const wake of sleepers) wake();
    },
  };
}
