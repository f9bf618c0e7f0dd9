import { rest } from '../../ports/retry.js';

/** So much lost time is made up for: a timer that comes late must not slow the whole down. */
const slack = 50;

/** Lets callers through at `rate` a second, one after the other. */
export function atRate(
  rate: number,
  around: Parameters<typeof rest>[0] & { clock: { now(): number } },
): () => Promise<void> {
  let due = around.clock.now();
  return async () => {
    const now = around.clock.now();
    const mine = Math.max(due, now - slack);
    due = mine + 1000 / rate;
    if (mine > now) await rest(around, mine - now);
  };
}
