import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { measure } from '../../bench/kit/process-tree.mjs';
import { binary, isolatedEnvironment, startDev, workDirectory } from '../e2e/cli.js';
import { count } from './seed.js';

const rows = count(20_000_000, 300_000);

/** About a hundred bytes a row. */
async function writeRows(file: string, rows: number): Promise<void> {
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
  await writeRows(file, rows);
  const args = [binary, 'import', file, '--detach', '--endpoint-url', dev.endpoint, '-o', 'json'];
  const run = await measure(process.execPath, args, { cwd, env: isolatedEnvironment(cwd) });
  // The rows themselves are not what is measured here.
  await dev.kill('SIGKILL');
  rmSync(file);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.peakBytes).toBeLessThan(250e6);
  process.stdout.write(`peak ${(run.peakBytes / 1e6).toFixed(0)} MB, ${run.seconds.toFixed(0)} s\n`);
});

const imported = count(1_000_000, 50_000);

test(`${imported} rows imported on this machine: each once, in memory that does not grow`, {
  timeout: 1_800_000,
}, async () => {
  const cwd = workDirectory();
  const importRows = async (rows: number) => {
    const file = join(cwd, `rows-${rows}.csv`);
    await writeRows(file, rows);
    const args = [binary, 'import', file, '--local', '--table', `t${rows}`, '-o', 'json'];
    const run = await measure(process.execPath, args, { cwd, env: isolatedEnvironment(cwd) });
    rmSync(file);
    expect(run.exitCode, run.stderr).toBe(0);
    const none = { failed: 0, queued: 0, failedLater: 0, deadLettered: 0, unknown: 0 };
    expect(JSON.parse(run.stdout).rows).toEqual({ total: rows, succeeded: rows, ...none });
    return run;
  };
  const few = await importRows(imported / 10);
  const many = await importRows(imported);
  const dev = await startDev({ cwd });
  expect(await storedIds(dev.endpoint, `imported/t${imported}/`)).toEqual({ rows: imported, ids: imported });
  await dev.kill('SIGKILL');
  const megabytes = [few, many].map(({ peakBytes }) => (peakBytes / 1e6).toFixed(0));
  process.stdout.write(
    `peak ${megabytes[1]} MB (a tenth of the rows: ${megabytes[0]}), ${many.seconds.toFixed(0)} s\n`,
  );
  expect(many.peakBytes).toBeLessThan(Math.min(1.25 * few.peakBytes, 200e6));
});

/** How many rows the reference function stored, and how many different ones. */
async function storedIds(endpoint: string, Prefix: string): Promise<{ rows: number; ids: number }> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new S3Client({ endpoint, region: 'ap-northeast-1', credentials, forcePathStyle: true });
  const ids = new Set<number>();
  let rows = 0;
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: 'local-bucket', Prefix },
  )) {
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'local-bucket', Key }));
      for (const line of ((await Body?.transformToString()) ?? '').trim().split('\n')) {
        rows++;
        ids.add(Number((JSON.parse(line) as { row: { id: string } }).row.id));
      }
    }
  }
  return { rows, ids: ids.size };
}
