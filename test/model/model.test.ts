import { expect, test } from 'vitest';
import { FAULTS } from '../conformance/faults.js';
import { randomNumbers } from '../soak/seed.js';
import { canonical } from './canonical.js';
import { wrongWith } from './check.js';
import { expectedOf } from './expected.js';
import { brokenProperties } from './properties.js';
import { INPUT, randomMachine } from './random-machine.js';
import { run, startFunction } from './ways.js';

// More of them: npm run soak -- model
test.each([3, 1_000_004])(
  'random machine %i: the same history straight, on virtual time and killed',
  async (seed) => {
    const { wrong, killed } = await wrongWith(seed, 2);
    expect(wrong).toEqual([]);
    expect(killed).toBeGreaterThan(0);
  },
);

test('what is wrong with a history is seen', async () => {
  const random = randomNumbers(2);
  const draw = (below: number): number => Math.floor(random() * below);
  const machine = randomMachine(random, false);
  const { endpoint, stop } = await startFunction();
  const history = await run(machine, { lambdaEndpoint: endpoint, timeScale: 0 }).finally(stop);
  const expected = expectedOf(machine, INPUT, false);
  expect(brokenProperties(history, expected)).toEqual([]);
  const seen: Record<string, number> = {};
  for (const name of [
    'an event dropped',
    'an event twice',
    'two swapped',
    'one relinked',
    'a detail changed',
  ])
    for (let round = 0; round < 20; round++) {
      const made = { history: structuredClone(history), sent: [], answer: null, log: [] };
      const faulty = FAULTS[name]?.(made, draw)?.history;
      if (!faulty) continue;
      const found = brokenProperties(faulty, expected).length > 0;
      const differs = canonical(faulty).join() !== canonical(history).join();
      seen[name] = (seen[name] ?? 0) + (found || differs ? 0 : 1);
    }
  expect(seen).toEqual({
    'an event dropped': 0,
    'an event twice': 0,
    'two swapped': 0,
    'one relinked': 0,
    'a detail changed': 0,
  });
});
