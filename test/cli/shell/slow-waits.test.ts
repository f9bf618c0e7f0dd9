import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { createWaits } from '../../../src/cli/shell/slow-waits.js';
import { startTables } from '../../dynamodb.js';
import { listening } from '../../listening.js';
import { startServer } from '../../local/harness.js';
import { directory, start, type WorldOptions } from '../world.js';

/** Time that passes when it is told to. */
function fakeTime() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock: {
      now: () => now,
      sleep: (milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((wake, reject) => {
          sleepers.push({ at: now + milliseconds, wake });
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    },
    async pass(milliseconds: number) {
      for (const until = now + milliseconds; now < until; now += 100) {
        for (const sleeper of sleepers.splice(0)) {
          if (sleeper.at <= now) sleeper.wake();
          else sleepers.push(sleeper);
        }
        await settle();
      }
    },
  };
}

function promise() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function setUp() {
  const { clock, pass } = fakeTime();
  const told: string[] = [];
  let shownAt = 0;
  const waits = createWaits({ clock, lastShown: () => shownAt, tell: (text) => told.push(text) });
  const end = promise();
  return { waits, told, pass, end, show: () => (shownAt = clock.now()) };
}
const wait = { on: 'x', missing: 'do y' };

describe('a wait', () => {
  test('is said after two seconds, explained after fifteen, then each minute', async () => {
    const { waits, told, pass, end } = setUp();
    const done = waits.during(wait, () => end.promise);
    await pass(1_900);
    expect(told).toEqual([]);
    await pass(300);
    expect(told).toEqual([expect.stringMatching(/^Waiting for x, since \d\d:\d\d:\d\d$/)]);
    await pass(13_100);
    expect(told[1]).toMatch(/^Still waiting for x, since \d\d:\d\d:\d\d: do y$/);
    await pass(61_000);
    expect(told).toHaveLength(3);
    end.resolve();
    await done;
    await pass(200_000);
    expect(told).toHaveLength(3);
  });

  test('is not said while something else is shown', async () => {
    const { waits, told, pass, show, end } = setUp();
    void waits.during(wait, () => end.promise);
    for (let second = 0; second < 10; second++) {
      await pass(1_000);
      show();
    }
    expect(told).toEqual([]);
    await pass(2_300);
    expect(told).toHaveLength(1);
  });

  test('that is the reason of another one is said alone, and not again each time that it is met', async () => {
    const { waits, told, pass, end } = setUp();
    void waits.during({ on: 'outer', missing: '' }, () => waits.during(wait, () => end.promise));
    await pass(2_300);
    expect(told).toEqual([expect.stringContaining('for x,')]);
    for (let n = 0; n < 10; n++) {
      const short = promise();
      const done = waits.during({ on: 'z', missing: '' }, () => short.promise);
      await pass(2_500);
      short.resolve();
      await done;
    }
    expect(told.filter((line) => line.includes('for z,'))).toHaveLength(1);
  });

  test('fails as its work fails', async () => {
    const { waits } = setUp();
    await expect(waits.during(wait, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

const arn = (kind: string, name: string) => `arn:aws:states:ap-northeast-1:101010101010:${kind}:${name}`;
const machine = (name: string) => arn('stateMachine', name);

const machines = {
  waits: { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3_000, End: true } } },
  tasks: {
    StartAt: 'map',
    States: {
      map: {
        Type: 'Map',
        MaxConcurrency: 2,
        ItemProcessor: { StartAt: 'x', States: { x: { Type: 'Pass', End: true } } },
        End: true,
      },
    },
  },
};

/** What answers nothing. */
const silent = (): Promise<string> => listening(createServer(() => {}));

/** An application whose framework does nothing: nobody reads its streams. */
async function idleApp(table: string) {
  const server = await startServer();
  for (const [name, definition] of Object.entries(machines)) {
    const roleArn = 'arn:aws:iam::101010101010:role/x';
    await server.sfn.send(
      new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
    );
  }
  const { endpoint } = await startTables(table);
  const cwd = directory();
  const env = {
    SFN_ENDPOINT: server.endpoint,
    S3_ENDPOINT: server.endpoint,
    DYNAMODB_ENDPOINT: endpoint,
    NODE_ENV: 'local',
    APP_NAME: 'demo',
    S3_BUCKET_NAME: 'local-bucket',
    SFN_IMPORT_CSV_ARN: machine('import-csv'),
    SFN_TASK_ARN: machine('tasks'),
  };
  writeFileSync(join(cwd, 'a.csv'), 'id\n1\n');
  writeFileSync(join(cwd, 'items.json'), '[{"id":1}]');
  return { server, cwd, env };
}

interface SilentCommand {
  args: string[];
  on: RegExp;
  missing: RegExp;
  options: WorldOptions;
}

/** Commands whose world does not move. */
const waiting: [string, () => Promise<SilentCommand>][] = [
  [
    'import by the framework',
    async () => ({
      args: ['import', 'a.csv', '--tenant', 't1'],
      on: /aiting for the framework to start the execution of CSV_IMPORT#t1#a#\w+, since/,
      missing: /import-action-queue.*mbc-flow dev --event-sources.*--via execution/,
      options: await idleApp('local-demo-import_tmp'),
    }),
  ],
  [
    'task start by the framework',
    async () => ({
      args: ['task', 'start', 'items.json', '--tenant', 't1', '--type', 'x', '--via', 'table'],
      on: /aiting for the framework to start the execution of SFN_TASK#t1#\S+, since/,
      missing: /task-action-queue.*--via execution/,
      options: await idleApp('local-demo-tasks'),
    }),
  ],
  ...['list', 'machines', 'pending'].map((name): [string, () => Promise<SilentCommand>] => [
    `${name} where nothing answers`,
    async () => ({
      args: [name, '--endpoint-url', await silent()],
      on: /aiting for the response to List\w+ \(Step Functions, http:\S+\), since/,
      missing: /Still waiting for the response .*network/,
      options: {},
    }),
  ]),
  [
    'watch in a pipe, of an execution that pauses',
    async () => {
      const { server, cwd, env } = await idleApp('local-demo-tasks');
      const stateMachineArn = machine('waits');
      const { sfn } = server;
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'long' }));
      return {
        args: ['watch', arn('execution', 'waits:long')],
        on: /aiting for progress of \S*long, since/,
        missing: /mbc-flow show .* mbc-flow pending/,
        options: { cwd, env },
      };
    },
  ],
];

describe('commands that wait', () => {
  test.each(waiting)('%s', async (_name, set) => {
    const { args, on, missing, options } = await set();
    const running = start(args, { speed: 15, ...options });
    await running.waitFor(on);
    await running.waitFor(missing);
    running.signal('SIGINT');
    expect((await running.done).code).toBe(130);
  });

  test('-q and -o json keep quiet', async () => {
    const endpoint = await silent();
    for (const how of [['-q'], ['-o', 'json']]) {
      const running = start(['list', '--endpoint-url', endpoint, ...how], { speed: 100 });
      await new Promise((resolve) => setTimeout(resolve, 300));
      running.signal('SIGINT');
      expect((await running.done).stderr).not.toContain('aiting for');
    }
  });
});
