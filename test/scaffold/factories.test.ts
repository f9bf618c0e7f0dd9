import { expect, it } from 'vitest';
import { patchFactories } from './factories.js';

it('patches factories of any style so that they compile and route as meant, or refuses', async () => {
  const { faults, refused, patched } = await patchFactories(1, 60);
  expect(faults.slice(0, 3)).toEqual([]);
  expect(refused.filter((why) => why.length < 10)).toEqual([]);
  expect(patched).toBeGreaterThan(35);
}, 120_000);
