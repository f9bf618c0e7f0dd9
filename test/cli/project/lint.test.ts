import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

const core = '{"dependencies":{"@mbc-cqrs-serverless/core":"1.0.0"}}';

/** A folder of files by their paths. */
function folder(files: Record<string, string>): string {
  const cwd = directory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

const found = async (cwd: string, ...args: string[]): Promise<string[]> => {
  const { stdout } = await run(['lint', ...args, '-o', 'json'], { cwd });
  const { findings } = JSON.parse(stdout) as { findings: { file: string; code: string }[] };
  return [...new Set(findings.map(({ file, code }) => `${file} ${code}`))];
};

test('a folder: by what is in the files, not by their names', async () => {
  const cwd = folder({
    'flows/approve.json': machine({ Parameters: { FunctionName: 'f' } }),
    'flows/import.yaml':
      'StartAt: S\nStates:\n  S: { Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true }\n',
    'flows/broken.json': '{ "StartAt": "S", "States": { ',
    'package.json': '{ "name": "x", "description": "StartAt States" }',
    'data.json': '[{ "StartAt": 1, "States": 2 }]',
  });
  expect((await found(cwd)).map((one) => one.split(' ')[0])).toEqual(
    expect.arrayContaining(['flows/approve.json', 'flows/import.yaml', 'flows/broken.json']),
  );
  expect((await found(cwd)).join()).not.toMatch(/package|data/);
});

test('the stack of an application is found, whatever package.json is nearer, also in a workspace', async () => {
  const stack = "const a = { logGroupName: '/aws/vendedlogs/states/x' } // aws-cdk-lib\n";
  const nested = folder({ 'package.json': core, 'infra/package.json': '{}', 'infra/libs/stack.ts': stack });
  expect(await found(nested)).toEqual(['infra/libs/stack.ts MF017']);
  expect(await found(nested, 'infra')).toEqual(['infra/libs/stack.ts MF017']);
  const workspace = folder({
    'package.json': '{ "workspaces": ["apps/*", "infra"] }',
    'apps/api/package.json': core,
    'infra/package.json': '{}',
    'infra/stack.ts': stack,
  });
  expect(await found(workspace)).toEqual(['infra/stack.ts MF017']);
});

test('a machine that no factory of the application routes, by any way to write a route', async () => {
  const payload = { FunctionName: 'f', Payload: { 'input.$': '$', 'context.$': '$$' } };
  const files = {
    'package.json': core,
    'src/main.ts': 'export const handler = createHandler({})\n',
    'infra/order-approval.asl.json': machine({ Parameters: payload, OutputPath: '$.Payload[0][0]' }),
  };
  const factory = (body: string): Record<string, string> => ({
    ...files,
    'src/event-factory.ts': `@EventFactory()\nexport class F extends D { async transformStepFunction(event) { ${body}; return super.transformStepFunction(event) } }\n`,
  });
  const unrouted = 'infra/order-approval.asl.json MF025';
  expect(await found(folder(files))).toContain(unrouted);
  expect(await found(folder(factory('if (name === "billing") return [1]')))).toContain(unrouted);
  for (const body of [
    "if (name.includes('order-approval')) return [1]",
    'if (/(^|-)order-approval$/.test(name)) return [1]',
    'if (name.includes(MACHINE)) return [1]',
  ])
    expect(await found(folder(factory(body)))).not.toContain(unrouted);
});

test('--max-warnings: exit 1 above the number alone', async () => {
  const cwd = project();
  expect((await run(['lint', '--max-warnings', '2'], { cwd })).code).toBe(0);
  const above = await run(['lint', '--max-warnings', '1'], { cwd });
  expect(above.code).toBe(1);
  expect(above.stderr).toContain('2 warnings exceed --max-warnings 1');
  expect((await run(['lint', '--max-warnings', 'x'], { cwd })).code).toBe(2);
});

test('--reporter: commands of a workflow, SARIF, JUnit', async () => {
  const cwd = folder({
    'a & b/m.asl.json': machine({ Parameters: { FunctionName: 'f' } }),
    'ok.asl.json': '{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}',
  });
  const report = async (form: string): Promise<string> =>
    (await run(['lint', '--reporter', form], { cwd })).stdout;
  expect(await report('github')).toMatch(
    /^::warning file=a & b\/m\.asl\.json,line=4,col=5,title=MF002::'S' does not retry/,
  );
  const sarif = JSON.parse(await report('sarif'));
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'mbc-flow', rules: [{ id: 'MF002', defaultConfiguration: { level: 'warning' } }] },
        },
        results: [
          {
            ruleId: 'MF002',
            ruleIndex: 0,
            level: 'warning',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'a%20%26%20b/m.asl.json' },
                  region: { startLine: 4, startColumn: 5 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
  const junit = await report('junit');
  expect(junit).toContain('<testsuites tests="2" failures="1">');
  expect(junit).toContain('<testcase classname="ok.asl.json" name="lint"/>');
  expect(junit).toContain('classname="a &amp; b/m.asl.json" name="MF002 4:5"');
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
