import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { advance, type PausedWorld, pausedWorld, waiting } from '../answer/paused-machines.js';

// What commands remember of executions, and what they read of logs: it spares calls, and never tells what is not so.

const approval: JsonObject = {
  StartAt: 'Sleeps',
  States: {
    Sleeps: {
      Type: 'Choice',
      Choices: [{ Variable: '$.seconds', NumericEquals: 0, Next: 'Approve' }],
      Default: 'Later',
    },
    Later: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Approve' },
    Approve: { ...waiting(), ResultPath: null, Next: 'Again' },
    Again: { Type: 'Wait', Seconds: 3600, Next: 'Second' },
    Second: { ...waiting(), End: true },
  },
};

/** API calls by their names, from what `-v` tells. */
function calls(stderr: string): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const [, name = ''] of stderr.matchAll(/^· (\w+) ok/gm)) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}
const sum = (counted: Record<string, number>): number => Object.values(counted).reduce((a, b) => a + b, 0);

interface Pending {
  requestId: string;
  executionArn: string;
  stateName: string;
  token?: string;
}
async function pending(world: PausedWorld, ...flags: string[]): Promise<Pending[]> {
  const { code, stdout, stderr } = await world.run('pending', '-o', 'json', ...flags);
  expect(code, stderr).toBe(0);
  const steps = JSON.parse(stdout).pending as (Pending & { ageSeconds?: number })[];
  return steps.map(({ ageSeconds: _, ...step }) => step);
}

async function answer(world: PausedWorld, { token = '' }: Pending): Promise<void> {
  await world.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"approved":true}' }));
}

/** Small and well known: the same numbers for a seed everywhere. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
}

/** What top offers to answer. */
async function offered(world: PausedWorld): Promise<string[]> {
  const { code, stdout, stderr } = await world.run('top', '-o', 'json');
  expect(code, stderr).toBe(0);
  return keysOf(JSON.parse(stdout).pending);
}
const keysOf = (steps: Pending[]): string[] =>
  steps.map(({ executionArn, stateName }) => `${executionArn} ${stateName}`).sort();

test.each([1, 2])(
  'what is remembered never hides or invents a step, in pending and in top (seed %i)',
  async (seed) => {
    const world = await pausedWorld();
    const machine = await world.machine('approval', approval);
    const pick = numbers(seed);
    let begun = 0;
    for (let step = 0; step < 12; step++) {
      const act = pick(5);
      if (act < 2) {
        for (let n = 0; n <= pick(4); n++)
          await world.begin(machine, {
            requestId: `r-${begun++}`,
            seconds: [0, 0, 60, 7_000][pick(4)] as number,
          });
      } else if (act === 2) await advance(world, [1, 59, 3_599, 7_001][pick(4)] as number);
      else {
        const open = await pending(world, '--reveal-token', '-y');
        const one = open[pick(Math.max(open.length, 1))];
        if (one && act === 3) await answer(world, one);
        if (one && act === 4)
          await world.sfn.send(new StopExecutionCommand({ executionArn: one.executionArn }));
      }
      // A state is entered when its turn comes: until both looks saw the same.
      await expect
        .poll(async () =>
          [await pending(world), await pending(world, '--deep')].map((steps) => JSON.stringify(steps)),
        )
        .toSatisfy(([remembered, deep]: string[]) => remembered === deep);
      if (step % 3 === 2) expect(await offered(world)).toEqual(keysOf(await pending(world)));
    }
  },
);

test('what sleeps is not read again before its Wait has ended; then it is', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  for (let n = 0; n < 60; n++)
    await world.begin(machine, { requestId: `r-${n}`, seconds: n < 3 ? 0 : 5_000 });
  await expect.poll(async () => (await pending(world)).length).toBe(3);
  const first = calls((await world.run('pending', '-v', '--deep')).stderr);
  expect(first.GetExecutionHistory).toBe(60);
  const second = calls((await world.run('pending', '-v')).stderr);
  expect(second.GetExecutionHistory).toBe(3);
  expect(sum(second)).toBeLessThan(sum(first) / 5);
  // Nor by top, which starts with what pending knows.
  const top = await world.run('top', '-o', 'json', '-v');
  expect(calls(top.stderr).GetExecutionHistory).toBe(3);
  expect(JSON.parse(top.stdout).pending).toHaveLength(3);
  await advance(world, 5_001);
  await expect.poll(async () => (await pending(world)).length).toBe(60);
  expect(await offered(world)).toHaveLength(60);
});

test('while an execution is on its way to its step, it is not said that nothing waits and no more', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  const said = async (): Promise<string> => (await world.run('pending')).stderr;
  expect(await said()).toContain('Nothing waits for an answer on target local.');
  await world.begin(machine, { requestId: 'r-1', seconds: 60 });
  expect(await said()).toMatch(
    /Nothing waits for an answer on target local yet; 1 running execution may still ask for one\. Look again with mbc-flow pending --watch/,
  );
});

test('a machine that was changed meanwhile: what the older executions wait for is not guessed', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', {
    StartAt: 'Later',
    States: { Later: { Type: 'Wait', Seconds: 60, Next: 'Approve' }, Approve: { ...waiting(), End: true } },
  });
  await world.begin(machine, { requestId: 'old' });
  await world.machineAgain(machine, {
    StartAt: 'Later',
    States: {
      Later: { Type: 'Wait', Seconds: 90_000, Next: 'Approve' },
      Approve: { ...waiting(), End: true },
    },
  });
  await world.begin(machine, { requestId: 'new' });
  expect(await pending(world)).toEqual([]);
  await advance(world, 61);
  await expect.poll(async () => (await pending(world)).map(({ requestId }) => requestId)).toEqual(['old']);
});

test('many executions of a machine that logs everything are read from its log', async () => {
  const world = await pausedWorld();
  const { endpoint, sfn } = world;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const logs = new CloudWatchLogsClient({ endpoint, region: 'ap-northeast-1', credentials });
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/vendedlogs/states/logged' }));
  // An activity waits without a function that would have to be started each time.
  const { activityArn = '' } = await sfn.send(new CreateActivityCommand({ name: 'desk' }));
  const definition: JsonObject = {
    StartAt: 'How',
    States: {
      ...(approval.States as JsonObject),
      How: {
        Type: 'Choice',
        Choices: [{ Variable: '$.activity', BooleanEquals: true, Next: 'Desk' }],
        Default: 'Sleeps',
      },
      Desk: { Type: 'Task', Resource: activityArn, End: true },
    },
  };
  const { stateMachineArn = '' } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'logged',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::101010101010:role/r',
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [
          {
            cloudWatchLogsLogGroup: {
              logGroupArn:
                'arn:aws:logs:ap-northeast-1:101010101010:log-group:/aws/vendedlogs/states/logged:*',
            },
          },
        ],
      },
    }),
  );
  const [running, paused] = [330, 310];
  for (let n = 0; n < running; n++)
    await world.begin(stateMachineArn, {
      requestId: `r-${n}`,
      activity: n >= 4 && n < paused,
      seconds: n < 4 ? 0 : 5_000,
    });
  // Each history of them takes a call: they are read no more often than they change.
  let deep: Pending[] = [];
  const deepCount = async (): Promise<number> => {
    deep = await pending(world, '--deep');
    return deep.length;
  };
  await expect.poll(deepCount).toBe(paused);
  const ran = await world.run('pending', '-v');
  expect(ran.stderr).toContain(`${paused} executions were read from logs`);
  const counted = calls(ran.stderr);
  expect(counted.GetExecutionHistory ?? 0).toBe(0);
  expect(sum(counted)).toBeLessThan(running / 10);
  // The same to the letter as the histories tell, but for tokens, which are in neither.
  expect(await pending(world)).toEqual(deep);

  const [one, other] = await pending(world, '--state', 'Approve', '--reveal-token', '-y');
  if (!one || !other) throw new Error('nothing waits');
  await answer(world, one);
  await world.sfn.send(new StopExecutionCommand({ executionArn: other.executionArn }));
  await expect.poll(deepCount).toBe(paused - 2);
  expect(await pending(world)).toEqual(deep);
  const second = calls((await world.run('pending', '-v')).stderr);
  expect(sum(second)).toBeLessThan(running / 10);
});

test('inputs never change: a request that was looked for once is found without reading them again', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('m', { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  for (let n = 0; n < 40; n++) await world.begin(machine, { requestId: `r-${n}` }, `run-${n}`);
  const list = async (id: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await world.run(
      'list',
      '--request-id',
      id,
      '-o',
      'json',
      '-v',
      ...flags,
    );
    const names = code === 0 ? JSON.parse(stdout).executions.map(({ name }: { name: string }) => name) : [];
    return { code, names, stderr, calls: calls(stderr) };
  };
  const first = await list('r-0');
  expect(first.names).toEqual(['run-0']);
  expect(first.calls.GetExecutionHistory).toBe(40);
  const second = await list('r-1');
  expect(second.names).toEqual(['run-1']);
  expect(second.calls.GetExecutionHistory).toBeUndefined();
  expect(second.calls.DescribeExecution).toBeUndefined();
  // What came since is read; what is not there is still told with what is near.
  await world.begin(machine, { requestId: 'r-new' }, 'run-new');
  expect((await list('r-new')).calls.GetExecutionHistory).toBe(1);
  const missing = await list('r-newer');
  expect(missing).toMatchObject({ code: 3 });
  expect(missing.stderr).toContain('r-new');
  // `pending` keeps what it knows beside.
  await world.run('pending');
  expect((await list('r-2')).calls.GetExecutionHistory).toBeUndefined();
});
