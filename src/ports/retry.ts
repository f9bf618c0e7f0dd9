import { exitCodes, FlowError } from '../errors.js';
import type { Clock } from './clock.js';
import type { Wait, Waits } from './waits.js';

interface Patient {
  clock: Pick<Clock, 'sleep'>;
  signal?: AbortSignal;
  /** Absent: whoever calls shows what goes on. */
  waits?: Waits;
}

const pauses = [500, 1_000, 2_000, 5_000, 10_000];

/** Tries a call that may be repeated again while its service can't be reached or keeps throttling. */
export async function patiently<T>({ clock, signal, waits }: Patient, call: () => Promise<T>): Promise<T> {
  for (const wait of pauses) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode !== exitCodes.unreachable) throw error;
      const rest = (): Promise<void> => clock.sleep(wait, signal);
      await (waits ? waits.during(anotherTry(error), rest) : rest());
    }
  }
  return await call();
}

const anotherTry = ({ message }: FlowError): Wait => ({
  on: `another try: ${message}`,
  missing: 'it is tried a few times more',
});

/** Sleeps for so many milliseconds, or until `signal` fires. */
export async function rest({ clock, signal }: Patient, milliseconds: number): Promise<void> {
  await clock.sleep(milliseconds, signal).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
