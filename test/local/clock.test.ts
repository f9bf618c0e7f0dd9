import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, type RealTime, steadyTime } from '../../src/local/clock.js';
import { TimerQueue } from '../../src/local/timer-queue.js';

const systemClock = createClock();

/** Real time that stands still until `pass` lets it go by. */
function simulatedTime(start = 1_000_000) {
  let now = start;
  const timers = new TimerQueue();
  let ready: (() => void)[] = [];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 50 || ready.length > 0; round++) {
      await Promise.resolve();
      const callbacks = ready;
      ready = [];
      for (const callback of callbacks) callback();
    }
  };
  const real: RealTime = {
    now: () => now,
    after(milliseconds, callback) {
      const timer = timers.add(now + milliseconds, callback);
      return () => timers.remove(timer);
    },
    soon: (callback) => ready.push(callback),
  };
  return {
    real,
    settle,
    async pass(milliseconds: number) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const first = timers.first();
        if (!first || first.at > end) break;
        now = Math.max(now, first.at);
        timers.remove(first);
        first.callback();
      }
      now = end;
      await settle();
    },
  };
}

const day = 86_400_000;

test('at scale 0 all waiting passes at once, in the order in which it falls due', async () => {
  const { real, settle } = simulatedTime();
  const clock = createClock({ scale: 0, real });
  const start = clock.now();
  const seen: [string, number][] = [];
  const note = (name: string) => seen.push([name, clock.now() - start]);
  clock.at(start + 7 * day, () => note('week'));
  clock.at(start + day, () => {
    note('day');
    clock.at(start + 2 * day, () => note('two days'));
  });
  clock.at(start + 7 * day, () => note('same week'));
  const cancel = clock.at(start + 1000, () => note('never'));
  cancel();
  await settle();
  expect(seen).toEqual([
    ['day', day],
    ['two days', 2 * day],
    ['week', 7 * day],
    ['same week', 7 * day],
  ]);
});

test('no time is skipped while work is under way or somebody outside may answer; it goes by as it really does', async () => {
  const { real, settle, pass } = simulatedTime();
  const clock = createClock({ scale: 0, real });
  const start = clock.now();
  const due: number[] = [];
  const work = clock.hold();
  const token = clock.hold('outside');
  clock.at(start + 3000, () => due.push(clock.now() - start));
  clock.at(start + day, () => due.push(clock.now() - start));
  await settle();
  expect(due).toEqual([]);
  work();
  work();
  await pass(2999);
  expect(due).toEqual([]);
  await pass(1);
  expect(due).toEqual([3000]);
  token();
  await settle();
  expect(due).toEqual([3000, day]);
});

test('advance goes past what waits for somebody outside, but not past work', async () => {
  const { real, settle } = simulatedTime();
  const clock = createClock({ scale: 1, real });
  const start = clock.now();
  const seen: string[] = [];
  clock.hold('outside');
  let finish: () => void = () => {};
  clock.at(start + day, () => {
    seen.push('day');
    finish = clock.hold();
  });
  clock.at(start + 2 * day, () => seen.push('two days'));
  clock.at(start + 3 * day, () => seen.push('three days'));
  let arrived = false;
  const advanced = clock.advance(start + 2.5 * day).then(() => (arrived = true));
  await settle();
  expect(seen).toEqual(['day']);
  finish();
  await settle();
  await advanced;
  expect(arrived).toBe(true);
  expect(seen).toEqual(['day', 'two days']);
  expect(clock.now() - start).toBe(2.5 * day);
  expect(clock.next()).toBe(start + 3 * day);
});

test('scale 0.1 is ten times as fast, but for work', async () => {
  const { real, pass } = simulatedTime();
  const clock = createClock({ scale: 0.1, real });
  const start = clock.now();
  const due: number[] = [];
  clock.at(start + 10_000, () => due.push(clock.now() - start));
  await pass(999);
  expect(due).toEqual([]);
  await pass(1);
  expect(due).toEqual([10_000]);
  const release = clock.hold();
  await pass(500);
  expect(clock.now() - start).toBe(10_500);
  release();
  await pass(500);
  expect(clock.now() - start).toBe(15_500);
});

test('a clock that begins with an announced offset never shows a time before one that was shown', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 0.001, 0.1, 0.3, 1, 2),
      fc.array(fc.record({ passes: fc.nat(5000), to: fc.nat(100_000) }), { maxLength: 20 }),
      (scale, moves) => {
        let realNow = 1_000_000;
        let offset = 0;
        const real: RealTime = { now: () => realNow, after: () => () => {}, soon: (callback) => callback() };
        const begin = () => createClock({ scale, offset, real, onOffset: (next) => (offset = next) });
        let clock = begin();
        let last = clock.now();
        for (const { passes, to } of moves) {
          realNow += passes;
          expect(clock.now()).toBeGreaterThanOrEqual(last);
          void clock.advance(clock.now() + to);
          last = clock.now();
          clock = begin();
          expect(clock.now()).toBeGreaterThanOrEqual(last);
        }
      },
    ),
  );
});

test('the queue gives timers by time, whatever was added and removed', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.nat(50), removed: fc.boolean() })), (entries) => {
      const queue = new TimerQueue();
      const timers = entries.map(({ at }) => queue.add(at, () => {}));
      entries.forEach(({ removed }, index) => {
        const timer = timers[index];
        if (removed && timer) queue.remove(timer);
      });
      const order: number[] = [];
      for (let first = queue.first(); first; first = queue.first()) {
        order.push(timers.indexOf(first));
        queue.remove(first);
      }
      const expected = entries
        .map(({ at, removed }, index) => ({ at, removed, index }))
        .filter(({ removed }) => !removed)
        .sort((a, b) => a.at - b.at || a.index - b.index);
      expect(order).toEqual(expected.map(({ index }) => index));
    }),
  );
});

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

test('a wall clock that is set back does not take time back, nor stop it; one that is ahead is followed', () => {
  let wall = 1_000_000;
  let steady = 50;
  const now = steadyTime(
    () => wall,
    () => steady,
  );
  const pass = (milliseconds: number, step = 0): number => {
    steady += milliseconds;
    wall += milliseconds + step;
    return now();
  };
  expect(pass(10)).toBe(1_000_010);
  expect(pass(3_000, -3_600_000)).toBe(1_003_010);
  expect(pass(5)).toBe(1_003_015);
  // The machine slept for two hours, which only the wall clock saw.
  expect(pass(0, 7_200_000)).toBe(wall);
});
