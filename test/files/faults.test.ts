import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, errorOf, run } from '../cli/world.js';

const long = 'n'.repeat(300);
const full = '/dev/full';
const machine = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
const cases = (expected: number): string =>
  `machine: ./a.asl.json\ncases:\n  - name: one\n    input: { x: 1 }\n    expect: { output: { x: ${expected} } }\n`;

/** A folder with a file of each kind. */
function folder(): string {
  const cwd = directory();
  writeFileSync(join(cwd, 'a.csv'), 'id,name\n,x\n');
  writeFileSync(join(cwd, 'items.json'), '[{"a":1}]');
  writeFileSync(join(cwd, 'a.asl.json'), machine);
  writeFileSync(join(cwd, 'a.flow.yaml'), cases(1));
  return cwd;
}

describe('what a file system refuses is said in words, wherever a file is written', () => {
  const results = ['task', 'start', 'items.json', '--type', 'sample', '--results'];
  const failedRows = ['import', 'a.csv', '--failed-rows'];
  const coverage = ['test', 'a.flow.yaml', '--coverage-dir'];
  test.each([
    [[...results, long], 2, 'the name is too long'],
    [[...results, 'a.csv/x'], 2, 'the directory does not exist'],
    [[...results, '.'], 2, 'the path is a directory'],
    [[...failedRows, long], 2, 'the name is too long'],
    [[...coverage, long], 2, 'the file cannot be written: the name is too long'],
    [[...coverage, 'a.csv'], 2, 'the file cannot be written: the path is not a directory'],
    [[...coverage, 'a.csv/x'], 2, 'the file cannot be written: the path is not a directory'],
    [['list', '--data-dir', 'a.csv/x'], 2, 'the local server cannot run: the path is not a directory'],
    [['scaffold', 'workflow', 'foo'], 2, 'the file cannot be read or written: the path is not a directory'],
    [['init'], 2, 'the file cannot be read or written: the path is a directory'],
  ])('%j', async (args, exitCode, message) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'package.json'), '{}');
    writeFileSync(join(cwd, 'src'), '');
    if (args[0] === 'init') mkdirSync(join(cwd, 'mbc-flow.json'));
    const ran = await run([...args, '-o', 'json'], { cwd });
    expect(errorOf(ran)).toMatchObject({ exitCode, message });
  });
});

test.skipIf(!existsSync(full))('a full disk hides no results of a batch', async () => {
  const cwd = folder();
  const line = ['task', 'start', 'items.json', '--type', 'sample', '--results', full, '-o', 'json'];
  const { code, stdout, stderr } = await run(line, { cwd });
  const { batch, items } = JSON.parse(stdout);
  expect(items).toMatchObject({ total: 1, succeeded: 1 });
  expect(code).toBe(1);
  expect(errorOf({ code, stdout, stderr })).toMatchObject({
    code: 'FileNotWritable',
    message: 'the file cannot be written: no space left on the device',
    where: full,
    hint: `mbc-flow task show ${batch} -o json`,
  });
});

test('a file of the user’s that is updated keeps its mode and the link to it, and is never half written', async () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'tests'));
  writeFileSync(join(cwd, 'tests/a.asl.json'), machine);
  writeFileSync(join(cwd, 'tests/real.yaml'), cases(2));
  chmodSync(join(cwd, 'tests/real.yaml'), 0o640);
  symlinkSync('real.yaml', join(cwd, 'tests/b.flow.yaml'));
  const { stderr } = await run(['test', '--update', 'tests/b.flow.yaml'], { cwd });
  expect(stderr).toContain('Updated 1 case in tests/b.flow.yaml');
  expect(readFileSync(join(cwd, 'tests/real.yaml'), 'utf8')).toContain('x: 1 } }');
  expect(statSync(join(cwd, 'tests/real.yaml')).mode & 0o777).toBe(0o640);
});
