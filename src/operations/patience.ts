import { exitCodes, FlowError } from '../errors.js';

interface Patient {
  clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
}

const waits = [500, 1_000, 2_000, 5_000, 10_000];

/** Tries a call that may be repeated again while its service can't be reached or keeps throttling. */
export async function patiently<T>({ clock, signal }: Patient, call: () => Promise<T>): Promise<T> {
  for (const wait of waits) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode !== exitCodes.unreachable) throw error;
      await clock.sleep(wait, signal);
    }
  }
  return await call();
}

/** Sleeps for so many milliseconds, or until `signal` fires. */
export async function rest({ clock, signal }: Patient, milliseconds: number): Promise<void> {
  await clock.sleep(milliseconds, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
