import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run } from '../world.js';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const machine = (state: object): string =>
  JSON.stringify(
    { StartAt: 'S', States: { S: { Type: 'Task', Resource: INVOKE, End: true, ...state } } },
    null,
    2,
  );

/** A project with two machines, one of them not to be looked for. */
function project(): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'infra'));
  mkdirSync(join(cwd, 'node_modules'));
  writeFileSync(join(cwd, 'package.json'), '{"dependencies":{"@mbc-cqrs-serverless/core":"1.0.0"}}');
  const payload = { FunctionName: 'f', Payload: { 'requestId.$': '$.requestId' } };
  writeFileSync(join(cwd, 'infra/a.asl.json'), machine({ Parameters: payload }));
  writeFileSync(join(cwd, 'node_modules/b.asl.json'), '{}');
  return cwd;
}

test('a project: what is found in it, as a document and as lines, exit 0 for warnings alone', async () => {
  const cwd = project();
  const json = await run(['lint', '-o', 'json'], { cwd });
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    findings: [
      { file: 'infra/a.asl.json', line: 4, column: 5, severity: 'warning', code: 'MF002' },
      // Of a function of the framework's, since the project is one of its apps.
      { file: 'infra/a.asl.json', line: 10, code: 'MF008' },
    ],
  });
  const text = await run(['lint'], { cwd });
  expect(text.stdout).toContain('infra/a.asl.json:4:5  warning  ');
  expect(text.stdout).toContain('2 warnings');
});

test('an error: exit 1; the type decides', async () => {
  const cwd = directory();
  writeFileSync(
    join(cwd, 'm.json'),
    machine({ Resource: `${INVOKE}.waitForTaskToken`, Parameters: { FunctionName: 'f' } }),
  );
  expect((await run(['lint', 'm.json'], { cwd })).code).toBe(0);
  const express = await run(['lint', 'm.json', '--type', 'EXPRESS', '-o', 'json'], { cwd });
  expect(express.code).toBe(1);
  const { findings } = JSON.parse(express.stdout) as { findings: object[] };
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: 'error', code: 'SCHEMA_VALIDATION_FAILED', line: 6, column: 7 }),
  );
});

test('no such file: exit 3; nothing there to check: exit 3', async () => {
  const missing = await run(['lint', 'nope.asl.json', '-o', 'json']);
  expect(errorOf(missing)).toMatchObject({ code: 'FileNotFound', exitCode: 3 });
  expect((await run(['lint'])).code).toBe(3);
});

test('--fix writes what is safe, --dry-run says so only', async () => {
  const cwd = project();
  const file = join(cwd, 'infra/a.asl.json');
  const before = readFileSync(file, 'utf8');
  expect((await run(['lint', '--fix', '--dry-run'], { cwd })).stderr).toContain('Would fix infra/a.asl.json');
  expect(readFileSync(file, 'utf8')).toBe(before);
  const fixed = await run(['lint', '--fix', '-o', 'json'], { cwd });
  expect(fixed.stdout).not.toContain('MF002');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    States: { S: { Retry: [{ MaxAttempts: 6 }] } },
  });
});

test('--rules and --explain', async () => {
  expect((await run(['lint', '--rules'])).stdout).toMatch(/^MF001 {2}warning/);
  expect((await run(['lint', '--explain', 'mf007'])).stdout).toContain('$$.Task.Token');
  const unknown = await run(['lint', '--explain', 'MF999', '-o', 'json']);
  expect(errorOf(unknown)).toMatchObject({ exitCode: 2, hint: 'mbc-flow lint --rules' });
});

test('the machines of a target', async () => {
  const all = await run(['lint', '--local', '-o', 'json']);
  const { findings } = JSON.parse(all.stdout) as { findings: { file: string; severity: string }[] };
  expect(findings.some(({ file }) => file.endsWith(':stateMachine:command'))).toBe(true);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const one = await run(['lint', '--local', 'sfn-task', '-o', 'json']);
  const files = (JSON.parse(one.stdout) as { findings: { file: string }[] }).findings.map(({ file }) => file);
  expect([...new Set(files)]).toEqual([expect.stringContaining(':stateMachine:sfn-task')]);
});
