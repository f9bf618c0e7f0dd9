import { expect, test } from 'vitest';
import { importUnderFire } from './import-under-fire.js';
import { randomNumbers, seed } from './seed.js';

test('a server killed ten times in an import of 20,000 rows stores each row once', async () => {
  const outcome = await importUnderFire(20_000, 10, randomNumbers(seed));
  expect(outcome).toMatchObject({
    status: 'SUCCEEDED',
    stored: 20_000,
    doubled: 0,
    brokenHistories: 0,
    badChildren: 0,
    itemCounts: { total: 20_000, succeeded: 20_000, running: 0 },
    mapRuns: 1,
  });
  expect(outcome.kills).toBeGreaterThan(2);
});
