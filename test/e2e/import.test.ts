import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import iconv from 'iconv-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { documentedImportMachine } from '../framework/import/documented-machine.js';
import { type DevServer, runCli, startDev, startInTerminal, workDirectory } from './cli.js';
import { runHere } from './here.js';

interface Imported {
  executionArn: string;
  status: string;
  rows: Record<
    'total' | 'succeeded' | 'failed' | 'queued' | 'failedLater' | 'deadLettered' | 'unknown',
    number
  >;
  failures: { line?: number; firstLine?: number; lastLine?: number; failed?: number; reason: string }[];
}

function folderWith(files: Record<string, string | Uint8Array>): string {
  const cwd = workDirectory();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

async function importJson(cwd: string, ...args: string[]): Promise<{ exitCode: number; result: Imported }> {
  const { exitCode, stdout, stderr } = await runHere(['import', ...args, '-o', 'json'], { cwd });
  expect(stderr).toBe('');
  return { exitCode, result: JSON.parse(stdout) as Imported };
}

/** Of all tests but those of a command that carries its server itself. */
let dev: DevServer;
beforeAll(async () => {
  dev = await startDev();
  return () => dev.kill('SIGKILL');
});

/** The same with the shared server; the table keeps what tests import apart. */
const importThere = (cwd: string, file: string, table: string) =>
  importJson(cwd, file, '--table', table, '--endpoint-url', dev.endpoint);

describe('files of newcomers', () => {
  const files: Record<string, string | Uint8Array> = {
    'plain.csv': 'name,price\nTea,150\nCoffee,880\n',
    '商品 一覧.csv': 'id,商品名\n1,"緑茶, 500ml"\n2,"麦茶\n2L"\n',
    'crlf.csv': 'id,name\r\n1,a\r\n2,b\r\n',
    'bom.csv': '\ufeffid,name\n1,a\n2,b\n',
    'tabs.csv': 'id\tname\n1\ta\n2\tb\n',
    'semicolons.csv': 'id;name\n1;a\n2;b\n',
    'sjis.csv': iconv.encode('番号,品名\n1,髙島屋①\n2,ﾊﾝｶｸ\n', 'cp932'),
    'one.csv': 'x\n1\n2\n',
    'dots.csv': 'a.b,$c,[d]\n1,2,3\n4,5,6\n',
  };

  test('each imports, with or without a column id', async () => {
    const names = Object.keys(files);
    const { exitCode, stdout, stderr } = await runCli(['import', ...names, '--local', '-o', 'json'], {
      cwd: folderWith(files),
    });
    expect(stderr).toBe('');
    const { imports } = JSON.parse(stdout);
    expect(imports).toMatchObject(
      names.map((file) => ({
        file,
        status: 'SUCCEEDED',
        rows: { total: 2, succeeded: 2, failed: 0, unknown: 0 },
      })),
    );
    expect(exitCode).toBe(0);
  });
});

describe('rows that are refused', () => {
  const bad = 'id,名前\n1,あ\n,い\n3,"う\nえ"\n4,!fail 在庫がありません\n5,お\n';

  test('exit 1, their lines and reasons, the others stored', async () => {
    const { exitCode, result } = await importThere(folderWith({ 'bad.csv': bad }), 'bad.csv', 'bad');
    expect(exitCode).toBe(1);
    expect(result.rows).toEqual({
      total: 5,
      succeeded: 3,
      failed: 2,
      queued: 0,
      failedLater: 0,
      deadLettered: 0,
      unknown: 0,
    });
    expect(result.failures).toEqual([
      { line: 3, reason: 'id is empty' },
      { line: 6, reason: '在庫がありません' },
    ]);
  });

  test('the lines are those of the original Shift_JIS file', async () => {
    const cwd = folderWith({ 'bad.csv': iconv.encode(bad.replaceAll('\n', '\r\n'), 'cp932') });
    const { result } = await importThere(cwd, 'bad.csv', 'sjis');
    expect(result.failures).toEqual([
      { line: 3, reason: 'id is empty' },
      { line: 6, reason: '在庫がありません' },
    ]);
  });

  test('among many batches, identical ones too', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => (n % 250 === 99 ? ',x' : '7,x'));
    const { exitCode, result } = await importThere(
      folderWith({ 'many.csv': `id,v\n${lines.join('\n')}\n` }),
      'many.csv',
      'many',
    );
    expect(exitCode).toBe(1);
    expect(result.failures.map(({ line }) => line)).toEqual([101, 351, 601, 851]);
  });

  test('among wide rows, of which a batch takes fewer', async () => {
    const columns = Array.from({ length: 900 }, (_, n) => `列${n}`);
    const rows = Array.from({ length: 90 }, (_, n) =>
      columns.map((_column, c) => (c === 7 && n % 40 === 39 ? '!fail no' : 'v')),
    );
    const csv = [columns, ...rows].map((cells) => cells.join(',')).join('\n');
    const { result } = await importThere(folderWith({ 'wide.csv': csv }), 'wide.csv', 'wide');
    expect(result).toMatchObject({
      status: 'SUCCEEDED',
      rows: { total: 90, succeeded: 88, failed: 2, unknown: 0 },
    });
    expect(result.failures.map(({ line }) => line)).toEqual([41, 81]);
  });

  test('a table of lines and reasons, aligned, in a terminal of 60 columns', async () => {
    const cwd = folderWith({ 'bad.csv': bad });
    const terminal = startInTerminal(['import', 'bad.csv', '--no-color'], { cwd, columns: 60 });
    const { exitCode, output } = await terminal.done;
    expect(exitCode).toBe(1);
    expect(output).toMatch(/ {2}3 {5}id is empty/);
    expect(output).toMatch(/ {2}6 {5}在庫がありません/);
  });
});

describe('files that are refused', () => {
  const bad: [string, string | Uint8Array, string][] = [
    ['p.csv', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 'p.csv:1'],
    ['e.csv', '', 'e.csv:1'],
    ['h.csv', 'a,b\n', 'h.csv'],
    ['q.csv', 'a,b\n1,"x\n2,3\n', 'q.csv:2'],
    ['d.csv', 'a,b,a\n1,2,3\n', 'd.csv:1:5'],
  ];
  test.each(bad)('%s: one error block, located, exit 2', async (name, content, where) => {
    const cwd = folderWith({ [name]: content });
    const { exitCode, stdout, stderr } = await runCli(['import', name], { cwd });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
    expect(stderr).toContain(where);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('an absent file: exit 3, one JSON line under -o json', async () => {
    const { exitCode, stderr } = await runCli(['import', 'nope.csv', '-o', 'json']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'FileNotFound', exitCode: 3, where: 'nope.csv' },
    });
  });

  test('--check reports and changes nothing', async () => {
    const cwd = folderWith({ 'ragged.csv': 'a,b\n1\n2,3,4\n' });
    const { exitCode, stdout } = await runCli(['import', '--check', 'ragged.csv', '-o', 'json'], { cwd });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'ragged.csv',
      rows: 2,
      ok: true,
      problems: [
        { severity: 'warning', code: 'ShortRow', line: 2 },
        { severity: 'warning', code: 'LongRow', line: 3 },
      ],
    });
    expect((await runCli(['list', '-o', 'json'], { cwd })).stdout).toContain('"executions":[]');
  });
});

describe('against other machines', () => {
  const invoke = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'any', Payload: { 'input.$': '$', 'context.$': '$$' } },
    End: true,
  };

  test("the documentation's shape: every row accounted for while the result fits, and told when it does not", async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sfn = new SFNClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials });
    const create = (name: string, row: object) =>
      sfn.send(
        new CreateStateMachineCommand({
          name,
          roleArn: 'arn:aws:iam::101010101010:role/DummyRole',
          definition: JSON.stringify(documentedImportMachine(row)),
        }),
      );
    await create('docs-import-csv', { ...invoke, OutputPath: '$.Payload[0][0]' });
    await create('raw-import-csv', invoke);
    const rows = Array.from({ length: 40 }, (_, n) => (n === 6 ? ',x' : `${n},x`));
    const cwd = folderWith({
      'small.csv': `id,v\n${rows.join('\n')}\n`,
      'large.csv': `id,v\n${Array.from({ length: 1_000 }, (_, n) => `${n},x`).join('\n')}\n`,
    });
    for (const machine of ['docs-import-csv', 'raw-import-csv']) {
      writeFileSync(
        join(cwd, 'mbc-flow.json'),
        JSON.stringify({
          defaultTarget: 'other',
          targets: {
            other: {
              region: 'ap-northeast-1',
              endpointUrl: dev.endpoint,
              bucket: 'local-bucket',
              machines: { 'import-csv': machine },
            },
          },
        }),
      );
      const { exitCode, result } = await importJson(cwd, 'small.csv');
      expect(result).toMatchObject({
        status: 'SUCCEEDED',
        rows: { total: 40, succeeded: 39, failed: 1, unknown: 0 },
        failures: [{ line: 8, reason: 'id is empty' }],
      });
      expect(exitCode).toBe(1);
    }
    const large = await importJson(cwd, 'large.csv');
    expect(large.exitCode).toBe(1);
    expect(large.result).toMatchObject({
      status: 'FAILED',
      rows: { total: 1_000, succeeded: 0, unknown: 1_000 },
    });
  });
});
