import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startFaultProxy } from '../../fault-proxy.js';
import { directory, errorOf, type Ran, run, start, startDirectory } from '../world.js';

const cwd = startDirectory();
const order = {
  StartAt: 'charge',
  States: {
    charge: {
      Type: 'Pass',
      Parameters: { 'id.$': '$.order.id', 'who.$': '$.who' },
      ResultPath: '$.charged',
      Next: 'settle',
    },
    settle: {
      Type: 'Choice',
      Choices: [{ Variable: '$.order.bad', IsPresent: true, Next: 'refused' }],
      Default: 'done',
    },
    refused: { Type: 'Fail', Error: 'Refused', Cause: 'だめ' },
    done: { Type: 'Succeed' },
  },
};
const slow = { StartAt: 'w', States: { w: { Type: 'Wait', Seconds: 600, End: true } } };
const good = (id: number, more: object = {}) => ({ who: 'a', order: { id, ...more } });

beforeAll(() => {
  writeFileSync(join(cwd, 'order.json'), JSON.stringify(order));
  writeFileSync(join(cwd, 'slow.json'), JSON.stringify(slow));
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({ local: { machines: { order: './order.json', slow: './slow.json' } } }),
  );
  const dev = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  return dev.waitFor(/"ready":true/).then(() => async () => {
    dev.signal('SIGTERM');
    await dev.done;
  });
});

const mbc = (...args: string[]): Promise<Ran> => run(args, { cwd });
const file = (name: string, lines: (object | string)[]): string => {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  writeFileSync(join(cwd, name), `${text}\n`);
  return name;
};
const results = ({ stdout }: Ran) =>
  stdout
    .trim()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { index: number; line: number; former: boolean; executionArn: string },
    );
const executionsOf = async (machine: string): Promise<string[]> => {
  const { stdout } = await mbc('list', machine, '-o', 'json', '--limit', '1000');
  return (JSON.parse(stdout).executions as { name: string }[]).map(({ name }) => name);
};

describe('--follow ends with what came of it', () => {
  test.each([
    ['in a pipe', false],
    ['on a terminal', true],
  ])('%s', async (_, tty) => {
    const options = { cwd, ...(tty && { tty, columns: 80 }) };
    const done = await run(['start', 'order', '--follow', '--input', JSON.stringify(good(1))], options);
    expect(done.stdout).toContain('{"who":"a","order":{"id":1},"charged":{"id":1,"who":"a"}}');
    const refused = await run(
      ['start', 'order', '--follow', '--input', JSON.stringify(good(1, { bad: true }))],
      options,
    );
    expect(refused.stdout).toMatch(tty ? /error {3}Refused: だめ\n/ : /FAILED: だめ \(Refused\)\n$/);
  });

  test('-o ndjson tells it with the end', async () => {
    const { stdout } = await mbc(
      'start',
      'order',
      '--follow',
      '--input',
      JSON.stringify(good(1)),
      '-o',
      'ndjson',
    );
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'execution',
      status: 'SUCCEEDED',
      output: expect.stringContaining('charged'),
    });
  });
});

describe('an input that its machine would fail on at once', () => {
  test('is refused, with what is missing and who asks for it; --no-check starts it', async () => {
    const refused = await mbc('start', 'order', '--input', '{"order":{}}');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("order would fail at once with this input, in its state 'charge'");
    expect(refused.stderr).toContain('$.order.id is missing (asked for by Parameters/id.$)');
    expect(refused.stderr).toContain('$.who is missing (asked for by Parameters/who.$)');
    expect(errorOf(await mbc('start', 'order', '--input', '{}', '-n', '-o', 'json'))).toMatchObject({
      code: 'InputDoesNotFit',
      where: '--input',
      stateName: 'charge',
      missing: [
        { path: '$.order.id', field: 'Parameters/id.$' },
        { path: '$.who', field: 'Parameters/who.$' },
      ],
    });
    expect((await mbc('start', 'order', '--input', '{}', '--no-check', '--follow')).code).toBe(1);
    expect(errorOf(await mbc('rerun', '@last', '-o', 'json'))).toMatchObject({ code: 'InputDoesNotFit' });
  });

  test('nobody gave one: it is started, with a warning', async () => {
    const started = await mbc('start', 'order');
    expect(started.code).toBe(0);
    expect(started.stderr).toContain('warning: order would fail at once');
  });

  test.each([
    ['left as it was', 'true'],
    [
      'written anew with other spaces',
      `${process.execPath} -e "const f=require('fs'),p=process.argv[1];f.writeFileSync(p,JSON.stringify(JSON.parse(f.readFileSync(p))))"`,
    ],
    ['emptied', 'truncate -s 0'],
    ['removed', 'rm'],
    ['given up in the editor', 'false'],
    ['meant for an editor that is not there', '/nowhere/vi'],
  ])('an input that is %s starts nothing', async (_, EDITOR) => {
    const cwd = directory();
    const ran = await run(['start', 'command', '--input', '{"a":{"b":1}}', '--edit'], {
      cwd,
      env: { EDITOR, PATH: process.env.PATH ?? '' },
    });
    expect(ran).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/^Canceled: .*; nothing was started\n$/),
    });
    const { executions } = JSON.parse((await run(['list', '-o', 'json'], { cwd })).stdout);
    expect(executions).toEqual([]);
  });

  test('--edit begins with the input, and what is saved is checked', async () => {
    writeFileSync(
      join(cwd, 'edit.cjs'),
      `const fs = require('fs'); const [, , file] = process.argv;
       const input = JSON.parse(fs.readFileSync(file, 'utf8'));
       fs.writeFileSync(file, JSON.stringify({ ...input, ...JSON.parse(process.env.ADD) }));`,
    );
    const edited = (add: object) =>
      run(['start', 'order', '--input', '{"who":"b"}', '--edit', '--follow', '-o', 'json'], {
        cwd,
        env: { EDITOR: `${process.execPath} ${join(cwd, 'edit.cjs')}`, ADD: JSON.stringify(add) },
      });
    expect(errorOf(await edited({ more: 1 }))).toMatchObject({ code: 'InputDoesNotFit', where: '--edit' });
    const { code, stdout } = await edited({ order: { id: 1 } });
    expect(code).toBe(0);
    expect(JSON.parse(JSON.parse(stdout).output).charged).toEqual({ id: 1, who: 'b' });
  });
});

describe('a name that was given before', () => {
  test('with the same input it is that execution, with another exit 5 and what differs', async () => {
    const begin = (input: object, ...args: string[]) =>
      mbc('start', 'order', '--name', 'taken', '--input', JSON.stringify(input), ...args);
    const first = await begin(good(1), '--follow');
    expect(first.code).toBe(0);
    const same = await begin({ order: { id: 1 }, who: 'a' });
    expect(same.code).toBe(0);
    expect(same.stderr).toMatch(/taken was started before with this input, at .* \(SUCCEEDED\)/);
    expect(same.stderr).not.toMatch(/keeps running|pauses/);
    expect(same.stdout).toMatch(/:order:taken\n$/);
    const other = await begin(good(2, { x: true }));
    expect(other.code).toBe(5);
    expect(other.stderr).toContain('$.order.id: 1 there, 2 here');
    expect(other.stderr).toContain('$.order.x: nothing there, true here');
    expect((await executionsOf('order')).filter((name) => name === 'taken')).toHaveLength(1);
  });
});

describe('--each', () => {
  test('one execution a line; again it starts nothing; new lines anywhere are started alone', async () => {
    const lines = [good(1), good(2), '', good(2), good(3)];
    const each = (...args: string[]) =>
      mbc('start', 'order', '--each', 'a.ndjson', '--name', 'a', '-o', 'ndjson', ...args);
    file('a.ndjson', lines);
    const first = await each();
    expect(first.code, first.stderr).toBe(0);
    expect(
      results(first)
        .map(({ index, line }) => [index, line])
        .sort(),
    ).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 5],
    ]);
    const arns = new Set(results(first).map(({ executionArn }) => executionArn));
    expect(arns.size).toBe(4);
    file('a.ndjson', [good(4), ...lines, good(2)]);
    const second = results(await each('--follow'));
    expect(
      second
        .filter(({ former }) => !former)
        .map(({ line }) => line)
        .sort(),
    ).toEqual([1, 7]);
    expect(
      second
        .filter(({ former }) => former)
        .map(({ executionArn }) => executionArn)
        .sort(),
    ).toEqual([...arns].sort());
    expect((await executionsOf('order')).filter((name) => name.startsWith('a-'))).toHaveLength(6);
  });

  test('--follow: outcomes line by line, the worst decides, and the sum', async () => {
    file('b.ndjson', [good(1), good(2, { bad: 1 }), good(3)]);
    const ran = await mbc('start', 'order', '--each', 'b.ndjson', '--name', 'b', '--follow');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/line 2 {2}FAILED after .* b-[0-9a-f]{16} {2}だめ/);
    expect(ran.stderr).toContain('3 inputs: 3 started; 2 succeeded, 1 failed');
    const { stdout } = await mbc(
      'start',
      'order',
      '--each',
      'b.ndjson',
      '--name',
      'b',
      '--follow',
      '-o',
      'json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      inputs: { total: 3, started: 0, former: 3, succeeded: 2, failed: 1 },
    });
  });

  test('a bad line is found before anything is started, wherever it stands', async () => {
    file('c.ndjson', [good(1), '{"order": nope}', { order: { id: 2 } }, `"${'x'.repeat(262_144)}"`]);
    const refused = await mbc('start', 'order', '--each', 'c.ndjson', '--name', 'c');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('c.ndjson:2:11');
    expect(refused.stderr).toContain("c.ndjson:3:1 it would fail at once in 'charge': $.who is missing");
    expect(refused.stderr).toContain('c.ndjson:4:1 the input has 262146 bytes');
    expect((await executionsOf('order')).filter((name) => name.startsWith('c-'))).toEqual([]);
    writeFileSync(join(cwd, 'latin.ndjson'), Buffer.from([0x22, 0xe9, 0x22, 0x0a]));
    expect(errorOf(await mbc('start', 'order', '--each', 'latin.ndjson', '-o', 'json'))).toMatchObject({
      code: 'NotUtf8',
      exitCode: 2,
    });
    file('empty.ndjson', []);
    expect((await mbc('start', 'order', '--each', 'empty.ndjson')).code).toBe(2);
    expect((await mbc('start', 'order', '--each', 'none.ndjson')).code).toBe(3);
    expect((await mbc('start', 'order', '--each', 'c.ndjson', '--input', '{}')).code).toBe(2);
    expect((await mbc('start', 'order', '--rate', '3')).code).toBe(2);
    expect((await mbc('start', 'order', '--each', 'c.ndjson', '--rate', '0')).stderr).toContain(
      '--rate 20/s',
    );
  });

  test('from stdin, with a BOM and CRLF; --dry-run changes nothing', async () => {
    const stdin = `\ufeff${JSON.stringify(good(1))}\r\n${JSON.stringify(good(2))}`;
    const each = (...args: string[]) =>
      run(['start', 'order', '--each', '-', '--name', 'd', ...args], { cwd, stdin });
    expect(JSON.parse((await each('-n', '-o', 'json')).stdout)).toMatchObject({ dryRun: true, inputs: 2 });
    expect(results(await each('-o', 'ndjson')).map(({ former }) => former)).toEqual([false, false]);
  });

  test('--rate bounds the starts a second, --parallel what is under way at once', async () => {
    file(
      'e.ndjson',
      [0, 1, 2, 3, 4].map((id) => good(id)),
    );
    const began = Date.now();
    expect((await mbc('start', 'order', '--each', 'e.ndjson', '--name', 'e', '--rate', '10/s')).code).toBe(0);
    expect(Date.now() - began).toBeGreaterThan(340);
    file(
      'f.ndjson',
      [0, 1, 2, 3].map((id) => ({ id })),
    );
    const running = start(['start', 'slow', '--each', 'f.ndjson', '--follow', '--parallel', '2'], { cwd });
    while ((await executionsOf('slow')).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    running.signal('SIGINT');
    const left = await running.done;
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(/2 of 4 inputs were started.*keep running/);
    expect(left.stderr).toContain('run the same command line again to start the rest');
    expect(await executionsOf('slow')).toHaveLength(2);
  });

  test('lost answers start nothing twice; a refusal ends it, and the same line goes on', async () => {
    const { endpoint } = JSON.parse(readFileSync(join(cwd, '.mbc-flow/server.json'), 'utf8'));
    let denying = true;
    const proxy = await startFaultProxy(endpoint, ({ operation, number }) => {
      if (operation !== 'StartExecution') return undefined;
      if (number === 2) return 'reset-after';
      return denying && number > 4 ? { status: 400, code: 'AccessDeniedException' } : undefined;
    });
    file(
      'g.ndjson',
      [1, 2, 3, 4, 5, 6].map((id) => good(id)),
    );
    const each = () =>
      mbc(
        'start',
        'order',
        '--each',
        'g.ndjson',
        '--name',
        'g',
        '--parallel',
        '1',
        '--endpoint-url',
        proxy.endpoint,
        '-o',
        'json',
      );
    expect(errorOf(await each())).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('(3 of 6 inputs were started)'),
      hint: expect.stringContaining('run the same command line again to start the rest'),
    });
    denying = false;
    expect(JSON.parse((await each()).stdout).inputs).toMatchObject({ started: 3, former: 3, notStarted: 0 });
    expect((await executionsOf('order')).filter((name) => name.startsWith('g-'))).toHaveLength(6);
  });
});
