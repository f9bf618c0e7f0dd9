import { expect, it } from 'vitest';
import { createFollowPace } from '../../../src/operations/pace/follow-pace.js';

it('what moves is looked at soon again, what is silent ever less often', () => {
  let now = 1_000_000;
  const pace = createFollowPace({ now: () => now }, 2_000);
  const pauses = (count: number): number[] =>
    Array.from({ length: count }, () => {
      const pause = pace.pause(false);
      now += pause;
      return pause;
    });
  const slowing = [250, 500, 1_000, 2_000, 2_000];
  expect(pauses(5)).toEqual(slowing);
  expect(pace.pause(true)).toBe(250);
  expect(pauses(4)).toEqual(slowing.slice(1));
  // A minute: 5.5 s have gone, and 28 more looks at two seconds.
  expect(pauses(28)).toEqual(Array.from({ length: 28 }, () => 2_000));
  expect(pauses(3)).toEqual([10_000, 10_000, 10_000]);
  expect(pace.pause(true)).toBe(250);
});

it('is no slower than is asked for', () => {
  expect(createFollowPace({ now: () => 0 }, 10).pause(true)).toBe(10);
});

it('a day of silence takes few calls', () => {
  let now = 0;
  const pace = createFollowPace({ now: () => now }, 2_000);
  let looks = 0;
  for (; now < 24 * 3_600_000; looks++) now += pace.pause(false);
  // Every two seconds it would be 43,200.
  expect(looks).toBeLessThan(8_700);
});
