import { expect, test } from 'vitest';
import { randomNumbers, seed } from '../soak/seed.js';
import { startServer } from './harness.js';
import { bombard } from './mutated-requests.js';

test('whatever is sent, the answer is never a 500, and never none', async () => {
  const { endpoint } = await startServer();
  await bombard(endpoint, 1_500, seed, randomNumbers(seed));
  expect((await fetch(`${endpoint}/_mbc-flow/health`)).status).toBe(200);
});
