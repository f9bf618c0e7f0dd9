import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { measure } from '../../bench/process-tree.mjs';
import { binary, isolatedEnvironment, startDev, workDirectory } from '../e2e/cli.js';
import { count } from './seed.js';

const rows = count(20_000_000, 600_000);

/** About a hundred bytes a row. */
async function writeRows(file: string): Promise<void> {
  const padding = 'some text of which there is more than of anything else in these rows, 商品';
  await pipeline(function* () {
    yield 'id,name,note\n';
    for (let at = 0; at < rows; at += 1_000) {
      let block = '';
      for (let id = at; id < at + 1_000; id++) block += `${id},product ${id},"${padding}"\n`;
      yield block;
    }
  }, createWriteStream(file));
}

test(`check and upload of ${rows} rows stay under 250 MB`, { timeout: 1_800_000 }, async () => {
  const cwd = workDirectory();
  const dev = await startDev({ cwd });
  const file = join(cwd, 'rows.csv');
  await writeRows(file);
  const args = [binary, 'import', file, '--detach', '--endpoint-url', dev.endpoint, '-o', 'json'];
  const run = await measure(process.execPath, args, { cwd, env: isolatedEnvironment(cwd) });
  // The rows themselves are not what is measured here.
  await dev.kill('SIGKILL');
  rmSync(file);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.peakBytes).toBeLessThan(250e6);
  process.stdout.write(`peak ${(run.peakBytes / 1e6).toFixed(0)} MB, ${run.seconds.toFixed(0)} s\n`);
});
