import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { isolatedEnvironment, runCli, startDev } from '../e2e/cli.js';
import { installedExample } from './application.js';

interface Services {
  dynamodb: string;
  stop(): void;
}
interface ServicesModule {
  startServices(env: Record<string, string>): Promise<Services>;
  request(endpoint: string, operation: string, body: object): Promise<{ Items: Record<string, unknown>[] }>;
}

let example: Awaited<ReturnType<typeof installedExample>>;
let app: ServicesModule;
beforeAll(async () => {
  example = await installedExample('data-sync');
  app = (await import(join(example.folder, 'services.mjs'))) as ServicesModule;
});

test('npm start: a published command is synced to both tables, SUCCEEDED', async () => {
  const { folder, env } = example;
  const PATH = [join(folder, 'bin'), process.env.PATH].join(':');
  const { stdout } = await promisify(execFile)(process.execPath, ['--env-file=.env', 'demo.mjs'], {
    cwd: folder,
    env: isolatedEnvironment(folder, { PATH, ...env }),
  });
  for (const state of [
    'check_version',
    'set_ttl_command',
    'history_copy',
    'transform_data',
    'sync_data_all',
    'finish',
  ])
    expect(stdout).toMatch(new RegExp(` ${state} {2}succeeded `));
  expect(stdout).toMatch(/execution {2}SUCCEEDED/);
  expect(stdout).toMatch(/product-data .*"version":\{"N":"1"\}/);
  expect(stdout).toContain(
    'product-price [{"pk":{"S":"PRODUCT#t1"},"sk":{"S":"A001"},"version":{"N":"1"},"price":{"N":"120"}}]',
  );
});

test('a port that is taken ends it with an error, and leaves nothing running', async () => {
  const { folder, env } = example;
  const PATH = [join(folder, 'bin'), process.env.PATH].join(':');
  for (const name of ['SFN_ENDPOINT', 'DYNAMODB_ENDPOINT', 'SNS_ENDPOINT']) {
    const { port, hostname } = new URL(env[name] ?? '');
    const other = createServer((socket) => socket.resume()).listen(Number(port), hostname);
    await once(other, 'listening');
    const run = promisify(execFile)(process.execPath, ['--env-file=.env', 'demo.mjs'], {
      cwd: folder,
      env: isolatedEnvironment(folder, { PATH, ...env }),
      timeout: 30_000,
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`error: .*(${port}|before it was ready)`)),
    });
    await once(other.close(), 'close');
  }
});

test('a version whose predecessor is unfinished waits, and nobody wakes it: pending --stuck tells, resume does it', async () => {
  const { folder, env } = example;
  const services = await app.startServices(env);
  const dev = await startDev({
    cwd: folder,
    port: Number(new URL(env.SFN_ENDPOINT ?? '').port),
    args: ['--reset', '--local', '-y'],
  });
  try {
    const mbc = (...args: string[]) => runCli(args, { cwd: folder });
    const row = (version: number) => ({
      pk: 'PRODUCT#t1',
      sk: `B001@${version}`,
      version,
      tenantCode: 't1',
      requestId: `r-${version}`,
      attributes: { price: version },
    });
    // Both are published before the stream tells of the second, then of the first.
    for (const version of [1, 2]) {
      const Item = marshall(row(version));
      await app.request(services.dynamodb, 'PutItem', { TableName: 'dev-data-sync-product-command', Item });
    }
    const trigger = (version: number, ...flags: string[]) =>
      mbc('trigger', 'stream', 'product-command', JSON.stringify(row(version)), ...flags);
    const second = JSON.parse((await trigger(2, '-o', 'json')).stdout);
    expect(second.executions).toMatchObject([
      { name: expect.stringMatching(/^product-PRODUCT-t1-B001-v2-\d+$/) },
    ]);
    const [{ executionArn }] = second.executions;
    await expect
      .poll(async () => JSON.parse((await mbc('pending', '-o', 'json')).stdout).pending)
      .toMatchObject([{ executionArn, stateName: 'wait_prev_command', requestId: 'r-2' }]);

    const first = await trigger(1, '--follow');
    expect(first.exitCode).toBe(0);
    // Core 0.1.48 never looks for the one that waits.
    const stuck = await mbc('pending', '--stuck', '-o', 'json');
    expect(stuck.exitCode).toBe(1);
    expect(JSON.parse(stuck.stdout).pending).toMatchObject([
      { executionArn, stuck: { reason: expect.any(String) } },
    ]);
    expect((await mbc('resume', executionArn)).exitCode).toBe(0);
    expect((await mbc('watch', executionArn)).exitCode).toBe(0);
    const { Items } = await app.request(services.dynamodb, 'Scan', {
      TableName: 'dev-data-sync-product-data',
    });
    expect(Items).toMatchObject([{ sk: { S: 'B001' }, version: { N: '2' } }]);

    const again = await trigger(1, '--follow', '-o', 'json');
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      status: 'FAILED',
      failure: { error: 'version is not match' },
    });
  } finally {
    await dev.kill();
    services.stop();
  }
});
