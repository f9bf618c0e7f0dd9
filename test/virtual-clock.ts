/** Time that passes once everybody waits for it, and nobody for the disk (`busy`). */
export function virtualClock(busy = () => false) {
  let now = Date.UTC(2026, 10, 24);
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(signal?.reason);
        signal?.addEventListener('abort', stop);
        const wake = (): void => {
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        sleepers.push({ at: now + milliseconds, wake });
      }),
    async pass(until: number): Promise<void> {
      while (now < until) {
        do await new Promise((resolve) => setImmediate(resolve));
        while (busy());
        const next = Math.min(until, ...sleepers.map(({ at }) => at));
        now = next;
        for (const { wake } of sleepers.filter(({ at }) => at <= now)) wake();
        sleepers = sleepers.filter(({ at }) => at > now);
      }
    },
  };
}
