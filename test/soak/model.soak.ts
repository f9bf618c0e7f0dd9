import { expect, test } from 'vitest';
import { wrongWith } from '../model/check.js';
import { count, seed } from './seed.js';

test('random machines: the same history straight, on virtual time and killed between any two commits', async () => {
  const wrong: string[] = [];
  let kills = 0;
  for (let machine = 0; machine < count(150, 5); machine++) {
    const found = await wrongWith(seed * 1_000_000 + machine, count(1_000, 3));
    wrong.push(...found.wrong);
    kills += found.killed;
  }
  process.stdout.write(`${kills} kills\n`);
  expect(wrong).toEqual([]);
}, 3_600_000);
