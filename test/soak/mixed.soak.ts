import { expect, test } from 'vitest';
import { mixedUnderFire } from './mixed-under-fire.js';
import { count, randomNumbers, seed } from './seed.js';

test('of a mixed load on a server that is killed again and again, nothing acknowledged is lost or done twice', async () => {
  const outcome = await mixedUnderFire(count(200, 4), randomNumbers(seed));
  expect(outcome.wrong).toEqual([]);
  expect(outcome.started).toBe(outcome.kills * 3);
}, 1_800_000);
