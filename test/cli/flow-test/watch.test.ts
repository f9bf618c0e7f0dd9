import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, type Running, start } from '../world.js';

const machine = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
const cases = (...names: string[]): string =>
  `machine: ./m.asl.json\ncases:\n${names.map((name) => `  - { name: ${name} }\n`).join('')}`;

/** After each change: the sum of the run that follows it, and the notices around it. */
async function round(running: Running, number: number): Promise<{ sum?: string; told?: string }> {
  const all = await running.waitFor(new RegExp(`(?:Waiting for changes[\\s\\S]*?){${number}}`));
  return {
    sum: all.match(/\d+ (?:passed|failed)/g)?.at(-1),
    told: all.split('Waiting for changes').at(number - 1),
  };
}

test('--watch takes up files that come, go, are renamed, broken and mended', async () => {
  const cwd = directory();
  const file = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  file('m.asl.json', machine);
  const running = start(['test', '--watch'], { cwd });
  let rounds = 0;
  const after = async (change: () => void) => {
    change();
    return await round(running, ++rounds);
  };
  expect((await after(() => {})).told).toContain('There are no tests here');
  expect(await after(() => file('a.flow.yaml', cases('one')))).toMatchObject({
    sum: '1 passed',
    told: expect.stringContaining('Changed: a.flow.yaml\n'),
  });
  mkdirSync(join(cwd, 'sub'));
  expect((await after(() => file('b.flow.yaml', cases('two')))).sum).toBe('2 passed');
  file('sub/m.asl.json', machine);
  expect((await after(() => file('sub/c.flow.yaml', cases('three')))).sum).toBe('3 passed');
  const rename = () => renameSync(join(cwd, 'b.flow.yaml'), join(cwd, 'd.flow.yaml'));
  expect(await after(rename)).toMatchObject({
    sum: '3 passed',
    told: expect.stringContaining('d.flow.yaml'),
  });
  expect(await after(() => file('a.flow.yaml', 'machine: [\n'))).toMatchObject({
    sum: '2 passed',
    told: expect.stringMatching(/the test file can't be read.*\n {2}at a\.flow\.yaml:2:1/),
  });
  expect((await after(() => file('a.flow.yaml', cases('one', 'more')))).sum).toBe('4 passed');
  // A state machine that can't be read: its tests can't run, the others do.
  expect(await after(() => file('sub/m.asl.json', '{'))).toMatchObject({
    sum: '3 passed',
    told: expect.stringContaining('sub/m.asl.json'),
  });
  expect((await after(() => file('sub/m.asl.json', machine))).sum).toBe('4 passed');
  expect((await after(() => rmSync(join(cwd, 'sub'), { recursive: true }))).sum).toBe('3 passed');
  running.signal('SIGINT');
  expect((await running.done).code).toBe(130);
});

test('--watch of a file that is not there yet waits for it', async () => {
  const cwd = directory();
  const running = start(['test', 'x.flow.yaml', '--watch'], { cwd });
  expect((await round(running, 1)).told).toContain('x.flow.yaml');
  writeFileSync(join(cwd, 'm.asl.json'), machine);
  writeFileSync(join(cwd, 'x.flow.yaml'), cases('one'));
  await running.waitFor(/1 passed/);
  running.signal('SIGINT');
  await running.done;
});

test('--watch goes on where no local server can run for its functions', async () => {
  const cwd = directory();
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'f' },
  };
  const calling = { StartAt: 'A', States: { A: { ...task, End: true } } };
  writeFileSync(join(cwd, 'm.asl.json'), JSON.stringify(calling));
  const answers = { A: { call: 'function' } };
  const test = { machine: './m.asl.json', cases: [{ name: 'one', answers }] };
  writeFileSync(join(cwd, 'a.flow.json'), JSON.stringify(test));
  writeFileSync(join(cwd, 'taken'), '');
  const running = start(['test', '--watch', '--data-dir', 'taken'], { cwd });
  expect(await round(running, 1)).toMatchObject({
    sum: '1 failed',
    told: expect.stringContaining('the local server cannot run: the path is not a directory'),
  });
  running.signal('SIGINT');
  expect((await running.done).code).toBe(130);
});

test('--watch takes up what its functions are loaded from, and the config', async () => {
  const cwd = directory();
  const file = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  const config = (handler: string, machine: string): void =>
    file(
      'mbc-flow.json',
      JSON.stringify({ local: { functions: { f: handler }, machines: { own: machine } } }),
    );
  const calls = (FunctionName: string): string =>
    JSON.stringify({
      StartAt: 'A',
      States: {
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: { FunctionName },
          End: true,
        },
      },
    });
  config('./f.mjs', './m.asl.json');
  file('m.asl.json', calls('f'));
  file('price.mjs', 'export const price = 1;');
  file(
    'f.mjs',
    [
      'import { price } from "./price.mjs";',
      'import { writeFileSync } from "node:fs";',
      'const edit = () => writeFileSync(new URL("price.mjs", import.meta.url), "export const price = 1.5;");',
      'export const handler = async () => (price === 1 && edit(), price);',
    ].join('\n'),
  );
  file(
    'a.flow.yaml',
    'machine: own\ncases:\n  - name: one\n    answers: { A: { call: function } }\n    expect: { output: { $contains: { Payload: 2 } } }\n',
  );
  const running = start(['test', '--watch'], { cwd });
  let rounds = 0;
  const after = async (change: () => void) => {
    change();
    return await round(running, ++rounds);
  };
  const changed = (name: string, sum: string) => ({
    sum,
    told: expect.stringContaining(`Changed: ${name}\n`),
  });
  expect((await after(() => {})).sum).toBe('1 failed');
  // What changes while the tests run, before it is known that a function was loaded from it.
  expect(await after(() => {})).toMatchObject(changed('price.mjs', '1 failed'));
  const second = await after(() => file('price.mjs', 'export const price = 2;'));
  expect(second).toMatchObject(changed('price.mjs', '1 passed'));
  file('g.mjs', 'export const handler = async () => 3;');
  const other = await after(() => config('./g.mjs', './m.asl.json'));
  expect(other).toMatchObject(changed('mbc-flow.json', '1 failed'));
  const mended = await after(() => file('g.mjs', 'export const handler = async () => 2;'));
  expect(mended).toMatchObject(changed('g.mjs', '1 passed'));
  expect((await after(() => file('mbc-flow.json', '{'))).told).toContain('mbc-flow.json:1:');
  expect((await after(() => config('./g.mjs', './nowhere.asl.json'))).told).toContain('nowhere.asl.json');
  expect(await after(() => config('./g.mjs', './m.asl.json'))).toMatchObject(
    changed('mbc-flow.json', '1 passed'),
  );
  running.signal('SIGINT');
  expect((await running.done).code).toBe(130);
});
