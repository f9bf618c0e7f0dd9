import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { needing } from '../left-out.mjs';
import { type DevServer, isolatedEnvironment, startDev, workDirectory } from './cli.js';

const hasAws = spawnSync('aws', ['--version']).status === 0;

describe.skipIf(!hasAws)(needing('the aws CLI works with --endpoint-url', 'aws'), () => {
  let server: DevServer;
  let cwd: string;

  beforeAll(async () => {
    cwd = workDirectory();
    server = await startDev({ cwd });
  });

  async function aws<T>(...args: string[]): Promise<T> {
    const keys = {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'ap-northeast-1',
    };
    // HOME stays: tools like pyenv find their interpreter by it; what AWS reads of it is pointed away.
    const away = { AWS_CONFIG_FILE: join(cwd, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(cwd, 'none') };
    const env = isolatedEnvironment(process.env.HOME ?? cwd, { ...keys, ...away, AWS_PAGER: '' });
    const all = ['--endpoint-url', server.endpoint, '--output', 'json', ...args];
    const { stdout } = await promisify(execFile)('aws', all, { cwd, env });
    return (stdout.startsWith('{') ? JSON.parse(stdout) : stdout) as T;
  }

  async function ended(executionArn: string): Promise<{ status: string; output?: string }> {
    for (;;) {
      const execution = await aws<{ status: string; output?: string }>(
        'stepfunctions',
        'describe-execution',
        '--execution-arn',
        executionArn,
      );
      if (execution.status !== 'RUNNING') return execution;
    }
  }

  test('sts get-caller-identity', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '101010101010' });
  });

  test('create-state-machine, start-execution, get-execution-history', async () => {
    const definition = JSON.stringify({
      StartAt: 'Greet',
      States: { Greet: { Type: 'Pass', Result: 'こんにちは', ResultPath: '$.greeting', End: true } },
    });
    const role = 'arn:aws:iam::101010101010:role/r';
    const { stateMachineArn } = await aws<{ stateMachineArn: string }>(
      ...['stepfunctions', 'create-state-machine', '--name', 'greeter'],
      ...['--definition', definition, '--role-arn', role],
    );
    expect(stateMachineArn).toBe('arn:aws:states:ap-northeast-1:101010101010:stateMachine:greeter');
    const { executionArn } = await aws<{ executionArn: string }>(
      ...['stepfunctions', 'start-execution', '--state-machine-arn', stateMachineArn, '--input', '{"n":1}'],
    );
    const { status, output } = await ended(executionArn);
    expect({ status, output: JSON.parse(output ?? 'null') }).toEqual({
      status: 'SUCCEEDED',
      output: { n: 1, greeting: 'こんにちは' },
    });
    const { events } = await aws<{ events: { type: string }[] }>(
      ...['stepfunctions', 'get-execution-history', '--execution-arn', executionArn],
    );
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('an import by hand: s3 cp, start-execution, describe-map-run', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => `p${index},${index}`);
    writeFileSync(join(cwd, 'rows.csv'), `id,price\n${rows.join('\n')}\n`);
    await aws('s3', 'cp', 'rows.csv', 's3://local-bucket/rows.csv');
    const input = {
      bucket: 'local-bucket',
      key: 'rows.csv',
      tableName: 'rows',
      tenantCode: 't',
      sourceId: 's',
    };
    const machine = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';
    const { executionArn } = await aws<{ executionArn: string }>(
      ...[
        'stepfunctions',
        'start-execution',
        '--state-machine-arn',
        machine,
        '--input',
        JSON.stringify(input),
      ],
    );
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const { mapRuns } = await aws<{ mapRuns: { mapRunArn: string }[] }>(
      ...['stepfunctions', 'list-map-runs', '--execution-arn', executionArn],
    );
    const run = await aws('stepfunctions', 'describe-map-run', '--map-run-arn', mapRuns[0]?.mapRunArn ?? '');
    expect(run).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 250, succeeded: 250, failed: 0 } });
  });

  test('s3 cp of 50 MB up and down gives identical bytes', async () => {
    const file = await open(join(cwd, 'large.bin'), 'w');
    // Blocks that differ, so that a part in the wrong place shows.
    for (let block = 0; block < 50; block++) {
      const seed = createHash('sha512').update(String(block)).digest();
      await file.write(Buffer.alloc(1_000_000, seed));
    }
    await file.close();
    await aws('s3', 'cp', '--no-progress', 'large.bin', 's3://local-bucket/large.bin');
    await aws('s3', 'cp', '--no-progress', 's3://local-bucket/large.bin', 'back.bin');
    expect(await digest(join(cwd, 'back.bin'))).toBe(await digest(join(cwd, 'large.bin')));
  });
});

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
