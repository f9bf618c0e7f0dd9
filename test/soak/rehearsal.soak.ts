import { expect, test } from 'vitest';
import { checkMutation } from '../workflow/rehearsal/mutations.js';
import { count, randomNumbers, seed } from './seed.js';

test('changed definitions: the first difference is named rightly', async () => {
  const random = randomNumbers(seed);
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  for (let number = 0; number < count(1_000, 50); number++) {
    const { what, wrong: told } = await checkMutation(random);
    seen.set(what, (seen.get(what) ?? 0) + 1);
    if (told) wrong.push(`${number} ${what}: ${told}`);
  }
  process.stdout.write(`${[...seen].map(([what, times]) => `${times} of ${what}`).join(', ')}\n`);
  expect(wrong).toEqual([]);
}, 600_000);
