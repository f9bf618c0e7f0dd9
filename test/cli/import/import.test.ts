import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { createGateways } from '../../../src/aws/connect.js';
import { builtinMachines } from '../../../src/framework/machines.js';
import { settingsFor } from '../../aws/settings-for.js';
import { startTables } from '../../dynamodb.js';
import { startFaultProxy } from '../../fault-proxy.js';
import { startServer } from '../../local/harness.js';
import { zipOf } from '../../stand-in/zip-file.js';
import { directory, errorOf, run, start } from '../world.js';

const arn = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const builtin = () =>
  JSON.parse(builtinMachines().find(({ name }) => name === 'import-csv')?.definition ?? '') as {
    States: Record<string, Record<string, unknown>>;
  };

async function setUp(files: Record<string, string | Uint8Array> = {}) {
  const server = await startServer();
  const cwd = directory();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const importJson = async (...words: string[]) => {
    const line = ['import', ...words, '--endpoint-url', server.endpoint, '-o', 'json'];
    const { code, stdout, stderr } = await run(line, { cwd });
    return { code, stderr, result: stdout === '' ? undefined : JSON.parse(stdout) };
  };
  return { server, cwd, importJson };
}

/** The target `x`, whose import-csv machine has this definition. */
async function targetWith(
  definition: object,
  { sfn, endpoint }: Awaited<ReturnType<typeof startServer>>,
  cwd: string,
  bucket = 'local-bucket',
) {
  const name = 'x-import-csv';
  const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
  await sfn.send(new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }));
  const machines = { 'import-csv': name };
  const target = { region: 'ap-northeast-1', endpointUrl: endpoint, bucket, machines };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets: { x: target } }));
}

const good = 'id,v\n1,a\n2,b\n';

describe('the same file again', () => {
  test('is told of its former execution: exit 5; --again imports it once more', async () => {
    const { importJson } = await setUp({ 'a.csv': good });
    const first = await importJson('a.csv');
    expect(first.code).toBe(0);
    const second = await importJson('a.csv');
    expect(second.code).toBe(5);
    expect(JSON.parse(second.stderr).error).toMatchObject({
      code: 'AlreadyImported',
      executionArn: first.result.executionArn,
    });
    const again = [await importJson('a.csv', '--again'), await importJson('a.csv', '--again')];
    const names = [first, ...again].map(({ result }) => result.executionArn);
    expect([again.map(({ code }) => code), new Set(names).size]).toEqual([[0, 0], 3]);
    expect((await importJson('a.csv', '--table', 'other')).code).toBe(0);
  });

  test('of several, the others are imported', async () => {
    const { importJson } = await setUp({ 'a.csv': good, 'b.csv': 'id,v\n3,c\n,d\n', 'c.csv': 'id,v\n5,e\n' });
    await importJson('a.csv');
    const { code, result } = await importJson('*.csv', '--parallel', '3');
    expect(code).toBe(5);
    expect(result.imports).toMatchObject([
      { file: 'a.csv', error: { code: 'AlreadyImported' } },
      { file: 'b.csv', rows: { failed: 1 } },
      { file: 'c.csv', status: 'SUCCEEDED' },
    ]);
  });

  test('of several, each is a line of ndjson as it ends, and started ones can be left alone', async () => {
    const { server, cwd } = await setUp({ 'a.csv': good, 'b.csv': 'id,v\n3,c\n,d\n', 'c.csv': good });
    const line = ['import', 'a.csv', 'b.csv', '--endpoint-url', server.endpoint];
    const ran = await run([...line, '-o', 'ndjson'], { cwd });
    const told = ran.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect([ran.code, told]).toMatchObject([
      1,
      [
        { file: 'a.csv', status: 'SUCCEEDED' },
        { file: 'b.csv', rows: { failed: 1 } },
      ],
    ]);
    // Both were told.
    const again = await run(line, { cwd });
    expect([again.code, again.stdout]).toEqual([5, '2 files: 0 good, 2 not; 0 rows: 0 stored, 0 failed\n']);
    expect(again.stderr).toMatch(/^error: a\.csv: .*imported .* before.*\nerror: b\.csv: /m);
    const detached = await run([...line.toSpliced(1, 2, 'c.csv'), '--detach'], { cwd });
    expect([detached.code, detached.stdout]).toEqual([0, expect.stringMatching(/^arn:\S+:c-[0-9a-f]+\n$/)]);
  });
});

describe('rows that fail', () => {
  const file =
    'id,品名,棚\r\n1,髙島屋,①\r\n,ﾊﾝｶｸ～,"a,b"\r\n3,!fail 在庫なし,②\r\n\r\n4,ソ表,"x\r\ny"\r\n,緑茶\r\n';

  test('go into a file of the same encoding, which can be corrected and imported', async () => {
    const { cwd, importJson } = await setUp({ 's.csv': iconv.encode(file, 'cp932') });
    const told = await run(['import', 's.csv', '--again', '--tenant', 't9', '--failed-rows', 'other.csv'], {
      cwd,
    });
    expect(told.stdout).toContain('mbc-flow import other.csv --table s --tenant t9');
    const { code, result } = await importJson('s.csv', '--failed-rows', 'failed.csv');
    expect([code, result.rows.failed, result.failedRowsFile]).toEqual([1, 3, 'failed.csv']);
    expect(result.failures).toEqual([
      { line: 3, reason: 'id is empty' },
      { line: 4, reason: '在庫なし' },
      { line: 8, reason: 'id is empty' },
    ]);
    const written = iconv.decode(readFileSync(join(cwd, 'failed.csv')), 'cp932');
    expect(written).toBe(
      'id,品名,棚,reason\r\n,ﾊﾝｶｸ～,"a,b",id is empty\r\n3,!fail 在庫なし,②,在庫なし\r\n,緑茶,,id is empty\r\n',
    );
    const corrected = written.replaceAll('\r\n,', '\r\n9,').replace('!fail ', '');
    writeFileSync(join(cwd, 'corrected.csv'), iconv.encode(corrected, 'cp932'));
    const second = await importJson('corrected.csv', '--table', 's', '--failed-rows', 'failed.csv');
    expect(second).toMatchObject({ code: 0, result: { rows: { total: 3, succeeded: 3 } } });
  });

  test('into a file named like a flag, or like standard input, are imported again by that name', async () => {
    const { cwd } = await setUp({ 's.csv': 'id,v\n,x\n' });
    for (const file of ['-', '-s.csv']) {
      const told = await run(['import', 's.csv', '--again', `--failed-rows=${file}`], { cwd });
      expect(told.stdout).toContain(`mbc-flow import ./${file} --table s`);
    }
  });

  test('of a ZIP go into no one file; those of one CSV in it are asked for by its execution', async () => {
    const zip = zipOf([
      { name: '20260101090000-a.csv', text: 'id,v\n,x\n' },
      { name: '20260101090000-b.csv', text: 'id,v\n1,x\n' },
    ]);
    const { importJson } = await setUp({ 'day.zip': zip });
    const errorIn = ({ code, stderr }: { code: number; stderr: string }) => [code, JSON.parse(stderr).error];
    expect(errorIn(await importJson('day.zip', '--failed-rows', 'failed.csv'))).toEqual([
      2,
      expect.objectContaining({ code: 'BadUsage', hint: expect.stringContaining('import show') }),
    ]);
    const { executionArn } = (await importJson('day.zip')).result;
    expect(errorIn(await importJson('show', executionArn, '--failed-rows', 'failed.csv'))).toEqual([
      2,
      expect.objectContaining({ code: 'NoImport', message: expect.stringContaining('ZIP') }),
    ]);
  });

  test.each([
    ['--columns 番号,品名', 'x;a\n!fail;b\n', "--delimiter semicolon --columns '番号,品名,reason' "],
    ['--no-header', 'x;a\n!fail;b\n', '--delimiter semicolon --no-header '],
  ])(
    'of a file without a header (%s) are imported again by the line that is told',
    async (flag, rows, told) => {
      const { cwd, server } = await setUp({ 's.csv': rows.replaceAll('!fail', '!fail no') });
      const how = ['--failed-rows', 'failed.csv', '--attributes', 'mode=a b', 'side=x'];
      const line = ['s.csv', ...flag.split(' '), '--delimiter', 'semicolon', ...how];
      const machine = builtin();
      await targetWith(machine, server, cwd);
      const { stdout } = await run(['import', ...line, '--target', 'x', '-y'], { cwd });
      const typed = `import failed.csv --table s ${told}--attributes 'mode=a b' side=x --target x`;
      expect(stdout).toContain(`mbc-flow ${typed}`);
      writeFileSync(
        join(cwd, 'failed.csv'),
        readFileSync(join(cwd, 'failed.csv'), 'utf8').replace('!fail ', ''),
      );
      const words = [...typed.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const again = await run([...words, '-y', '-o', 'json'], { cwd });
      expect([again.code, JSON.parse(again.stdout).rows]).toMatchObject([0, { total: 1, succeeded: 1 }]);
    },
  );

  test('alone are sent by --retry, and their lines are those of the file', async () => {
    const { importJson, cwd } = await setUp({ 's.csv': iconv.encode(file, 'cp932'), 'other.csv': good });
    const first = await importJson('s.csv', '--attributes', 'mode=x');
    for (const source of [[], ['s.csv']]) {
      const { code, result } = await importJson('--retry', first.result.executionArn, ...source);
      expect([code, result.rows]).toMatchObject([1, { total: 3, failed: 3 }]);
      expect(result.failures.map(({ line }: { line: number }) => line)).toEqual([3, 4, 8]);
    }
    expect(
      errorOf(await withError(importJson('--retry', first.result.executionArn, 'other.csv'))),
    ).toMatchObject({
      code: 'OtherFile',
      exitCode: 2,
    });
    expect((await importJson('--retry', first.result.executionArn)).code).toBe(5);
    // Who wants a check gets no import.
    const checked = await run(['import', '--retry', first.result.executionArn, '--check', '-o', 'json'], {
      cwd,
    });
    expect(errorOf(checked)).toMatchObject({ exitCode: 2, where: '--check' });
    // What failed in a retry, too, is the same rows: they are sent again, as often as it takes.
    for (let times = 0, last = '@last'; times < 2; times++) {
      const { code, result } = await importJson('--retry', last);
      expect([code, result.rows]).toMatchObject([1, { total: 3, failed: 3 }]);
      last = result.executionArn;
    }
  });
});

test('DescribeMapRun that is throttled delays, and no row is lost', async () => {
  const { server, cwd } = await setUp({ 'a.csv': 'id,v\n1,a\n,b\n' });
  const proxy = await startFaultProxy(server.endpoint, ({ operation, number }) =>
    operation === 'DescribeMapRun' && number < 9 ? { status: 400, code: 'ThrottlingException' } : undefined,
  );
  const line = ['import', 'a.csv', '--endpoint-url', proxy.endpoint, '-o', 'json'];
  const { code, stdout } = await run(line, { cwd, sleep: async () => {} });
  const rows = { total: 2, succeeded: 1, failed: 1, queued: 0, failedLater: 0, deadLettered: 0, unknown: 0 };
  expect([code, JSON.parse(stdout).rows]).toEqual([1, rows]);
});

const withError = async (running: Promise<{ code: number; stderr: string }>) => ({
  ...(await running),
  stdout: '',
});

describe('files as they come', () => {
  test('from standard input, read as told, mended', async () => {
    const { server, cwd } = await setUp();
    const line = ['import', '-', '--endpoint-url', server.endpoint, '-o', 'json'];
    const stdin = 'x;1 \ny; \n';
    expect(errorOf(await run(line, { cwd, stdin })).hint).toBe('--table NAME');
    const told = ['--table', 't', '--delimiter', 'semicolon', '--columns', 'id,v', '--fix'];
    const { code, stdout } = await run([...line, ...told], { cwd, stdin });
    expect([code, JSON.parse(stdout).rows]).toMatchObject([0, { total: 2, succeeded: 2 }]);
    const check = await run(['import', '--check', '-', '-o', 'json'], { cwd, stdin: good });
    expect(JSON.parse(check.stdout)).toMatchObject({ file: '-', rows: 2, confidence: 1 });
  });

  test('go encrypted as the flags say, else as the target says', async () => {
    const { server, cwd } = await setUp({ 'a.csv': good });
    const target = { region: 'ap-northeast-1', endpointUrl: server.endpoint, bucket: 'local-bucket' };
    const machines = { 'import-csv': 'import-csv' };
    const own = { ...target, machines, sse: 'aws:kms', sseKmsKeyId: 'alias/imports' };
    writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets: { x: own } }));
    const line = ['import', 'a.csv', '--target', 'x', '-o', 'json', '--key'];
    expect((await run([...line, 'k1'], { cwd })).code).toBe(0);
    expect((await run([...line, 'k2', '--sse', 'AES256'], { cwd })).code).toBe(0);
    const heads = ['k1', 'k2'].map((Key) =>
      server.s3.send(new HeadObjectCommand({ Bucket: 'local-bucket', Key })),
    );
    expect(await Promise.all(heads)).toMatchObject([
      {
        ContentType: 'text/csv; charset=utf-8',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: 'arn:aws:kms:ap-northeast-1:101010101010:alias/imports',
      },
      { ContentType: 'text/csv; charset=utf-8', ServerSideEncryption: 'AES256' },
    ]);
    const unfit = ['--sse', 'AES256', '--sse-kms-key-id', 'k'];
    expect(errorOf(await run([...line, 'k3', ...unfit], { cwd }))).toMatchObject({
      exitCode: 2,
      where: '--sse-kms-key-id',
    });
  });

  test('--check of many, by patterns; --dry-run changes nothing', async () => {
    const { importJson } = await setUp({ 'a.csv': good, 'b.csv': 'id,v\n' });
    const { code, result } = await importJson('--check', '*.csv', '--max-problems', '1');
    expect([code, result.files.map(({ file, ok }: { file: string; ok: boolean }) => [file, ok])]).toEqual([
      2,
      [
        ['a.csv', true],
        ['b.csv', false],
      ],
    ]);
    expect((await importJson('--check', 'none*.csv')).code).toBe(3);
    const some = await importJson('--check', 'gone.csv', 'a.csv', 'none*.csv', '.', 'a.csv', 'no.zip');
    expect(some.code).toBe(3);
    expect(
      some.result.files.map(({ file, ok, rows, error }: Record<string, unknown>) => [file, ok, rows, error]),
    ).toMatchObject([
      ['gone.csv', false, 0, { code: 'FileNotFound', exitCode: 3 }],
      ['a.csv', true, 2, undefined],
      ['none*.csv', false, 0, { code: 'FileNotFound' }],
      ['.', false, 0, { code: 'FileNotReadable', exitCode: 2 }],
      ['no.zip', false, 0, { code: 'FileNotFound' }],
    ]);
    const plan = (await importJson('a.csv', '--dry-run')).result;
    expect(plan).toMatchObject({ dryRun: true, via: 'execution', input: { tableName: 'a' } });
    expect((await importJson('a.csv')).result.executionArn).toContain(plan.name);
  });

  test.each([
    [['a.csv', '--encoding', 'klingon'], '--encoding'],
    [['a.csv', '--delimiter', 'x'], '--delimiter'],
    [['a.csv', '--columns', 'id,v', '--header'], '--columns'],
    [['a.csv', '--attributes', 'mode=x', 'other'], '--attributes'],
    [['a.csv', '--max-problems', 'many'], '--max-problems'],
    [['a.csv', '--parallel', '0'], '--parallel'],
    [['a.csv', 'b.csv', '--key', 'k'], '--key'],
    [['a.csv', '--failed-rows', 'a.csv'], '--failed-rows a.csv'],
  ])('%j is refused', async (words, where) => {
    const cwd = directory();
    const error = errorOf(await run(['import', ...words, '-o', 'json'], { cwd }));
    expect(error).toMatchObject({ exitCode: 2, where });
  });
});

describe('the deployed shapes of import-csv', () => {
  const rows = Array.from({ length: 250 }, (_, n) => (n === 120 ? ',x' : `${n},x`));
  const files = { 'rows.csv': `id,v\n${rows.join('\n')}\n` };
  const shapes: Record<string, (map: Record<string, unknown>) => Record<string, unknown>> = {
    'results that could not be written': (map) => ({
      ...map,
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'your-import-bucket-name', Prefix: 'sfn-results/import-csv' },
      },
    }),
    'EXPRESS children, results in the output': ({ ResultWriter: _, ...map }) => ({
      ...map,
      ItemProcessor: {
        ...(map.ItemProcessor as object),
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      },
      ResultPath: '$.processingResults',
    }),
    'results discarded': ({ ResultWriter: _, ...map }) => ({ ...map, ResultPath: null }),
  };

  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    const { server, cwd, importJson } = await setUp(files);
    const definition = builtin();
    definition.States['import-csv'] = shape(definition.States['import-csv'] ?? {});
    await targetWith(definition, server, cwd);
    const line = ['import', 'rows.csv', '--target', 'x', '-o', 'json'];
    const { code, stdout } = await run(line, { cwd });
    const { executionArn, ...result } = JSON.parse(stdout);
    expect([code, result]).toMatchObject([
      1,
      {
        status: 'SUCCEEDED',
        failures: [{ line: 122, reason: 'id is empty' }],
        rows: { total: 250, failed: 1 },
      },
    ]);
    const retry = await run(['import', '--retry', executionArn, '--target', 'x', '-o', 'json'], { cwd });
    expect(JSON.parse(retry.stdout)).toMatchObject({
      rows: { total: 1, failed: 1 },
      failures: [{ line: 122 }],
    });
    const later = ['import', 'show', executionArn, '--failed-rows', 'later.csv', '--target', 'x'];
    expect((await run(later, { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'later.csv'), 'utf8')).toMatch(/^\S+,reason\n.*id is empty\n$/);
    expect(importJson).toBeDefined();
  });

  test('rows that nothing tells of are not sent again, and it is said', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'a.csv'), good);
    writeFileSync(join(cwd, 'fn.mjs'), `export const handler = () => { throw new Error('away'); };`);
    const server = await startServer({ functions: { '*': './fn.handler' }, functionsBase: cwd });
    const definition = builtin();
    definition.States['import-csv'] = {
      ...shapes['EXPRESS children, results in the output']?.(definition.States['import-csv'] ?? {}),
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'success' }],
    };
    await targetWith(definition, server, cwd);
    const line = ['--target', 'x', '-o', 'json'];
    const { code, stdout } = await run(['import', 'a.csv', ...line], { cwd, sleep: async () => {} });
    const { executionArn, ...result } = JSON.parse(stdout);
    expect([code, result]).toMatchObject([1, { rows: { total: 2, failed: 2 } }]);
    const retry = errorOf(await run(['import', '--retry', executionArn, ...line], { cwd }));
    expect(retry).toMatchObject({ code: 'RowsNotKnown', exitCode: 2 });
    const later = await run(['import', 'show', executionArn, '--failed-rows', 'f.csv', ...line], { cwd });
    expect([later.code, JSON.parse(later.stdout)]).toMatchObject([
      1,
      { failedRowsFile: null, failedRowsError: 'it is not known which rows failed' },
    ]);
  });

  test('one that declares its delimiter and its headers', async () => {
    const { server, cwd } = await setUp({ 'a.csv': 'code;name\n1;a|b\n2;c\n' });
    await server.s3.send(new CreateBucketCommand({ Bucket: 'bucket-b' }));
    const definition = builtin();
    const map = definition.States['import-csv'] ?? {};
    map.ItemReader = {
      ...(map.ItemReader as object),
      ReaderConfig: {
        InputType: 'CSV',
        CSVDelimiter: 'PIPE',
        CSVHeaderLocation: 'GIVEN',
        CSVHeaders: ['id', 'v'],
      },
    };
    await targetWith(definition, server, cwd, 'bucket-b');
    const { code, stdout } = await run(['import', 'a.csv', '--target', 'x', '-o', 'json'], { cwd });
    expect([code, JSON.parse(stdout).rows]).toMatchObject([0, { total: 2, succeeded: 2 }]);
  });
});

test('an app without tables or tenants: what its .env says of DynamoDB keeps no import on this machine', async () => {
  const { server, cwd } = await setUp({ 'a.csv': good, 'items.json': '[{"n":1},{"n":2}]' });
  const env = (endpoint: string): string =>
    [
      `SFN_ENDPOINT=${server.endpoint}`,
      `S3_ENDPOINT=${server.endpoint}`,
      `DYNAMODB_ENDPOINT=${endpoint}`,
      'NODE_ENV=dev',
      'APP_NAME=demo',
    ].join('\n');
  writeFileSync(join(cwd, '.env'), env('http://127.0.0.1:1'));
  const imported = await run(['import', 'a.csv'], { cwd });
  expect([imported.code, imported.stderr]).toEqual([
    0,
    expect.stringContaining(
      "no job record: nothing answers at http://127.0.0.1:1, so the app's tables are neither read nor written",
    ),
  ]);
  expect(imported.stderr).not.toMatch(/ECONN|GetItem/);
  const listed = await run(['import', 'list', '--tenant', 't1'], { cwd });
  expect(listed).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('nothing answers at http://127.0.0.1:1\n'),
  });
  expect(listed.stderr).toContain('what needs no tables and queues works without them');
  expect((await run(['task', 'start', 'items.json'], { cwd })).code).toBe(0);
  writeFileSync(join(cwd, 'x.zip'), zipOf([{ name: '20260101093000-p.csv', text: good }]));
  const zip = await run(['import', 'x.zip'], { cwd });
  expect([zip.code, zip.stdout], zip.stderr).toEqual([0, expect.stringContaining('SUCCEEDED')]);
  // Whoever has tenants has jobs.
  const withTenant = await run(['import', 'a.csv', '--again', '--tenant', 't1'], { cwd });
  expect(withTenant.code).toBe(6);
  // The service is another app's: no such table.
  writeFileSync(join(cwd, '.env'), env((await startTables('other')).endpoint));
  expect((await run(['import', 'a.csv', '--again'], { cwd })).code).toBe(0);
});

describe("through the framework's job record", () => {
  async function app() {
    const setup = await setUp({ 'a.csv': good });
    const { endpoint } = await startTables('local-demo-import_tmp');
    const env = [
      `SFN_ENDPOINT=${setup.server.endpoint}`,
      `S3_ENDPOINT=${setup.server.endpoint}`,
      `DYNAMODB_ENDPOINT=${endpoint}`,
      'NODE_ENV=local',
      'APP_NAME=demo',
      'S3_BUCKET_NAME=local-bucket',
      `SFN_IMPORT_CSV_ARN=${arn('import-csv')}`,
    ];
    writeFileSync(join(setup.cwd, '.env'), env.join('\n'));
    const { tables } = createGateways(() => settingsFor(endpoint));
    const records = async () => {
      const found = [];
      for await (const item of tables.query('local-demo-import_tmp', { pk: 'CSV_IMPORT#t1' }))
        found.push(item);
      return found;
    };
    return { ...setup, tables, records };
  }

  test('it is written as the framework writes it, and what comes of it is followed', async () => {
    const { server, cwd, records, tables } = await app();
    const line = ['import', 'a.csv', '--tenant', 't1', '-o', 'json'];
    // The framework's part: the table's stream, its queue, its function.
    let polls = 0;
    const sleep = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [record] = await records();
      if (!record || ++polls !== 2) return;
      const input = JSON.stringify({ ...(record.attributes as object), sourceId: record.id });
      await server.sfn.send(
        new StartExecutionCommand({ stateMachineArn: arn('import-csv'), name: `t1-a-${Date.now()}`, input }),
      );
    };
    const { code, stdout, stderr } = await run(line, { cwd, sleep });
    expect(stderr).toBe('');
    expect([code, JSON.parse(stdout).rows]).toMatchObject([0, { total: 2, succeeded: 2 }]);
    const [record, ...others] = await records();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      pk: 'CSV_IMPORT#t1',
      sk: expect.stringMatching(/^a#[0-9A-HJKMNP-TV-Z]{26}$/),
      id: `CSV_IMPORT#t1#${record?.sk}`,
      type: 'CSV_MASTER_JOB',
      status: 'CREATED',
      tenantCode: 't1',
      attributes: {
        processingMode: 'STEP_FUNCTION',
        bucket: 'local-bucket',
        tableName: 'a',
        tenantCode: 't1',
      },
    });
    expect((await run(line, { cwd })).code).toBe(5);
    expect(await records()).toHaveLength(1);
    await tables.put('local-demo-import_tmp', { pk: 'CSV_IMPORT#t1', sk: 'b#1' });
    const ofJob = ['--source-id', 'CSV_IMPORT#t1#b#1', '--again'];
    expect((await run([...line, ...ofJob], { cwd })).code).toBe(0);
    const ghost = ['--source-id', 'CSV_IMPORT#t1#b#2', '--again'];
    expect(errorOf(await run([...line, ...ghost], { cwd }))).toMatchObject({
      code: 'JobNotFound',
      exitCode: 3,
    });
    const none = errorOf(await run(['import', 'a.csv', '-o', 'json'], { cwd }));
    expect(none).toMatchObject({ code: 'TenantNeeded', exitCode: 2 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'left by %s while the framework has not begun: the record stays, and it is said',
    async (signal, code) => {
      const { cwd, records } = await app();
      const running = start(['import', 'a.csv', '--tenant', 't1', '-o', 'json'], { cwd });
      while ((await records()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      running.signal(signal);
      const error = errorOf(await running.done);
      const [record] = await records();
      expect(error).toMatchObject({ exitCode: code, phase: 'recorded' });
      expect(error.message).toContain(`its job record ${record?.id} is written`);
      expect(error.message).toMatch(/s3:\/\/local-bucket\/.* is uploaded/);
      expect(error.message).not.toContain('nothing was started');
      expect(error.hint).toContain('follows it');
    },
  );

  test('a job that the framework gives up ends the wait', async () => {
    const { cwd, tables, records } = await app();
    const sleep = async (): Promise<void> => {
      const [record] = await records();
      if (!record) return;
      const { pk, sk } = record as { pk: string; sk: string };
      const result = { message: 'No import strategy found for table: a' };
      await tables.update('local-demo-import_tmp', { pk, sk }, { status: 'FAILED', result });
    };
    const error = errorOf(await run(['import', 'a.csv', '--tenant', 't1', '-o', 'json'], { cwd, sleep }));
    expect(error).toMatchObject({
      code: 'JobFailed',
      exitCode: 1,
      message: expect.stringContaining('strategy'),
    });
  });
});

describe('a file whose cells would be lost', () => {
  const ragged = { 'a.csv': 'id,name\n1,a,x\n2\n3,c\n' };
  const loss =
    /^warning: a\.csv: 1 row has more cells than the header: the extra cells are dropped; 1 row has fewer/m;

  test('goes on in a script, is counted, and said on one line', async () => {
    const { cwd } = await setUp(ragged);
    const json = await run(['import', 'a.csv', '-o', 'json'], { cwd });
    expect([json.code, json.stderr, JSON.parse(json.stdout).problems]).toEqual([0, '', 2]);
    const { code, stderr } = await run(['import', 'a.csv', '--again'], { cwd });
    expect([code, stderr.match(new RegExp(loss, 'gm'))?.length]).toEqual([0, 1]);
  });

  test('is refused by --strict, and by --check --strict', async () => {
    const { cwd } = await setUp({ ...ragged, 'good.csv': good });
    expect(errorOf(await run(['import', 'a.csv', '--strict', '-o', 'json'], { cwd }))).toMatchObject({
      exitCode: 2,
    });
    const checked = await run(['import', 'a.csv', '--check', '--strict'], { cwd });
    expect(checked.code).toBe(2);
    expect(checked.stdout).toMatch(/^a\.csv: not importable/);
    expect((await run(['import', 'a.csv', '--check'], { cwd })).code).toBe(0);
    expect((await run(['import', 'good.csv', '--strict'], { cwd })).code).toBe(0);
  });

  test('is asked about on a terminal', async () => {
    const { cwd } = await setUp(ragged);
    const no = await run(['import', 'a.csv'], { cwd, tty: true, stdin: 'n\n' });
    expect(no).toMatchObject({ code: 130, stderr: expect.stringMatching(loss) });
    expect((await run(['import', 'a.csv'], { cwd, tty: true, stdin: 'y\n' })).code).toBe(0);
  });
});

test('--check: a name with a line break stays on its line; what cannot be read is told in words', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'a\nb.csv'), 'id,id\n1,2\n');
  symlinkSync('loop.csv', join(cwd, 'loop.csv'));
  const { stdout } = await run(['import', '--check', 'a\nb.csv', 'loop.csv', '.'], { cwd });
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^a b\.csv: not importable/),
    expect.stringMatching(/^error: a b\.csv:1:4 /),
    'loop.csv: not checked: the file cannot be read: too many levels of symbolic links',
    '.: not checked: the file cannot be read: the path is a directory',
    '',
  ]);
  const { stderr } = await run(['start', 'command', '--input', '@.'], { cwd });
  expect(stderr).toContain('the file cannot be read: the path is a directory');
});
