import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { type Fault, type Seen, startFaultProxy } from '../fault-proxy.js';
import { type Local, startServer } from '../local/harness.js';
import { directory, errorOf, run, start } from './world.js';

const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:import-csv';

/** What an import leaves behind: objects, executions, uploads that nobody completes. */
async function left({ s3, sfn }: Local) {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: 'imports/' }),
  );
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'local-bucket' }));
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  return { objects: Contents.length, executions: executions.length, uploads: Uploads.length };
}
const once = { objects: 1, executions: 1, uploads: 0 };

/** Many bytes in three parts, and little in its rows: AWS drops the cells beyond the header. */
function wideFile(cwd: string, rows = 180): void {
  const dropped = 'x'.repeat(100_000);
  const lines = Array.from({ length: rows }, (_, n) => `${n},v,${dropped}\n`);
  writeFileSync(join(cwd, 'wide.csv'), `id,v\n${lines.join('')}`);
}

async function behindProxy(faultOf: (request: Seen) => Fault) {
  const server = await startServer();
  let faulty = true;
  const proxy = await startFaultProxy(server.endpoint, (request) => (faulty ? faultOf(request) : undefined));
  const cwd = directory();
  const line = ['import', 'wide.csv', '--endpoint-url', proxy.endpoint, '-o', 'json'];
  const parts = () => proxy.seen.filter(({ operation }) => operation === 'UploadPart').length;
  return { server, cwd, line, proxy, parts, heal: () => (faulty = false) };
}

describe('an upload meets', () => {
  test('a reset at every part, before and after it was taken', async () => {
    const tried = new Map<string, number>();
    const { server, cwd, line } = await behindProxy(({ operation, url }) => {
      if (!/Upload/.test(operation)) return undefined;
      const times = (tried.get(operation + url) ?? 0) + 1;
      tried.set(operation + url, times);
      return times === 1 ? 'reset' : times === 2 ? 'reset-after' : undefined;
    });
    wideFile(cwd);
    const { code, stdout, stderr } = await run([...line, '--sse', 'aws:kms', '--key', 'imports/wide'], {
      cwd,
    });
    expect(stderr).toBe('');
    const object = { Bucket: 'local-bucket', Key: 'imports/wide' };
    expect((await server.s3.send(new HeadObjectCommand(object))).ServerSideEncryption).toBe('aws:kms');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', rows: { total: 180, succeeded: 180 } });
    expect([code, await left(server)]).toEqual([0, once]);
  });

  test('storms of 500 and 503', async () => {
    const { server, cwd, line } = await behindProxy(({ operation, number }) => {
      if (!/Upload|S3/.test(operation) || number % 3 === 0) return undefined;
      return number % 2 ? { status: 503, code: 'SlowDown' } : { status: 500, code: 'InternalError' };
    });
    wideFile(cwd);
    const { code } = await run(line, { cwd });
    expect([code, await left(server)]).toEqual([0, once]);
  });

  test('credentials that expire: exit 4, and the same line sends only what is missing', async () => {
    const expired = { status: 400, code: 'ExpiredToken' };
    const setup = await behindProxy(({ operation, url }) =>
      operation === 'UploadPart' && /partNumber=2\b/.test(url) ? expired : undefined,
    );
    const { server, cwd, line, parts, heal } = setup;
    wideFile(cwd);
    const broken = await run(line, { cwd });
    expect(broken.code).toBe(4);
    expect(errorOf(broken).hint).toContain('same command again');
    expect(await left(server)).toEqual({ objects: 0, executions: 0, uploads: 1 });
    heal();
    const before = parts();
    const { code } = await run(line, { cwd });
    expect(parts() - before).toBe(1);
    expect([code, await left(server)]).toEqual([0, once]);
  });

  test('a file that changes meanwhile: exit 2, nothing is left', async () => {
    const { server, cwd, line } = await behindProxy(({ operation, number }) => {
      if (operation === 'UploadPart' && number === 1) wideFile(cwd, 170);
      return undefined;
    });
    wideFile(cwd);
    const { code, stderr } = await run(line, { cwd });
    expect([code, JSON.parse(stderr).error.code]).toEqual([2, 'FileChanged']);
    expect(await left(server)).toEqual({ objects: 0, executions: 0, uploads: 0 });
  });
});

test('an answer to StartExecution that got lost starts nothing twice', async () => {
  const { server, cwd, line } = await behindProxy(({ operation, number }) =>
    operation === 'StartExecution' && number < 4 ? 'reset-after' : undefined,
  );
  writeFileSync(join(cwd, 'wide.csv'), 'id,v\n1,a\n2,b\n');
  const { code } = await run(line, { cwd });
  expect([code, await left(server)]).toEqual([0, once]);
});

test('DescribeMapRun that is throttled delays, and no row is lost', async () => {
  const { cwd, line } = await behindProxy(({ operation, number }) =>
    operation === 'DescribeMapRun' && number < 9 ? { status: 400, code: 'ThrottlingException' } : undefined,
  );
  writeFileSync(join(cwd, 'wide.csv'), 'id,v\n1,a\n,b\n');
  const { code, stdout } = await run(line, { cwd, sleep: async () => {} });
  expect([code, JSON.parse(stdout).rows]).toEqual([
    1,
    { total: 2, succeeded: 1, failed: 1, queued: 0, unknown: 0 },
  ]);
});

test('Ctrl-C in the follow, and the same line again: the one execution, told truly', async () => {
  const { server, cwd, line } = await behindProxy(() => undefined);
  const rows = Array.from({ length: 20_000 }, (_, n) => `${n === 77 ? '' : n},x\n`);
  writeFileSync(join(cwd, 'wide.csv'), `id,v\n${rows.join('')}`);
  const words = line.slice(0, -2);
  const first = start([...words, '-v'], { cwd });
  await first.waitFor(/started arn:/);
  first.signal('SIGINT');
  expect((await first.done).code).toBe(130);
  const { code, stdout } = await run(line, { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ failures: [{ line: 79, reason: 'id is empty' }] });
  expect([code, await left(server)]).toEqual([1, once]);
  expect((await run(line, { cwd })).code).toBe(5);
});

test('a disk that is full when the failed rows are written hides no outcome', async () => {
  const { cwd, line } = await behindProxy(() => undefined);
  writeFileSync(join(cwd, 'wide.csv'), 'id,v\n1,a\n,b\n');
  const { code, stdout, stderr } = await run([...line, '--failed-rows', '/dev/full'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    rows: { failed: 1 },
    failedRowsFile: null,
    failedRowsError: expect.stringContaining('ENOSPC'),
  });
  expect([code, stderr]).toEqual([1, '']);
  const nowhere = await run([...line, '--failed-rows', 'no/such/folder.csv'], { cwd });
  expect(errorOf(nowhere)).toMatchObject({ code: 'FileNotWritable', exitCode: 2 });
});
