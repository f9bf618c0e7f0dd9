import type { Clock } from '../../ports/clock.js';

/** Between two looks: each may read every running execution. */
const PAUSE = 10_000;

/** Looks again and again, until `signal` fires. */
export async function* lookAgain<T>(
  look: () => Promise<T>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): AsyncGenerator<T> {
  for (;;) {
    const began = clock.now();
    yield await look();
    // A large account takes longer to read than the pause: it gets as long again.
    await clock.sleep(Math.max(PAUSE, clock.now() - began), signal);
  }
}
