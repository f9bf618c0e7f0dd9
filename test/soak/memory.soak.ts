import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure } from '../../bench/process-tree.mjs';
import { writeProducts } from '../../bench/products.mjs';
import { binary, isolatedEnvironment, workDirectory } from '../e2e/cli.js';

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

test('memory of all processes stays flat from 10,000 to 100,000 rows', async () => {
  const small = await peakOfImport(10_000);
  const large = await peakOfImport(100_000);
  expect(large).toBeLessThan(350e6);
  expect(large / small).toBeLessThanOrEqual(1.15);
});
