import { expect, test } from 'vitest';
import { eachUnderFire } from '../soak/each-under-fire.js';
import { randomNumbers } from '../soak/seed.js';

test('start --each that is killed in the middle: the same line again, and each input ran once', async () => {
  const { atKills, last, results, lines, started } = await eachUnderFire(100, 2, randomNumbers(7));
  expect(last.exitCode, last.stderr).toBe(0);
  expect(atKills.every((there) => there > 0 && there < lines.length)).toBe(true);
  expect(started.sort()).toEqual(results.map(({ executionArn }) => executionArn).sort());
  expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual(lines.map((_, index) => index));
  for (const { index, status, output } of results)
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: lines[index] });
  expect(new Set(started).size).toBe(lines.length);
  expect(results.filter(({ former }) => former)).toHaveLength(atKills.at(-1) ?? 0);
}, 60_000);
