/** The seed of this run; the same seed replays the same choices. */
export const seed = Number(process.env.MBC_FLOW_SEED ?? 1);

/** How much a suite does: its full numbers, or in CI a part of them. */
export const count = (full: number, sample: number): number =>
  process.env.MBC_FLOW_SAMPLE === 'true' ? sample : full;

/** A generator of numbers in [0, 1) that a seed fixes (mulberry32). */
export function randomNumbers(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
