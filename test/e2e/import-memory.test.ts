import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure } from '../../bench/kit/process-tree.mjs';
import { writeProducts } from '../../bench/kit/products.mjs';
import { binary, isolatedEnvironment, workDirectory } from './cli.js';

const most = 1.12;

test('ten times the rows take no more memory', { timeout: 120_000 }, async () => {
  const cwd = workDirectory();
  const env = isolatedEnvironment(cwd);
  const peakOf = async (rows: number): Promise<number> => {
    const file = join(cwd, `products-${rows}.csv`);
    await writeProducts(file, rows);
    const args = [binary, 'import', file, '--local', '--again', '-o', 'json'];
    const { exitCode, stdout, stderr, peakBytes } = await measure(process.execPath, args, { cwd, env });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout).rows).toMatchObject({ total: rows, succeeded: rows });
    return peakBytes;
  };
  // What the first two compile is kept for the others.
  for (const rows of [1, 1]) await peakOf(rows);
  // When V8 collects depends on how busy the machine is: the least of a few tries tells what the rows take.
  let ratio = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && ratio >= most; attempt++) {
    const few = await peakOf(8_000);
    ratio = Math.min(ratio, (await peakOf(80_000)) / few);
  }
  expect(ratio).toBeLessThan(most);
});
