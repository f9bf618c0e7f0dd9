import { expect, test } from 'vitest';
import { count, randomNumbers, seed } from './seed.js';
import { whole, zipsUnderFire } from './zip-under-fire.js';

const rounds = count(100, 5);

test(`ZIPs whose client or server is killed at ${rounds} random moments: nothing lost, nothing twice`, async () => {
  for await (const { how, exitCode, ...left } of zipsUnderFire(rounds, randomNumbers(seed))) {
    expect([0, 5], how).toContain(exitCode);
    expect(left, how).toEqual(whole);
  }
}, 3_600_000);
