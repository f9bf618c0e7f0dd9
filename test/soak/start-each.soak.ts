import { expect, test } from 'vitest';
import { eachUnderFire } from './each-under-fire.js';
import { count, randomNumbers, seed } from './seed.js';

const inputs = count(10_000, 100);
const kills = count(10, 1);

test(`${inputs} inputs by start --each in a small heap, killed ${kills} times`, async () => {
  const { atKills, last, results, lines, started } = await eachUnderFire(inputs, kills, randomNumbers(seed));
  expect(last.exitCode, last.stderr).toBe(0);
  expect(started.sort()).toEqual(results.map(({ executionArn }) => executionArn).sort());
  expect(new Set(results.map(({ index }) => index)).size).toBe(lines.length);
  expect(
    results.filter(({ status, output, index }) => status !== 'SUCCEEDED' || output !== lines[index]),
  ).toEqual([]);
  process.stdout.write(`executions at the kills: ${atKills.map(({ length }) => length).join(', ')}\n`);
});
