import { expect, test } from 'vitest';
import { startBinary } from '../../acceptance/process.js';
import { compare, killedAfter, remains, startTarget } from '../acceptance/kit.js';
import { count, randomNumbers, seed } from './seed.js';

/** All of it takes half a minute of a free machine. */
const cases = count(1, 0) === 1 ? '' : '^(jsonata|command approval)';

test('the acceptance kit against our own server: nothing differs', async () => {
  const target = await startTarget();
  const { code, differences, leftOut, left } = await compare(target.endpoint, cases, startBinary);
  expect({ code, differences, leftOut, left }).toEqual({ code: 0, differences: [], leftOut: [], left: [] });
});

const rounds = count(25, 2);

test(`killed after a random number of requests, ${rounds} times: --cleanup leaves nothing`, async () => {
  const random = randomNumbers(seed);
  const target = await startTarget();
  for (let round = 0; round < rounds; round++) {
    const after = 1 + Math.floor(random() * 140);
    const signal = random() < 0.7 ? 'SIGKILL' : 'SIGINT';
    const { cleaned, files } = await killedAfter(target, { signal, after });
    expect({ cleaned, files, remaining: await remains(target) }, `${signal} after ${after}`).toEqual({
      cleaned: 0,
      files: [],
      remaining: [],
    });
  }
}, 1_800_000);
