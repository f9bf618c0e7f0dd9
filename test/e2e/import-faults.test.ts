import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Fault, type Seen, startFaultProxy } from '../fault-proxy.js';
import { needing } from '../left-out.mjs';
import { type CliResult, type DevServer, runCli, startCli, startDev, workDirectory } from './cli.js';

const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';

let dev: DevServer;
let s3: S3Client;
let sfn: SFNClient;
beforeAll(async () => {
  dev = await startDev();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const config = { endpoint: dev.endpoint, region: 'ap-northeast-1', credentials };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  sfn = new SFNClient(config);
  return () => dev.kill('SIGKILL');
});

/** What an import leaves behind: objects, executions, uploads that nobody completes. */
async function left(name: string) {
  const isOurs = ({ Key }: { Key?: string }): boolean => Key?.endsWith(`/${name}.csv`) === true;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: 'imports/' }),
  );
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'local-bucket' }));
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  return {
    objects: Contents.filter(isOurs).length,
    executions: executions.filter((execution) => execution.name?.startsWith(`${name}-`)).length,
    uploads: Uploads.filter(isOurs).length,
  };
}
const once = { objects: 1, executions: 1, uploads: 0 };
const nothing = { objects: 0, executions: 0, uploads: 0 };

/** A file `NAME.csv`, and the command line that imports it through a proxy with faults. */
async function behindProxy(name: string, content: string, faultOf: (request: Seen) => Fault) {
  let faulty = true;
  const proxy = await startFaultProxy(dev.endpoint, (request) => (faulty ? faultOf(request) : undefined));
  const cwd = workDirectory();
  const file = join(cwd, `${name}.csv`);
  writeFileSync(file, content);
  const line = ['import', `${name}.csv`, '--endpoint-url', proxy.endpoint, '-o', 'json'];
  return {
    cwd,
    file,
    proxy,
    line,
    run: (...more: string[]) => runCli([...line, ...more], { cwd }),
    start: (...more: string[]) => startCli([...line.slice(0, -2), ...more], { cwd }),
    sent: (operation: string) => proxy.seen.filter((request) => request.operation === operation).length,
    heal: () => {
      faulty = false;
    },
  };
}

/** Eighteen megabytes in three parts, and little in its rows: AWS drops the cells beyond the header. */
const wide = `id,v\n${Array.from({ length: 180 }, (_, n) => `${n},v,${'x'.repeat(100_000)}\n`).join('')}`;
const small = 'id,v\n1,a\n,b\n';

const errorOf = ({ stderr }: CliResult) => JSON.parse(stderr).error;
const rowsOf = ({ stdout }: CliResult) => JSON.parse(stdout).rows;
const isPart =
  (number: number) =>
  ({ operation, url }: Seen): boolean =>
    operation === 'UploadPart' && new RegExp(`partNumber=${number}\\b`).test(url);

describe('an upload meets', () => {
  test('a reset at every part, before and after it was taken', async () => {
    const tried = new Map<string, number>();
    const { run } = await behindProxy('resets', wide, ({ operation, url }) => {
      if (!/Upload/.test(operation)) return undefined;
      const times = (tried.get(operation + url) ?? 0) + 1;
      tried.set(operation + url, times);
      return times === 1 ? 'reset' : times === 2 ? 'reset-after' : undefined;
    });
    const result = await run('--sse', 'aws:kms', '--key', 'imports/x/resets.csv');
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(rowsOf(result)).toMatchObject({ total: 180, succeeded: 180 });
    expect(await left('resets')).toEqual(once);
    const object = { Bucket: 'local-bucket', Key: 'imports/x/resets.csv' };
    expect(await s3.send(new HeadObjectCommand(object))).toMatchObject({ ServerSideEncryption: 'aws:kms' });
  });

  test('storms of 500 and 503', async () => {
    const { run } = await behindProxy('storms', wide, ({ operation, number }) => {
      if (!/Upload/.test(operation) || number > 2) return undefined;
      return number % 2 ? { status: 503, code: 'SlowDown' } : { status: 500, code: 'InternalError' };
    });
    expect((await run()).exitCode).toBe(0);
    expect(await left('storms')).toEqual(once);
  });

  test('credentials that expire: exit 4, and the same line sends only what is missing', async () => {
    const expired = { status: 400, code: 'ExpiredToken' };
    const { run, sent, heal } = await behindProxy('expired', wide, (request) =>
      isPart(2)(request) ? expired : undefined,
    );
    const broken = await run();
    expect([broken.exitCode, errorOf(broken).message]).toEqual([
      4,
      expect.stringContaining('same command again'),
    ]);
    expect(await left('expired')).toEqual({ ...nothing, uploads: 1 });
    heal();
    const before = sent('UploadPart');
    expect((await run()).exitCode).toBe(0);
    expect([sent('UploadPart') - before, await left('expired')]).toEqual([1, once]);
  });

  const changes: [string, (file: string) => void][] = [
    ['truncated', (file) => truncateSync(file, 17_000_000)],
    ['grown', (file) => appendFileSync(file, '200,v\n')],
    ['rewritten', (file) => writeFileSync(file, wide.replaceAll('v', 'w'))],
  ];
  test.each(changes)('a file that is %s meanwhile: exit 2, nothing is left', async (name, change) => {
    const { run, file } = await behindProxy(name, wide, ({ operation }) => {
      if (operation === 'CreateMultipartUpload') change(file);
      return undefined;
    });
    const broken = await run();
    expect([broken.exitCode, errorOf(broken).code]).toEqual([2, 'FileChanged']);
    expect(await left(name)).toEqual(nothing);
  });

  test('Ctrl-C: exit 130, no object, no parts, nothing started', async () => {
    const { start, proxy } = await behindProxy('ctrl-c', wide, (request) =>
      isPart(3)(request) ? 'hold' : undefined,
    );
    const cli = start();
    await proxy.held(1);
    cli.child.kill('SIGINT');
    const { exitCode, stderr } = await cli.done;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('same command again')]);
    expect(await left('ctrl-c')).toEqual(nothing);
  });

  test('kill -9 before it heard that its parts were taken: the same line sends none of them again', async () => {
    const { start, run, sent, proxy, heal } = await behindProxy('killed', wide, ({ operation }) =>
      operation === 'UploadPart' ? 'hold' : undefined,
    );
    const cli = start();
    await proxy.held(3);
    cli.child.kill('SIGKILL');
    await cli.done;
    heal();
    expect((await run()).exitCode).toBe(0);
    expect([sent('UploadPart'), await left('killed')]).toEqual([3, once]);
  });
});

test('an answer to StartExecution that got lost starts nothing twice', async () => {
  const { run } = await behindProxy('lost', small, ({ operation, number }) =>
    operation === 'StartExecution' && number < 4 ? 'reset-after' : undefined,
  );
  expect((await run()).exitCode).toBe(1);
  expect(await left('lost')).toEqual(once);
});

test('credentials that expire in the follow: exit 4, and the same line tells the outcome', async () => {
  const { run, heal } = await behindProxy('follow', small, ({ operation }) =>
    operation === 'GetExecutionHistory' ? { status: 400, code: 'ExpiredTokenException' } : undefined,
  );
  expect((await run()).exitCode).toBe(4);
  heal();
  const result = await run();
  expect([result.exitCode, rowsOf(result).failed, await left('follow')]).toEqual([1, 1, once]);
});

test('Ctrl-C in the follow: the execution goes on; the same line again tells its outcome, once', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `${n === 77 ? '' : n},x\n`);
  const { start, run, line, cwd } = await behindProxy('go-on', `id,v\n${rows.join('')}`, () => undefined);
  const cli = start('-v');
  await cli.waitFor(/started arn:/);
  cli.child.kill('SIGINT');
  const { exitCode, stderr } = await cli.done;
  const target = line.slice(2, 4);
  expect([exitCode, stderr]).toEqual([
    130,
    expect.stringContaining(`mbc-flow watch @last ${target.join(' ')}`),
  ]);
  // The execution succeeds; a row of it failed.
  expect((await runCli(['watch', '@last', ...target], { cwd })).exitCode).toBe(1);
  const result = await run();
  expect(JSON.parse(result.stdout)).toMatchObject({ failures: [{ line: 79, reason: 'id is empty' }] });
  expect([result.exitCode, await left('go-on')]).toEqual([1, once]);
  expect((await run()).exitCode).toBe(5);
});

test.skipIf(!existsSync('/dev/full'))(
  needing('a disk that is full when the failed rows are written hides no outcome', '/dev/full'),
  async () => {
    const { run } = await behindProxy('full', small, () => undefined);
    const nowhere = await run('--failed-rows', 'no/such/folder.csv');
    expect([nowhere.exitCode, errorOf(nowhere).code]).toEqual([2, 'FileNotWritable']);
    const { exitCode, stdout, stderr } = await run('--failed-rows', '/dev/full');
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { failed: 1 },
      failedRowsFile: null,
      failedRowsError: 'the file cannot be written: no space left on the device',
    });
  },
);

test('a home that cannot be written: said, and imported all the same', async () => {
  const { line, cwd, file } = await behindProxy('homeless', small, () => undefined);
  const env = { XDG_CACHE_HOME: file, XDG_STATE_HOME: file };
  const { exitCode, stdout, stderr } = await runCli(line.slice(0, -2), { cwd, env });
  expect([exitCode, stderr.match(/cannot be saved/g)?.length]).toEqual([1, 2]);
  expect(stdout).toContain('id is empty');
  expect(readFileSync(file, 'utf8')).toBe(small);
});
