import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateActivityCommand, CreateStateMachineCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { advance, pausedWorld, waiting } from '../answer/paused-machines.js';
import { apiCalls, sumOf } from '../api-calls.js';
import { answer, approval, listed, offered, type Pending, pending } from './looks.js';

// What commands remember of executions, and what they read of logs, spares calls.

test('what sleeps is not read again before its Wait has ended; then it is', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  for (let n = 0; n < 60; n++)
    await world.begin(machine, { requestId: `r-${n}`, seconds: n < 3 ? 0 : 5_000 });
  await expect.poll(async () => (await pending(world)).length).toBe(3);
  const first = apiCalls((await world.run('pending', '-v', '--deep')).stderr);
  expect(first.GetExecutionHistory).toBe(60);
  const second = apiCalls((await world.run('pending', '-v')).stderr);
  expect(second.GetExecutionHistory).toBe(3);
  expect(sumOf(second)).toBeLessThan(sumOf(first) / 5);
  // Nor by top, which starts with what pending knows.
  const top = await world.run('top', '-o', 'json', '-v');
  expect(apiCalls(top.stderr).GetExecutionHistory).toBe(3);
  expect(JSON.parse(top.stdout).pending).toHaveLength(3);
  await advance(world, 5_001);
  await expect.poll(async () => (await pending(world)).length).toBe(60);
  expect(await offered(world)).toHaveLength(60);
});

test('what top has learned, pending, approve and list do not read again; nor approve what list has learned', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  for (let n = 0; n < 60; n++)
    await world.begin(machine, { requestId: `r-${n}`, seconds: n < 3 ? 0 : 5_000 });
  await expect.poll(async () => await offered(world)).toHaveLength(3);
  const looked = apiCalls((await world.run('pending', '-v')).stderr);
  expect(looked.GetExecutionHistory).toBe(3);
  // By which definition the oldest and the newest of the others sleep, once for all commands.
  expect(looked.DescribeStateMachineForExecution).toBe(2);
  const again = apiCalls((await world.run('pending', '-v')).stderr);
  expect(again.DescribeStateMachineForExecution).toBeUndefined();
  const list = await world.run('list', 'approval', '--request-id', 'r-59', '-v');
  expect(list.code).toBe(0);
  expect(apiCalls(list.stderr).GetExecutionHistory).toBeUndefined();
  const asleep = await world.run('approve', 'r-59', '-v');
  expect(asleep.stderr).toContain('(it is at Later)');
  expect(asleep.code).toBe(3);
  const missing = await world.run('approve', 'r-600', '-v');
  expect(missing.code).toBe(3);
  expect(missing.stderr).toContain('near: r-50');
  // Nothing can wait in what sleeps.
  expect(apiCalls(missing.stderr).GetExecutionHistory).toBe(3);

  const other = await world.machine('other', approval);
  for (let n = 0; n < 30; n++) await world.begin(other, { requestId: `o-${n}`, seconds: 0 });
  expect(await listed(world, 'o-0')).toHaveLength(1);
  const flags = ['--machine', 'other', '--comment', 'よし', '-v'];
  await expect.poll(async () => (await pending(world, 'other')).length).toBe(30);
  const approved = await world.run('approve', 'o-7', ...flags);
  expect(approved.code, approved.stderr).toBe(0);
  expect(apiCalls(approved.stderr).GetExecutionHistory).toBeLessThan(6);
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
  const counted = apiCalls(ran.stderr);
  expect(counted.GetExecutionHistory ?? 0).toBe(0);
  expect(sumOf(counted)).toBeLessThan(running / 10);
  // The same to the letter as the histories tell, but for tokens, which are in neither.
  expect(await pending(world)).toEqual(deep);

  const [one, other] = await pending(world, '--state', 'Approve', '--reveal-token', '-y');
  if (!one || !other) throw new Error('nothing waits');
  await answer(world, one);
  await world.sfn.send(new StopExecutionCommand({ executionArn: other.executionArn }));
  await expect.poll(deepCount).toBe(paused - 2);
  expect(await pending(world)).toEqual(deep);
  const second = apiCalls((await world.run('pending', '-v')).stderr);
  expect(sumOf(second)).toBeLessThan(running / 10);
});

test('what list has learned of many executions that run, pending does not read again', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', approval);
  for (let n = 0; n < 60; n++)
    await world.begin(machine, { requestId: `r-${n}`, seconds: n > 56 ? 0 : 5_000 });
  await expect.poll(async () => (await pending(world, '--deep')).length).toBe(3);
  rmSync(join(world.cwd, 'home/.cache/mbc-flow/executions'), { recursive: true });
  const list = await world.run('list', 'approval', '--request-id', 'r-0', '-v');
  expect(list.code).toBe(0);
  expect(apiCalls(list.stderr)).toMatchObject({ GetExecutionHistory: 60, DescribeStateMachine: 1 });
  const looked = apiCalls((await world.run('pending', '-v')).stderr);
  // Three wait, and the list looks only for inputs in the first twenty.
  expect(looked.GetExecutionHistory).toBe(20);
  expect(await pending(world)).toEqual(await pending(world, '--deep'));
});

test('list reads long histories once, but for the first few', async () => {
  const world = await pausedWorld();
  const steps = Array.from({ length: 12 }, (_, index) => `Pass${index}`);
  const passes = steps.map((name, index) => [name, { Type: 'Pass', Next: steps[index + 1] ?? 'Approve' }]);
  const machine = await world.machine('long', {
    StartAt: 'Pass0',
    States: { ...Object.fromEntries(passes), Approve: { ...waiting(), End: true } },
  });
  for (let n = 0; n < 60; n++) await world.begin(machine, { requestId: `r-${n}` });
  await expect.poll(async () => (await pending(world)).length).toBe(60);
  rmSync(join(world.cwd, 'home/.cache/mbc-flow/executions'), { recursive: true });
  const { code, stderr } = await world.run('list', 'long', '--request-id', 'r-0', '-v');
  expect([code, apiCalls(stderr).GetExecutionHistory]).toEqual([0, 65]);
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
    return { code, names, stderr, calls: apiCalls(stderr) };
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
