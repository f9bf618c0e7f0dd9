import { expect, test } from 'vitest';
import { randomNumbers } from '../../soak/seed.js';
import { checkMutation } from './mutations.js';

test('the first difference of a changed definition is the changed state, or the first that feels it', async () => {
  const random = randomNumbers(21);
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (let count = 0; count < 60; count++) {
    const { what, wrong: told } = await checkMutation(random);
    seen.add(what);
    if (told) wrong.push(`${count} ${what}: ${told}`);
  }
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(6);
});
