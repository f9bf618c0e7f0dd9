import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, run } from '../world.js';

test('in a pipe, the counts of a map run come before its end, and before what happened after it', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.csv'), 'id\n1\n2\n3\n');
  expect((await run(['import', 'a.csv'], { cwd })).code).toBe(0);
  const { code, stdout } = await run(['watch', '@last'], { cwd });
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n');
  const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const counts = at(/ {2}100 ?%|3\/3|3 of 3/);
  expect(counts, stdout).toBeGreaterThan(0);
  expect(at(/map run SUCCEEDED/), stdout).toBe(counts + 1);
  expect(lines.at(-1)).toMatch(/execution {2}SUCCEEDED(: .*)?$/);
  const times = lines.map((line) => Date.parse(line.split(' ')[0] ?? ''));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
