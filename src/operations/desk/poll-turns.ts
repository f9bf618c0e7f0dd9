/** Something that is looked at again and again. */
export interface Look {
  /** The same look in every moment. */
  key: string;
  /** Milliseconds between two of them, where there is time for it. */
  every: number;
  run(): Promise<void>;
}

/**
 * Whose turn it is: what has never been looked at, then what is overdue by the most of its own time, so that no look
 * starves another. Undefined, with the milliseconds until the next, where all are fresh.
 */
export interface Turns {
  next(looks: readonly Look[], now: number): { look: Look } | { rest: number };
  /** It is due at once. */
  hurry(key: string): void;
}

const LONGEST_REST = 1_000;
/** Of a look that was not asked for so long nothing is kept: each execution that is described is one. */
const FORGOTTEN = 900_000;

export function createTurns(): Turns {
  const lastAt = new Map<string, number>();
  return {
    next(looks, now) {
      let best: Look | undefined;
      let most = 1;
      let rest = LONGEST_REST;
      for (const look of looks) {
        const late = (now - (lastAt.get(look.key) ?? Number.NEGATIVE_INFINITY)) / look.every;
        if (late >= most && (late > most || !best)) [best, most] = [look, late];
        else rest = Math.min(rest, Math.max(1, (1 - late) * look.every));
      }
      if (!best) return { rest };
      // Set anew, the oldest ones are the first.
      lastAt.delete(best.key);
      lastAt.set(best.key, now);
      for (const [key, at] of lastAt) {
        if (now - at < FORGOTTEN) break;
        lastAt.delete(key);
      }
      return { look: best };
    },
    hurry: (key) => void lastAt.delete(key),
  };
}
