// @ts-check
// Plain JavaScript, since JSONata's functions need it too.

const MASK = (1n << 48n) - 1n;
const MULTIPLIER = 0x5deece66dn;

/**
 * The numbers of `java.util.Random`, which is what AWS draws from where a seed is given.
 * @param {number} seed a whole number
 */
export function javaRandom(seed) {
  let state = (BigInt.asUintN(64, BigInt(seed)) ^ MULTIPLIER) & MASK;
  /** @param {number} bits */
  const next = (bits) => {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    return Number(BigInt.asIntN(32, state >> BigInt(48 - bits)));
  };
  return {
    /** In [0, 1). */
    double: () => (next(26) * 2 ** 27 + next(27)) / 2 ** 53,
    /**
     * In [0, bound).
     * @param {number} bound below 2^31
     */
    below(bound) {
      if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(next(31))) >> 31n);
      for (;;) {
        const bits = next(31);
        const value = bits % bound;
        // Numbers of the last, incomplete round would make the small ones likelier.
        if (bits - value + (bound - 1) < 2 ** 31) return value;
      }
    },
  };
}
