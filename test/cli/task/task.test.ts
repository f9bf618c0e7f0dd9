import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import iconv from 'iconv-lite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { config, items, ranIn, swallowing, type Told, withFiles } from '../../task-items.js';
import { directory, errorOf, run, start } from '../world.js';

const folderWith = (files: Record<string, string | Uint8Array>): string => withFiles(directory(), files);

async function taskJson(cwd: string, args: string[], stdin?: string): Promise<{ code: number; told: Told }> {
  const { code, stdout, stderr } = await run(['task', 'start', ...args, '-o', 'json'], { cwd, stdin });
  expect(stderr).toBe('');
  return { code, told: JSON.parse(stdout) as Told };
}

describe('files that are refused', () => {
  const large = JSON.stringify('あ'.repeat(90_000));
  const bad: [string, string | Uint8Array, string, string][] = [
    ['broken.json', '[{"id":1},\n {"id":}]', 'broken.json:2:8', 'no JSON'],
    ['object.json', ' {"items":[1]}', 'object.json:1:2', 'one object'],
    ['empty.json', '[]', 'empty.json:1:1', 'no items'],
    ['lines.ndjson', '{"a":1}\n{"a":\n{"b":}\n', 'lines.ndjson:2:6', 'lines.ndjson:3:6'],
    ['large.json', `[1,\n${large}]`, 'large.json:2', 'item 1 has 270002 bytes'],
    ['sjis.json', iconv.encode('["a",\n"在庫"]', 'cp932'), 'sjis.json:2', 'UTF-8'],
    ['rows.csv', 'a,b,a\n1,2,3\n', 'rows.csv:1:5', 'duplicate'],
  ];
  test.each(bad)('%s: one error block, located, exit 2', async (name, content, where, what) => {
    const { code, stdout, stderr } = await run(['task', 'start', name], {
      cwd: folderWith({ [name]: content }),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
    expect(stderr).toContain(where);
    expect(stderr.toLowerCase()).toContain(what.toLowerCase());
  });
});

describe('a function that swallows its errors', () => {
  test('SUCCEEDED all the same: told item by item, exit 1; --rerun runs these alone, then exit 0', async () => {
    const cwd = folderWith({
      'function.mjs': swallowing,
      'mbc-flow.json': config,
      'items.json': items(30, (id) => id % 10 === 3),
    });
    const { code, told } = await taskJson(cwd, ['items.json', '--batch-size', '12', '--results', 'out.csv']);
    expect(code).toBe(1);
    expect(told.executions).toHaveLength(3);
    expect(told.items).toEqual({ total: 30, succeeded: 27, failed: 3, notRun: 0 });
    expect(told.results.map(({ output }) => output)).toEqual(
      Array.from({ length: 30 }, (_, id) => (id % 10 === 3 ? null : { done: id })),
    );
    expect(told.results[13]).toMatchObject({ status: 'FAILED', error: 'NullOutput' });
    expect(readFileSync(join(cwd, 'out.csv'), 'utf8').split('\n')).toHaveLength(32);
    expect(ranIn(cwd)).toHaveLength(30);

    const again = await run(['task', 'start', 'items.json', '--batch-size', '12', '-o', 'json'], { cwd });
    expect(again.code).toBe(5);
    expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: 'AlreadyRun', batch: told.batch } });

    writeFileSync(join(cwd, 'cured'), '');
    writeFileSync(join(cwd, 'ran.txt'), '');
    const rerun = await taskJson(cwd, ['--rerun', told.batch]);
    expect(rerun.code).toBe(0);
    expect(rerun.told.results.map(({ index }) => index)).toEqual([3, 13, 23]);
    expect(ranIn(cwd).sort((a, b) => a - b)).toEqual([3, 13, 23]);
    const nothing = await run(['task', 'start', '--rerun', told.batch], { cwd });
    expect(nothing).toMatchObject({ code: 0, stdout: '' });
    expect(ranIn(cwd)).toHaveLength(3);

    const list = await run(['task', 'list', '-o', 'json'], { cwd });
    expect(JSON.parse(list.stdout)).toMatchObject({
      batches: [
        { batch: rerun.told.batch, items: { total: 3, succeeded: 3 }, executions: { total: 1 } },
        {
          batch: told.batch,
          source: 'items.json',
          items: { total: 30, failed: 3 },
          executions: { total: 3 },
        },
      ],
    });
  });

  test('an execution that others started is run again by what its history says', async () => {
    const cwd = folderWith({
      'function.mjs': swallowing,
      'mbc-flow.json': config,
      'items.json': items(6, (id) => id === 2),
    });
    await run(['start', 'sfn-task', '--name', 'theirs', '--input', '@items.json', '--follow'], { cwd });
    const shown = await run(['task', 'show', 'theirs', '-o', 'json'], { cwd });
    expect(JSON.parse(shown.stdout)).toMatchObject({
      status: 'SUCCEEDED',
      items: { total: 6, succeeded: 5, failed: 1 },
      failures: [{ index: 2, status: 'FAILED' }],
    });
    writeFileSync(join(cwd, 'cured'), '');
    const { code, told } = await taskJson(cwd, ['--rerun', 'theirs']);
    expect(code).toBe(0);
    expect(told.results).toEqual([{ index: 2, status: 'SUCCEEDED', output: { done: 2 } }]);
    expect(ranIn(cwd)).toEqual([...ranIn(cwd).slice(0, 6), 2]);
  });
});

describe('plans and refusals', () => {
  test('results that would replace the items: the flag that says so is named', async () => {
    const cwd = folderWith({ 'items.json': items(2, () => false) });
    const ran = await run(['task', 'start', 'items.json', '--results', 'items.json', '-o', 'json'], { cwd });
    expect([ran.code, errorOf(ran)]).toMatchObject([
      2,
      {
        code: 'FileNotWritable',
        where: '--results items.json',
        message: 'the results would overwrite the input file',
      },
    ]);
  });

  test('a batch that is not there: exit 3, and where to look', async () => {
    for (const words of [
      ['task', 'show', 'nothing'],
      ['task', 'start', '--rerun', 'nothing'],
    ]) {
      const ran = await run([...words, '-o', 'json']);
      expect([ran.code, errorOf(ran)]).toMatchObject([
        3,
        { code: 'BatchNotFound', hint: 'mbc-flow task list' },
      ]);
    }
  });

  test('--dry-run shows how it would be cut, and by what', async () => {
    const cwd = folderWith({ 'items.json': items(5_000, () => false) });
    const { code, stdout } = await run(['task', 'start', 'items.json', '--dry-run', '-o', 'json'], {
      cwd,
    });
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as { executions: { items: number }[]; limits: string[] };
    expect(plan).toMatchObject({ dryRun: true, items: 5_000, via: 'execution', limits: ['events'] });
    expect(plan.executions.map((one) => one.items)).toEqual([834, 834, 834, 834, 834, 830]);
    expect(existsSync(join(cwd, 'ran.txt'))).toBe(false);
    expect((await run(['task', 'list', '-o', 'json'], { cwd })).stdout).toContain('"batches":[]');
  });

  test('a machine that is EXPRESS, or has no items: exit 2', async () => {
    const cwd = folderWith({ 'items.json': '[1]' });
    const dev = start(['dev', '--port', '0', '-o', 'json'], { cwd });
    onTestFinished(async () => {
      dev.signal('SIGINT');
      await dev.done;
    });
    const ready = /"endpoint":"([^"]+)"/.exec(await dev.waitFor(/"ready":true/));
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const sfn = new SFNClient({ endpoint: ready?.[1], region: 'ap-northeast-1', credentials });
    const roleArn = 'arn:aws:iam::101010101010:role/x';
    const definition = JSON.stringify({ StartAt: 'p', States: { p: { Type: 'Pass', End: true } } });
    await sfn.send(new CreateStateMachineCommand({ name: 'fast', type: 'EXPRESS', definition, roleArn }));
    await sfn.send(new CreateStateMachineCommand({ name: 'plain', definition, roleArn }));
    for (const [machine, name] of [
      ['fast', 'ExpressMachine'],
      ['plain', 'NoItemsMap'],
    ]) {
      const ran = await run(['task', 'start', 'items.json', '--machine', machine ?? '', '-o', 'json'], {
        cwd,
      });
      expect(ran.code).toBe(2);
      expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: name } });
    }
  });
});
