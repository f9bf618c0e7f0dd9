import { expect, test } from 'vitest';
import { startServer } from '../local/harness.js';
import { bombard } from '../local/mutated-requests.js';
import { count, randomNumbers, seed } from './seed.js';

test('a million requests that nobody should send are all answered, none with a fault', async () => {
  const { endpoint } = await startServer();
  await bombard(endpoint, count(1_000_000, 3_000), seed, randomNumbers(seed));
  expect((await fetch(`${endpoint}/_mbc-flow/health`)).status).toBe(200);
});
