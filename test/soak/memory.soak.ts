import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure } from '../../bench/process-tree.mjs';
import { writeProducts } from '../../bench/products.mjs';
import { binary, isolatedEnvironment, workDirectory } from '../e2e/cli.js';
import { count } from './seed.js';

async function peakOfImport(rows: number): Promise<number> {
  const cwd = workDirectory();
  const file = join(cwd, 'rows.csv');
  await writeProducts(file, rows);
  const run = await measure(process.execPath, [binary, 'import', file, '-o', 'json'], {
    cwd,
    env: isolatedEnvironment(cwd),
  });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ rows: { total: rows, succeeded: rows } });
  return run.peakBytes;
}

const many = count(1_000_000, 100_000);

test(`memory of all processes stays flat from 10,000 to ${many} rows`, { timeout: 1_800_000 }, async () => {
  const small = await peakOfImport(10_000);
  const large = await peakOfImport(many);
  expect(large).toBeLessThan(350e6);
  expect(large / small).toBeLessThanOrEqual(1.15);
});
