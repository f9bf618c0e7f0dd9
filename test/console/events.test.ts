import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ExecutionRow, PausedRow, TopicFacts, TopicMessage } from '../../src/console/api.js';
import { type DevServer, runCli, startCli, startDev, workDirectory } from '../e2e/cli.js';
import { freePort } from '../local/harness.js';
import { asking } from './asking.js';
import { tokenFor } from './link.js';
import { opened, send } from './requests.js';

// What changes on the server is told to a page with the next event.

let dev: DevServer;
let ui: string;
let sfn: SFNClient;
let headers: Record<string, string>;
const machine = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const roleArn = 'arn:aws:iam::101010101010:role/r';

/** The framework's steps, but for the wake-up of the next version. */
const lostWakeUps = `
const replies = { check_version: (record) => ({ result: record.dynamodb.NewImage.version.N === '1' ? 0 : 1 }) };
export const handler = async ({ context }) => context && [[(replies[context.State.Name] ?? (() => ({ result: 'ok' })))(context.Execution.Input)]];
`;

beforeAll(async () => {
  const cwd = workDirectory();
  writeFileSync(join(cwd, 'command.mjs'), lostWakeUps);
  dev = await startDev({ cwd, args: ['--functions', '*=./command.mjs'] });
  ({ uiEndpoint: ui } = JSON.parse(dev.cli.stdout.split('\n')[0] ?? '{}'));
  headers = { 'X-Mbc-Flow-Token': await tokenFor(dev) };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sfn = new SFNClient({ endpoint: dev.endpoint, region: 'ap-northeast-1', credentials });
  for (const name of ['waits', 'other']) {
    const definition = JSON.stringify({
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 3600, End: true } },
    });
    await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  }
});

/** A page that reads one topic: what it holds, and each message that came. */
async function reading<Row>(topic: string, since = '', [address, token] = [ui, headers]) {
  const response = await opened(address, `/api/events?topic=${topic}&since=${since}`, { headers: token });
  onTestFinished(() => void response.destroy());
  expect(response.statusCode).toBe(200);
  const rows = new Map<string, Row>();
  const messages: TopicMessage<Row, TopicFacts>[] = [];
  let text = '';
  let raw = '';
  response.setEncoding('utf8').on('data', (part: string) => {
    raw += part;
    text += part;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data === undefined) continue;
      const message = JSON.parse(data) as TopicMessage<Row, TopicFacts>;
      if (message.fresh) rows.clear();
      for (const key of message.gone) rows.delete(key);
      for (const [key, row] of message.rows) rows.set(key, row);
      messages.push(message);
    }
  });
  return {
    rows,
    messages,
    raw: () => raw,
    version: () => messages.at(-1)?.version ?? '',
    close: () => response.destroy(),
  };
}

const start = async (name: string, of = 'waits', input = '{}'): Promise<string> =>
  (await sfn.send(new StartExecutionCommand({ stateMachineArn: machine(of), name, input }))).executionArn ??
  '';

test('an execution that starts and one that ends are in the next message, and nothing else is', async () => {
  const page = await reading<ExecutionRow>('executions');
  await expect.poll(() => page.messages.some(({ facts }) => facts?.at !== undefined)).toBe(true);
  const arn = await start('one');
  await expect.poll(() => page.rows.get(arn)?.status).toBe('RUNNING');
  const before = page.messages.length;
  await sfn.send(new StopExecutionCommand({ executionArn: arn }));
  await expect.poll(() => page.rows.get(arn)?.status).toBe('ABORTED');
  const rows = page.messages.slice(before).flatMap((message) => message.rows);
  expect(new Set(rows.map(([key]) => key))).toEqual(new Set([arn]));
});

test('a page that comes back gets what it missed, and no more', async () => {
  const first = await reading<ExecutionRow>('executions');
  const before = await start('before');
  await expect.poll(() => first.rows.has(before)).toBe(true);
  const version = first.version();
  first.close();
  const missed = await start('missed', 'other');
  const second = await reading<ExecutionRow>('executions', version);
  await expect.poll(() => second.rows.has(missed)).toBe(true);
  expect(second.messages.every(({ fresh }) => !fresh)).toBe(true);
  expect(second.rows.has(before)).toBe(false);
  // A version of another run means nothing here.
  const stranger = await reading<ExecutionRow>('executions', 'abc.3');
  await expect.poll(() => stranger.rows.has(before)).toBe(true);
  expect(stranger.messages[0]?.fresh).toBe(true);
});

test('what waits in the child of a map run, and that it was answered, is told soon', async () => {
  const definition = JSON.stringify({
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'First',
          States: { First: asking({ Next: 'Second' }), Second: asking({ End: true }) },
        },
        End: true,
      },
    },
  });
  await sfn.send(new CreateStateMachineCommand({ name: 'spread', definition, roleArn }));
  const page = await reading<PausedRow>('paused');
  await start('spread-1', 'spread', '{"items":[1]}');
  const waiting = () => [...page.rows.values()].filter(({ machine: of }) => of.startsWith('spread'));
  await expect
    .poll(() => waiting().map(({ stateName }) => stateName), { timeout: 10_000 })
    .toEqual(['First']);
  const [{ executionArn = '', stateName = '' } = {}] = waiting();
  const body = { steps: [{ executionArn, stateName }], decision: { verb: 'resume' }, confirm: true };
  const answered = await send(ui, '/api/paused/answer', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(JSON.parse(answered.body)).toMatchObject({ answered: [{ stateName: 'First' }], refused: [] });
  // It is read again every 15 seconds by itself: that would be late.
  await expect.poll(() => waiting().map(({ stateName: now }) => now), { timeout: 6_000 }).toEqual(['Second']);
});

test('a version that waits in vain is told as stuck, without its token', async () => {
  const image = { pk: { S: 'SAMPLE#t1' }, sk: { S: 'A001@2' }, version: { N: '2' }, requestId: { S: 'r-2' } };
  const eventSourceARN = 'arn:aws:dynamodb:ap-northeast-1:101010101010:table/dev-app-sample-command/stream/1';
  const arn = await start(
    'A001-2',
    'command',
    JSON.stringify({ eventSourceARN, dynamodb: { NewImage: image } }),
  );
  const page = await reading<PausedRow>('paused');
  const row = () => [...page.rows.values()].find(({ executionArn }) => executionArn === arn);
  await expect.poll(() => row()?.stuck?.reason).toContain('nothing wakes version 2');
  expect(page.raw()).not.toMatch(/AQCE|"taskToken":"(?!<redacted>)/);
});

test('state machines come and go', async () => {
  const page = await reading<{ name: string }>('machines');
  await expect.poll(() => page.rows.has(machine('waits'))).toBe(true);
  const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
  await sfn.send(new CreateStateMachineCommand({ name: 'new-one', definition, roleArn }));
  await expect.poll(() => page.rows.get(machine('new-one'))?.name).toBe('new-one');
});

test('several are stopped and redriven; what could not be done is told beside the others', async () => {
  const [a, b] = [await start('a'), await start('b')];
  const post = async (verb: string, executions: string[]) => {
    const sent = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' } };
    const { body } = await send(ui, `/api/executions/${verb}`, {
      ...sent,
      body: JSON.stringify({ executions, confirm: true }),
    });
    return JSON.parse(body).results;
  };
  expect(await post('redrive', [a])).toMatchObject([
    { executionArn: a, error: { code: 'ExecutionNotRedrivable' } },
  ]);
  expect(
    await post('stop', [a, 'arn:aws:states:ap-northeast-1:101010101010:execution:waits:none', b]),
  ).toMatchObject([{ executionArn: a }, { error: { code: 'ExecutionDoesNotExist' } }, { executionArn: b }]);
  expect(await post('stop', [a])).toMatchObject([{ error: { code: 'ExecutionEnded' } }]);
});

test('where the local server is away the page is told, and goes on by itself when it is back', async () => {
  const cwd = workDirectory();
  const port = await freePort();
  const begin = () => startDev({ cwd, port, args: ['--no-ui'] });
  const first = await begin();
  const cli = startCli(['ui', '--port', '0', '-o', 'json'], { cwd });
  const [line] = await cli.waitFor(/^\{.*"ready":true.*\}$/m);
  const { uiEndpoint } = JSON.parse(line) as { uiEndpoint: string };
  const token = { 'X-Mbc-Flow-Token': await tokenFor(first) };
  const page = await reading<ExecutionRow>('executions', '', [uiEndpoint, token]);
  const facts = () => page.messages.findLast((message) => message.facts)?.facts;
  await expect.poll(() => facts()?.at).toBeDefined();
  await first.kill('SIGKILL');
  await expect.poll(() => facts()?.trouble).toBe('the local server is not running');
  // It has not taken its place: the data are free for the next one.
  const second = await begin();
  expect(second.pid).not.toBe(first.pid);
  const { stdout } = await runCli(['start', 'sfn-task', '--input', '{}', '--no-check', '-o', 'json'], {
    cwd,
  });
  const { executionArn } = JSON.parse(stdout) as { executionArn: string };
  await expect.poll(() => page.rows.has(executionArn)).toBe(true);
  await expect.poll(() => facts()?.trouble).toBeUndefined();
  await second.kill();
  cli.child.kill('SIGTERM');
  expect((await cli.done).exitCode).toBe(143);
});
