import { expect, test } from 'vitest';
import { importUnderFire } from '../soak/import-under-fire.js';
import { randomNumbers } from '../soak/seed.js';

test('a server killed in the middle of an import goes on where it was', async () => {
  const outcome = await importUnderFire(4_000, 2, randomNumbers(7));
  expect(outcome).toMatchObject({
    status: 'SUCCEEDED',
    stored: 4_000,
    doubled: 0,
    brokenHistories: 0,
    badChildren: 0,
    itemCounts: { total: 4_000, succeeded: 4_000, running: 0 },
    mapRuns: 1,
  });
});
