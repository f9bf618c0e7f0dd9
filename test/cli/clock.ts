import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../../src/world.js';

type Clock = World['clock'];

/** Time passes so many times as fast. */
export function fastClock(speed: number): Clock {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * speed,
    sleep: (milliseconds, signal) => sleep(milliseconds / speed, undefined, { signal }),
  };
}

/** Sleeping takes so many times less, and what is done takes its time: a busy machine runs into no limit of it. */
export function restlessClock(times: number): Clock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  return {
    now,
    async sleep(milliseconds, signal) {
      const until = now() + milliseconds;
      await sleep(milliseconds / times, undefined, { signal });
      ahead = Math.max(ahead, until - Date.now());
    },
  };
}

/** Once calm, each sleep takes its own time: whoever is told to stop gets as long as it is promised. */
export function calmAfter(clock: Clock): Clock & { calm(): void } {
  let calm = false;
  return {
    now: clock.now,
    sleep: (milliseconds, signal) =>
      calm ? sleep(milliseconds, undefined, { signal }) : clock.sleep(milliseconds, signal),
    calm() {
      calm = true;
    },
  };
}
