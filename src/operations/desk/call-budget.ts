import type { Clock } from '../../ports/clock.js';
import type { Limiter } from '../../ports/limiter.js';

const MINUTE = 60_000;
/** Of a minute's calls, so many at once when the desk is opened; from then on one after the other. */
const BURST = 0.5;

/** What all calls of a desk go through, so that it takes little of what an account shares. */
export interface Pace {
  /** Calls that nobody waits for: their turn comes when the minute has room for them. */
  background: Limiter;
  /** Calls that somebody asked for by a key: made at once, and counted. */
  foreground: Limiter;
  /** Calls of the last minute. */
  calls(): number;
  /** Epoch milliseconds; when the service last said that it was too much. */
  throttledAt(): number | undefined;
}

/** @param mostPerMinute calls of both kinds; those that somebody asked for may exceed it */
export function createPace(clock: Clock, signal: AbortSignal, mostPerMinute = 50): Pace {
  let made: number[] = [];
  let throttledAt: number | undefined;
  let lastInBackground = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();
  const recent = (): number[] => {
    const since = clock.now() - MINUTE;
    if ((made[0] ?? since) < since) made = made.filter((at) => at >= since);
    return made;
  };
  const throttled = (): void => {
    throttledAt = clock.now();
  };
  /** Milliseconds until the minute has room. */
  const pause = (): number => {
    const calls = recent();
    const now = clock.now();
    if (calls.length < mostPerMinute * BURST) return 0;
    const full = calls.length < mostPerMinute ? now : (calls.at(-mostPerMinute) ?? now) + MINUTE + 1;
    return Math.max(full, lastInBackground + MINUTE / mostPerMinute) - now;
  };
  const waitForTurn = async (): Promise<void> => {
    for (let left = pause(); left > 0; left = pause()) await clock.sleep(left, signal);
    lastInBackground = clock.now();
    made.push(lastInBackground);
  };
  return {
    background: {
      take() {
        turn = turn.catch(() => {}).then(waitForTurn);
        return turn;
      },
      throttled,
    },
    foreground: {
      async take() {
        made.push(clock.now());
      },
      throttled,
    },
    calls: () => recent().length,
    throttledAt: () => throttledAt,
  };
}
