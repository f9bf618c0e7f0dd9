import { expect, test } from 'vitest';
import { synthesised } from '../scaffold/constructs.js';
import { patchFactories } from '../scaffold/factories.js';
import { scaffoldNames } from '../scaffold/names.js';
import { count, seed } from './seed.js';

test('1,000 factories of random styles are patched right, or refused', async () => {
  const { faults, patched, refused, files } = await patchFactories(seed, count(1000, 40));
  expect(faults.slice(0, 5)).toEqual([]);
  expect(patched + refused.length).toBe(files);
});

test('workflows of 200 random names compile, and pass lint and tests', async () => {
  const names = count(200, 8);
  const { accepted, faults } = await scaffoldNames(seed, names, count(20, 1));
  expect(faults.slice(0, 5)).toEqual([]);
  expect(accepted).toBeGreaterThan(names / 2);
});

test('constructs of 50 random names can be deployed, in one stack with the function and in two', async () => {
  const constructs = count(50, 5);
  expect(await synthesised(seed, constructs)).toEqual({ constructs: 2 * constructs, faults: [] });
});
