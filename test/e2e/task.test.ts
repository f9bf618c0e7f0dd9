import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { config, items, ranIn, swallowing, type Told, withFiles } from '../task-items.js';
import { runCli, startCli, startDev, workDirectory } from './cli.js';
import { runHere } from './here.js';

const folderWith = (files: Record<string, string | Uint8Array>): string => withFiles(workDirectory(), files);

async function taskJson(
  cwd: string,
  args: string[],
  stdin?: string,
): Promise<{ exitCode: number; told: Told }> {
  const { exitCode, stdout, stderr } = await runHere(['task', 'start', ...args, '-o', 'json'], {
    cwd,
    stdin,
  });
  expect(stderr).toBe('');
  return { exitCode, told: JSON.parse(stdout) as Told };
}

describe('items of newcomers', () => {
  test('JSON, NDJSON, CSV in Shift_JIS and standard input: each item with its output, in order', async () => {
    const cwd = folderWith({
      'a.json': '[{"id":1},\n {"id":12345678901234567000},"緑茶"]',
      'b.ndjson': '{"id":1}\r\n\r\n[2]\r\n',
      'c.csv': iconv.encode('番号,品名\r\n1,髙島屋①\r\n2,ﾊﾝｶｸ\r\n', 'cp932'),
    });
    const outputs = async (args: string[], stdin?: string): Promise<unknown[]> => {
      const { exitCode, told } = await taskJson(cwd, args, stdin);
      expect(exitCode).toBe(0);
      expect(told.results.map(({ index }) => index)).toEqual(told.results.map((_, index) => index));
      return told.results.map(({ output }) => (output as { result: unknown }).result);
    };
    expect(await outputs(['a.json'])).toEqual([{ id: 1 }, { id: 12345678901234567000 }, '緑茶']);
    expect(await outputs(['b.ndjson'])).toEqual([{ id: 1 }, [2]]);
    expect(await outputs(['c.csv'])).toEqual([
      { 番号: '1', 品名: '髙島屋①' },
      { 番号: '2', 品名: 'ﾊﾝｶｸ' },
    ]);
    const { stderr } = await runHere(['task', 'start', 'c.csv', '--again', '-n'], { cwd });
    expect(stderr).toContain('c.csv:1:1 Shift_JIS: converted to UTF-8\n');
    expect(await outputs(['-'], '{"x":1}\n{"x":2}\n')).toEqual([{ x: 1 }, { x: 2 }]);
  });

  test('an item that fails: the others run all the same, exit 1, and a reason', async () => {
    const cwd = folderWith({
      'items.json': JSON.stringify([1, 2, { fail: '在庫がありません' }, 4, { fail: 'no' }, 6]),
    });
    const { exitCode, told } = await taskJson(cwd, ['items.json']);
    expect(exitCode).toBe(1);
    expect(told.items).toEqual({ total: 6, succeeded: 4, failed: 2, notRun: 0 });
    expect(told.results.map(({ status }) => status)).toEqual([
      'SUCCEEDED',
      'SUCCEEDED',
      'FAILED',
      'SUCCEEDED',
      'FAILED',
      'SUCCEEDED',
    ]);
    expect(told.results[2]).toMatchObject({ index: 2, error: 'Error', message: '在庫がありません' });
    const text = await runCli(['task', 'show', told.batch], { cwd });
    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text.stdout).toMatch(/2 {5}FAILED {2}Error: 在庫がありません/);
    expect(text.stdout).toContain(`mbc-flow task start --rerun ${told.batch}`);
  });
});

describe('a client that is killed', () => {
  test('the same command line goes on: every item ran once, and is told in order', async () => {
    const cwd = folderWith({ 'function.mjs': swallowing, 'items.json': items(300, (id) => id % 33 === 7) });
    writeFileSync(join(cwd, 'mbc-flow.json'), config);
    const dev = await startDev({ cwd });
    onTestFinished(async () => void (await dev.kill()));
    const args = ['items.json', '--batch-size', '40', '--parallel', '3'];
    for (let kills = 0; kills < 3; kills++) {
      const client = startCli(['task', 'start', ...args, '-o', 'ndjson'], { cwd });
      await client.waitFor(/"status":"RUNNING"/);
      client.child.kill('SIGKILL');
      await client.done;
    }
    const { exitCode, told } = await taskJson(cwd, args);
    expect(exitCode).toBe(1);
    expect(told.executions).toHaveLength(8);
    expect(told.items).toEqual({ total: 300, succeeded: 291, failed: 9, notRun: 0 });
    expect(told.results.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, id) => id));
    expect(told.results.filter(({ status }) => status === 'FAILED').map(({ index }) => index % 33)).toEqual(
      Array.from({ length: 9 }, () => 7),
    );
    expect(ranIn(cwd).sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, id) => id));
  });

  test('Ctrl-C leaves it going, and says how to go on', async () => {
    const cwd = folderWith({
      'items.json': JSON.stringify(Array.from({ length: 20 }, () => ({ sleepMs: 300 }))),
    });
    const dev = await startDev({ cwd });
    onTestFinished(async () => void (await dev.kill()));
    const client = startCli(['task', 'start', 'items.json', '-v'], { cwd });
    await client.waitFor(/started arn/);
    client.child.kill('SIGINT');
    const { exitCode, stderr } = await client.done;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/keeps? running/);
    expect(stderr).toMatch(/same command line again/i);
    expect(await taskJson(cwd, ['items.json'])).toMatchObject({
      exitCode: 0,
      told: { items: { succeeded: 20 } },
    });
  });
});
