import { expect, test } from 'vitest';
import { systemClock } from '../../src/local/clock.js';

test('no callback comes before its time', async () => {
  const early: number[] = [];
  const waits = Array.from({ length: 200 }, (_, n) => {
    const at = systemClock.now() + (n % 40);
    return new Promise<void>((resolve) => {
      systemClock.at(at, () => {
        if (systemClock.now() < at) early.push(n);
        resolve();
      });
    });
  });
  // The clock's own timers do not keep a process alive; the test has to.
  const alive = setInterval(() => {}, 1_000);
  await Promise.all(waits);
  clearInterval(alive);
  expect(early).toEqual([]);
});

test('what was cancelled never comes', async () => {
  let called = false;
  systemClock.at(systemClock.now() + 5, () => (called = true))();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(called).toBe(false);
});
