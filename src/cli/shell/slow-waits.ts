import type { Clock } from '../../ports/clock.js';
import type { Wait, Waits } from '../../ports/waits.js';

/** After so many milliseconds a wait is reported, */
const SAID_AFTER = 2_000;
/** then what may be missing, */
const EXPLAINED_AFTER = 15_000;
/** then every minute; a recurring wait is reported no more often either. */
const REPEATED_AFTER = 60_000;
/** A wait that began so soon after another one, and lasts, is the reason of that other. */
const SAME_MOMENT = 1_000;

interface Voice {
  clock: Clock;
  /** When something was last shown to the user. */
  lastShown(): number;
  tell(text: string): void;
}

export interface ToldWaits extends Waits {
  /** Whatever draws the screen says it there; returns how to go back. */
  through(tell: (text: string) => void): () => void;
}

export function createWaits({ clock, lastShown, tell }: Voice): ToldWaits {
  const open: { wait: Wait; began: number }[] = [];
  const saidAt = new Map<string, number>();
  let say = tell;
  let said = Number.NEGATIVE_INFINITY;
  /** Until so late, and until nothing was shown for so long that one wonders. */
  const silence = async (due: number, signal: AbortSignal): Promise<void> => {
    for (let at = due; at > clock.now(); at = Math.max(due, lastShown() + SAID_AFTER, said + SAID_AFTER)) {
      await clock.sleep(at - clock.now(), signal);
      if (clock.now() < at - SAID_AFTER / 2) throw new Error('a clock on which time does not pass');
    }
  };
  const hasReason = (one: { wait: Wait; began: number }): boolean =>
    open.slice(open.indexOf(one) + 1).some(({ began }) => began - one.began < SAME_MOMENT);
  const watch = async (one: { wait: Wait; began: number }, signal: AbortSignal): Promise<void> => {
    const { wait, began } = one;
    for (let after = SAID_AFTER; ; ) {
      await silence(began + after, signal);
      const explained = after >= EXPLAINED_AFTER;
      const before = saidAt.get(wait.on) ?? Number.NEGATIVE_INFINITY;
      if (!hasReason(one) && (explained || clock.now() - before >= REPEATED_AFTER)) {
        said = clock.now();
        saidAt.set(wait.on, said);
        const since = new Date(began).toTimeString().slice(0, 8);
        say(
          explained
            ? `Still waiting for ${wait.on}, since ${since}: ${wait.missing}`
            : `Waiting for ${wait.on}, since ${since}`,
        );
      }
      after = after < EXPLAINED_AFTER ? EXPLAINED_AFTER : after + REPEATED_AFTER;
    }
  };
  return {
    async during(wait, work) {
      const over = new AbortController();
      const one = { wait, began: clock.now() };
      open.push(one);
      watch(one, over.signal).catch(() => {});
      try {
        return await work();
      } finally {
        over.abort();
        open.splice(open.indexOf(one), 1);
      }
    },
    through(other) {
      say = other;
      return () => {
        say = tell;
      };
    },
  };
}
