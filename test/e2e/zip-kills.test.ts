import { expect, test } from 'vitest';
import { randomNumbers } from '../soak/seed.js';
import { whole, zipsUnderFire } from '../soak/zip-under-fire.js';

test('the client or the server of a ZIP’s import is killed: the same line again, nothing lost, nothing twice', async () => {
  for await (const { how, exitCode, ...left } of zipsUnderFire(3, randomNumbers(18))) {
    expect([0, 5], how).toContain(exitCode);
    expect(left, how).toEqual(whole);
  }
});
