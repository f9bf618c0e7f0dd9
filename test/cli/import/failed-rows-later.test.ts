import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { builtinMachines } from '../../../src/framework/machines.js';
import { startServer } from '../../local/harness.js';
import { directory, errorOf, run } from '../world.js';

// The failed rows of an import that ran without --failed-rows are written afterwards, as its own run would have.

type Machine = { States: Record<string, Record<string, unknown>> };
const machine = (change: (map: Record<string, unknown>) => void): Machine => {
  const made = JSON.parse(builtinMachines().find(({ name }) => name === 'import-csv')?.definition ?? '');
  for (const state of Object.values((made as Machine).States)) if (state.Type === 'Map') change(state);
  return made;
};

async function setUp(bytes: Uint8Array, definition?: Machine) {
  const server = await startServer();
  const cwd = directory();
  const machines = { 'import-csv': 'x-import-csv' };
  const here = { region: 'ap-northeast-1', endpointUrl: server.endpoint, bucket: 'local-bucket', machines };
  writeFileSync(join(cwd, 'mbc-flow.json'), JSON.stringify({ targets: { x: here }, defaultTarget: 'x' }));
  const [builtin] = builtinMachines().filter(({ name }) => name === 'import-csv');
  const text = definition ? JSON.stringify(definition) : (builtin?.definition ?? '');
  const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
  await server.sfn.send(new CreateStateMachineCommand({ name: 'x-import-csv', roleArn, definition: text }));
  writeFileSync(join(cwd, 'rows.csv'), bytes);
  const mbc = (...line: string[]) => run([...line, '-o', 'json'], { cwd });
  const read = (name: string): Buffer => readFileSync(join(cwd, name));
  return { ...server, cwd, mbc, read };
}

type World = Pick<Awaited<ReturnType<typeof setUp>>, 'mbc' | 'cwd'>;

const text = 'id,名前\r\n1,"a,1"\r\n,"山田, 太郎"\r\n3,!fail 駄目\r\n';
const tabs = '\ufeffid\tv\n\t"a\tb"\n2\tx\\y\n!fail no\tc\n';

test.each([
  ['Shift_JIS with CRLF', iconv.encode(text, 'shift_jis'), []],
  ['UTF-16 with a BOM and tabs', iconv.encode(tabs, 'utf-16le', { addBOM: false }), []],
  ['UTF-8 with a BOM and tabs', Buffer.from(tabs), []],
  ['without a header', Buffer.from('1;a\n;b\n'), ['--columns', 'id,v', '--delimiter', 'semicolon']],
])('%s: to the byte what the import itself writes', async (_, bytes, dialect) => {
  const { mbc, read, cwd } = await setUp(bytes);
  const first = await mbc('import', 'rows.csv', ...dialect);
  expect(first.code).toBe(1);
  expect((await mbc('import', 'rows.csv', ...dialect, '--again', '--failed-rows', 'own.csv')).code).toBe(1);
  const { executionArn } = JSON.parse(first.stdout);
  const page = await run(['show', executionArn], { cwd });
  expect(page.stdout).toContain(`mbc-flow import show ${executionArn}`);
  const dry = await mbc('import', 'show', executionArn, '--failed-rows', 'later.csv', '-n');
  expect([dry.code, existsSync(join(cwd, 'later.csv'))]).toEqual([0, false]);
  const shown = await mbc('import', 'show', executionArn, '--failed-rows', 'later.csv');
  expect(shown.code).toBe(0);
  expect(JSON.parse(shown.stdout)).toMatchObject({ executionArn, failedRowsFile: 'later.csv' });
  expect(JSON.parse(shown.stdout).rows).toEqual(JSON.parse(first.stdout).rows);
  expect(read('later.csv').toString('hex')).toBe(read('own.csv').toString('hex'));
  await importsAgain(executionArn, JSON.parse(first.stdout).rows.failed, { mbc, cwd });
});

/** What it names to type next imports the failed rows as they are. */
async function importsAgain(executionArn: string, failed: number, { mbc, cwd }: World): Promise<void> {
  const { stdout } = await run(['import', 'show', executionArn, '--failed-rows', 'later.csv'], { cwd });
  const [next = ''] = /mbc-flow import later\.csv.*/.exec(stdout) ?? [];
  const words = next.split(' ').slice(1);
  const { rows } = JSON.parse((await mbc(...words, '--again')).stdout);
  expect(rows).toMatchObject({ succeeded: 0, failed });
}

test.each([
  ['with a header', 'id,v\n1,a\n,b\n', []],
  ['without one', '1;a\n;b\n', ['--columns', 'id,v', '--delimiter', 'semicolon']],
])('for a machine that names the columns itself, of a file %s', async (_, bytes, dialect) => {
  const ReaderConfig = { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['id', 'v'] };
  const given = await setUp(
    Buffer.from(bytes),
    machine((map) => Object.assign(map.ItemReader as object, { ReaderConfig })),
  );
  const { executionArn } = JSON.parse((await given.mbc('import', 'rows.csv', ...dialect)).stdout);
  const again = [...dialect, '--again', '--failed-rows', 'own.csv'];
  expect((await given.mbc('import', 'rows.csv', ...again)).code).toBe(1);
  expect((await given.mbc('import', 'show', executionArn, '--failed-rows', 'later.csv')).code).toBe(0);
  expect(given.read('later.csv').toString()).toBe(given.read('own.csv').toString());
  await importsAgain(executionArn, 1, given);
});

test('where no results are kept, the children tell', async () => {
  const bytes = Buffer.from('id,v\n1,a\n,b\n');
  const children = await setUp(
    bytes,
    machine((map) => delete map.ResultWriter),
  );
  const { executionArn } = JSON.parse((await children.mbc('import', 'rows.csv')).stdout);
  expect((await children.mbc('import', 'show', executionArn, '--failed-rows', 'f.csv')).code).toBe(0);
  expect(children.read('f.csv').toString()).toBe('id,v,reason\n,b,id is empty\n');
});

test('an upload that is gone: the file itself, or an error that asks for it; and no other file', async () => {
  const { mbc, read, cwd, endpoint } = await setUp(Buffer.from('id,v\n1,a\n,b\n'));
  const { executionArn } = JSON.parse((await mbc('import', 'rows.csv', '--key', 'in/rows.csv')).stdout);
  const line = ['import', 'show', executionArn];
  writeFileSync(join(cwd, 'other.csv'), 'id,v\n9,z\n');
  expect(errorOf(await mbc(...line, 'other.csv', '--failed-rows', 'f.csv'))).toMatchObject({
    code: 'OtherFile',
    exitCode: 2,
  });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const s3 = new S3Client({ endpoint, region: 'ap-northeast-1', credentials, forcePathStyle: true });
  await s3.send(new DeleteObjectCommand({ Bucket: 'local-bucket', Key: 'in/rows.csv' }));
  for (const gone of [[...line, '--failed-rows', 'f.csv'], line, ['import', '--retry', executionArn]])
    expect(errorOf(await mbc(...gone))).toMatchObject({
      code: 'FileGone',
      exitCode: 3,
      where: 's3://local-bucket/in/rows.csv',
      hint: expect.stringContaining('rows.csv'),
    });
  expect((await mbc(...line, 'rows.csv', '--failed-rows', 'f.csv')).code).toBe(0);
  expect(read('f.csv').toString()).toBe('id,v,reason\n,b,id is empty\n');
});

test('what is no import, is not there any more, or can’t be written is refused', async () => {
  const { mbc } = await setUp(Buffer.from('id,v\n1,a\n,b\n'));
  const { executionArn } = JSON.parse((await mbc('import', 'rows.csv')).stdout);
  const old = executionArn.replace(/[^:]*$/, 'old');
  expect(errorOf(await mbc('import', 'show', old, '--failed-rows', 'f.csv'))).toMatchObject({
    code: 'ExecutionDoesNotExist',
    exitCode: 3,
    hint: expect.stringContaining('90 days'),
  });
  const show = (...words: string[]) => mbc('import', 'show', executionArn, ...words);
  for (const [words, message] of [
    [['--failed-rows', '.'], 'the path is a directory'],
    [['rows.csv', '--failed-rows', 'rows.csv'], 'the failed rows would overwrite the input file'],
    [['rows.csv'], 'the file is read for --failed-rows only'],
    [['--watch', '--failed-rows', 'f.csv'], 'the failed rows are known when the import has ended'],
  ] as const)
    expect(errorOf(await show(...words))).toMatchObject({ exitCode: 2, message });
});

test('an import with failures names it, and so does the refusal to import the file again', async () => {
  const { mbc, cwd } = await setUp(Buffer.from('id,v\n1,a\n,b\n'));
  const { stdout } = await run(['import', 'rows.csv'], { cwd });
  const [next = ''] = /mbc-flow import show .* --failed-rows \S+/.exec(stdout) ?? [];
  expect((await mbc(...next.split(' ').slice(1))).code).toBe(0);
  const { hint } = errorOf(await mbc('import', 'rows.csv'));
  const [again = ''] = /mbc-flow import show \S+/.exec(hint ?? '') ?? [];
  expect(JSON.parse((await mbc(...again.split(' ').slice(1))).stdout)).toMatchObject({ rows: { failed: 1 } });
});
