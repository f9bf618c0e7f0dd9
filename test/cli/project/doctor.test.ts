import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, errorOf, run } from '../world.js';

test('the local target: nothing is wrong, what it does not have is said to be unchecked', async () => {
  const ran = await run(['doctor', '--local', '-o', 'json']);
  expect(ran.code).toBe(0);
  const { target, checks } = JSON.parse(ran.stdout) as {
    target: string;
    checks: { check: string; status: string }[];
  };
  expect(target).toBe('local');
  const statusOf = (name: string): string | undefined => checks.find(({ check }) => check === name)?.status;
  const fine = ['identity', 'command', 'task', 'import-csv', 'import-zip', 'import-zip lint', 'bucket'];
  expect(fine.map(statusOf)).toEqual(fine.map(() => 'ok'));
  expect([statusOf('alarms'), statusOf('permissions')]).toEqual(['unchecked', 'unchecked']);
  // For people: a line for each machine that is well, and one for what a laptop has not.
  const { stdout } = await run(['doctor', '--local']);
  expect(stdout).toMatch(/\n✔ command: lint, logs, waiting\n✔ sfn-task: lint, logs, waiting\n/);
  expect(stdout).toMatch(/\n- permissions, alarms, import-csv role: not checked, as this local server/);
  expect(stdout).not.toContain('\n!');
  expect(stdout).toMatch(/\n\n3 not checked, \d+ ok\n$/);
});

test('the application of the folder: built or not, loads or not, routes its machines or not', async () => {
  const cwd = directory();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  write('package.json', '{"dependencies":{"@mbc-cqrs-serverless/core":"1.0.0"}}');
  write('src/main.ts', 'export const handler = createHandler({})');
  const payload = { 'input.$': '$', 'context.$': '$$' };
  const state = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'f', Payload: payload },
    OutputPath: '$.Payload[0][0]',
    Retry: [{ ErrorEquals: ['States.ALL'] }],
    End: true,
  };
  write('order.asl.json', JSON.stringify({ StartAt: 'S', States: { S: state } }));
  const local = {
    functions: { '*': './dist/main.handler', remote: 'http://127.0.0.1:1' },
    machines: { order: './order.asl.json', gone: './gone.asl.json' },
  };
  write('mbc-flow.json', JSON.stringify({ local }));
  const examined = async (): Promise<Record<string, string>> => {
    const { stdout } = await run(['doctor', '--local', '-o', 'json'], { cwd });
    const { checks } = JSON.parse(stdout) as { checks: { check: string; status: string; message: string }[] };
    return Object.fromEntries(checks.map(({ check, status, message }) => [check, `${status}: ${message}`]));
  };
  expect(await examined()).toMatchObject({
    handler: 'warning: ./dist/main.handler is not built',
    'order definition': expect.stringMatching(/^fault: no event factory of the application routes order/),
    'gone definition': 'fault: ./gone.asl.json is not there',
    // The server itself refuses to start on it.
    target: expect.stringContaining('gone.asl.json'),
  });
  write('mbc-flow.json', JSON.stringify({ local: { ...local, machines: { order: './order.asl.json' } } }));
  write('dist/main.js', 'require("nothing-of-this-name")');
  expect((await examined()).handler).toMatch(
    /^fault: dist\/main\.js cannot be loaded: Error: Cannot find module/,
  );
  write('dist/main.js', 'exports.other = () => {}');
  expect((await examined()).handler).toContain('it has no function handler');
  write('dist/main.js', 'exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_NAME');
  write(
    'src/event-factory.ts',
    '// EventFactory\ntransformStepFunction(event) { if (name.includes("order")) {} }',
  );
  utimesSync(join(cwd, 'src/event-factory.ts'), 0, 0);
  utimesSync(join(cwd, 'src/main.ts'), 0, 0);
  expect(await examined()).toMatchObject({
    handler: 'ok: dist/main.js loads',
    'order definition': 'ok: no findings in ./order.asl.json',
  });
  const text = await run(['doctor', '--local'], { cwd });
  expect(text.stdout).toMatch(/\n\n(\d+ warnings?, )?\d+ not checked, \d+ ok\n$/);
});

test('a policy, also for a script; a command that is none: exit 2', async () => {
  const ran = await run(['doctor', '--policy', 'approve,watch', '-o', 'json']);
  const { Version, Statement } = JSON.parse(ran.stdout);
  expect([Version, Statement[0]]).toMatchObject(['2012-10-17', { Effect: 'Allow' }]);
  expect(errorOf(await run(['doctor', '--policy', 'fly', '-o', 'json']))).toMatchObject({ exitCode: 2 });
});
