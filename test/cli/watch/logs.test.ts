import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advance } from '../answer/paused-machines.js';
import { type Running, run, start, startDirectory } from '../world.js';

const cwd = startDirectory();
const mbc = (...args: string[]) => run(args, { cwd });
const group = '/aws/vendedlogs/states/pauses-Logs';
let logs: CloudWatchLogsClient;
let server: Running;
let endpoint: string;

const machines = {
  // A function that was never called has no log group yet.
  pauses: {
    StartAt: '少し待つ',
    States: {
      少し待つ: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'call' },
      call: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'greeter', 'Payload.$': '$' },
        End: true,
      },
    },
  },
};

beforeAll(async () => {
  writeFileSync(join(cwd, 'pauses.json'), JSON.stringify(machines.pauses));
  writeFileSync(
    join(cwd, 'greeter.mjs'),
    `export const handler = async () => { console.log('こんにちは'); return {}; };`,
  );
  writeFileSync(
    join(cwd, 'mbc-flow.json'),
    JSON.stringify({
      local: { machines: { pauses: './pauses.json' }, functions: { greeter: './greeter.handler' } },
    }),
  );
  server = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  endpoint = /http[^"]+/.exec(await server.waitFor(/"ready":true.*\n/))?.[0] ?? '';
  logs = new CloudWatchLogsClient({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

// Not what beforeAll returns: that comes after the check of what is left running.
afterAll(async () => {
  logs.destroy();
  server.signal('SIGINT');
  await server.done;
});

/** Writes such a line again and again until it is seen. */
async function repeated(name: string, line: object, seen: () => Promise<unknown>): Promise<void> {
  const logStreamName = `states/pauses/${name}`;
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  const waiting = seen().then(() => true);
  do {
    const logEvents = [{ timestamp: Date.now(), message: JSON.stringify(line) }];
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
  } while (!(await Promise.race([waiting, setTimeout(100, false)])));
}

test('-f of an execution: its function writes into a group that was not there when it began', async () => {
  await mbc('start', 'pauses', '--name', 'first', '--input', '{"seconds":2}');
  const { code, stdout, stderr } = await mbc('logs', 'first', '-f');
  expect(code).toBe(0);
  expect(stderr).toContain('There is no log group /aws/lambda/greeter (yet).');
  // In any order: the function may speak in the very millisecond in which all ends.
  expect(stdout).toMatch(/greeter {2}INFO {2}こんにちは\n/);
  expect(stdout).toMatch(/pauses {2}ExecutionSucceeded/);
});

test('-o json is one document', async () => {
  const { lines } = JSON.parse((await mbc('logs', 'first', '--state', '少し待つ', '-o', 'json')).stdout);
  expect(lines.map(({ type }: { type: string }) => type)).toEqual(['WaitStateEntered', 'WaitStateExited']);
});

test('--live of an execution: its lines alone, until it has ended', async () => {
  const long = ['--input', '{"seconds":600}', '-o', 'json'];
  const { executionArn } = JSON.parse((await mbc('start', 'pauses', '--name', 'second', ...long)).stdout);
  await mbc('start', 'pauses', '--name', 'other', ...long);
  const live = start(['logs', 'second', '--live'], { cwd });
  // It shows what comes once it has begun: nothing goes on before.
  const begun = {
    id: '1',
    type: 'ExecutionStarted',
    details: { input: '{}', roleArn: 'begun' },
    previous_event_id: '0',
    event_timestamp: String(Date.now()),
    execution_arn: executionArn,
  };
  await repeated('begun', begun, () => live.waitFor(/ExecutionStarted/));
  await advance({ endpoint }, 600);
  const { code, stdout } = await live.done;
  expect(code).toBe(0);
  expect(stdout).toMatch(/pauses {2}WaitStateExited[\s\S]*greeter {2}INFO {2}こんにちは/);
  expect(stdout).toMatch(/pauses {2}ExecutionSucceeded/);
  expect(stdout).not.toContain('other');
  expect(stdout.match(/こんにちは/g)).toHaveLength(1);
});

test('--live of a machine: a gap is told where it is; Ctrl-C ends it with 130', async () => {
  const live = start(['logs', 'pauses', '--live', '-o', 'ndjson'], { cwd });
  const logStreamName = 'states/pauses/flood';
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  const flood = async () => {
    const logEvents = Array.from({ length: 1_200 }, (_, n) => ({
      timestamp: Date.now(),
      message: `flood ${n}`,
    }));
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
  };
  let sampled = false;
  const told = live.waitFor(/"sampled":true/).finally(() => {
    sampled = true;
  });
  // One after the other, and the last one is waited for: the server may be gone after this test.
  const flooding = (async () => {
    while (!sampled) await flood();
  })();
  await Promise.all([told, flooding]);
  live.signal('SIGINT');
  const { code, stdout } = await live.done;
  expect(code).toBe(130);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const gap = lines.findIndex(({ sampled }) => sampled);
  expect(lines.slice(0, gap).filter(({ message }) => message.startsWith('flood'))).not.toHaveLength(0);
  expect(lines[gap].message).toContain('more than 500');
});
