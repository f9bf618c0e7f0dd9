/** Time that passes once everybody waits for it. */
export function virtualClock() {
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
        await new Promise((resolve) => setImmediate(resolve));
        const next = Math.min(until, ...sleepers.map(({ at }) => at));
        now = next;
        for (const { wake } of sleepers.filter(({ at }) => at <= now)) wake();
        sleepers = sleepers.filter(({ at }) => at > now);
      }
    },
  };
}
