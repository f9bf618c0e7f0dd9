/** Time of the local server: real by default; tests and `--time-scale` bring their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once `at` (epoch milliseconds) has come; returns a function that cancels. */
  at(at: number, callback: () => void): () => void;
}

/** setTimeout overflows past 2^31 ms, so longer waits are taken in steps. */
const LONGEST_TIMEOUT = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, callback) {
    let timer: NodeJS.Timeout;
    // Checked again when it fires: timers are cut at the longest, and may be a millisecond early.
    const arm = (): void => {
      const left = at - Date.now();
      timer = setTimeout(
        () => (Date.now() < at ? arm() : callback()),
        Math.min(Math.max(left, 0), LONGEST_TIMEOUT),
      );
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
