import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, startServer, temporaryDirectory } from '../harness.js';

async function machine(sfn: SFNClient): Promise<{ activityArn: string; stateMachineArn: string }> {
  const { activityArn = '' } = await sfn.send(new CreateActivityCommand({ name: 'checks' }));
  const { stateMachineArn = '' } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'works',
      roleArn: 'arn:aws:iam::101010101010:role/DummyRole',
      definition: JSON.stringify({
        StartAt: 'w',
        States: { w: { Type: 'Task', Resource: activityArn, HeartbeatSeconds: 600, End: true } },
      }),
    }),
  );
  return { activityArn, stateMachineArn };
}

test('workers get the tasks in order, each once, whoever was there first', async () => {
  const { sfn } = await startServer();
  const { activityArn, stateMachineArn } = await machine(sfn);
  const poll = (workerName: string) => sfn.send(new GetActivityTaskCommand({ activityArn, workerName }));
  const waiting = [poll('one'), poll('two')];
  const start = (input: string) => sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const started = [await start('{"n":1}'), await start('{"n":2}'), await start('{"n":3}')];
  const tasks = [...(await Promise.all(waiting)), await poll('one')];
  expect(tasks.map((task) => task.input).sort()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  await sfn.send(new SendTaskHeartbeatCommand({ taskToken: tasks[0]?.taskToken }));
  for (const { taskToken, input } of tasks)
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: `{"did":${input}}` }));
  for (const [index, { executionArn = '' }] of started.entries())
    expect((await ended(sfn, executionArn)).output).toBe(`{"did":{"n":${index + 1}}}`);
  const { events } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: started[2]?.executionArn }),
  );
  expect(events?.map((event) => event.type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'ActivityScheduled',
    'ActivityStarted',
    'ActivitySucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events?.[3]?.activityStartedEventDetails).toEqual({ workerName: 'one' });
});

test('a task that nobody took waits through a restart; one of a stopped execution is given to nobody', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const { activityArn, stateMachineArn } = await machine(first.sfn);
  const start = (input: string) => first.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const { executionArn: stopped } = await start('"stopped"');
  await first.sfn.send(new StopExecutionCommand({ executionArn: stopped }));
  await start('"waits"');
  await first.stop();
  const { sfn } = await startServer({ dataDir });
  expect((await sfn.send(new GetActivityTaskCommand({ activityArn }))).input).toBe('"waits"');
});

test('a worker that went away takes no task with it', async () => {
  const { sfn } = await startServer();
  const { activityArn, stateMachineArn } = await machine(sfn);
  const away = new AbortController();
  const poll = sfn.send(new GetActivityTaskCommand({ activityArn }), { abortSignal: away.signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  away.abort();
  await expect(poll).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '1' }));
  expect((await sfn.send(new GetActivityTaskCommand({ activityArn }))).input).toBe('1');
});
