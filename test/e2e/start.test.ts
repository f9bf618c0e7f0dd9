import { expect, test } from 'vitest';
import { eachUnderFire, parallel } from '../soak/each-under-fire.js';
import { randomNumbers } from '../soak/seed.js';

test('start --each that is killed in the middle: the same line again, and each input ran once', async () => {
  const { atKills, last, results, lines, started } = await eachUnderFire(100, 2, randomNumbers(7));
  expect(last.exitCode, last.stderr).toBe(0);
  expect(atKills.every(({ length }) => length > 0 && length < lines.length)).toBe(true);
  expect(started.sort()).toEqual(results.map(({ executionArn }) => executionArn).sort());
  expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual(lines.map((_, index) => index));
  for (const { index, status, output } of results)
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: lines[index] });
  expect(new Set(started).size).toBe(lines.length);
  const there = atKills.at(-1) ?? [];
  const former = results.filter(({ former }) => former).map(({ executionArn }) => executionArn);
  expect(former).toEqual(expect.arrayContaining(there));
  expect(former.length).toBeLessThanOrEqual(there.length + parallel);
});
