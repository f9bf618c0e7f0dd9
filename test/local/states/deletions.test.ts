import {
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  PublishStateMachineVersionCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer, temporaryDirectory } from '../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/r';

/** Waits for a token (or for anything that never comes), then would go on. */
const waits = (Next: object = { Next: 'After' }): string =>
  JSON.stringify({
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Task', Resource: 'arn:aws:states:ap-northeast-1:101010101010:activity:none', ...Next },
      ...('Next' in Next && { After: { Type: 'Pass', End: true } }),
    },
  });

async function underWay({ sfn }: Local, definition: string) {
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: 'none' }));
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'm', roleArn, definition }),
  );
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'e' }));
  const { taskToken } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
  return { stateMachineArn, executionArn, taskToken };
}

test('a machine that is deleted while an execution runs: DELETING, the execution enters no further state, then gone', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const { stateMachineArn, executionArn, taskToken } = await underWay(first, waits());
  await first.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  const described = new DescribeStateMachineCommand({ stateMachineArn });
  expect(await first.sfn.send(described)).toMatchObject({ status: 'DELETING' });
  expect(await first.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'RUNNING',
  });
  await first.stop();

  const { sfn } = await startServer({ dataDir });
  const deleting = { name: 'StateMachineDeleting' };
  for (const refused of [
    sfn.send(new StartExecutionCommand({ stateMachineArn })),
    sfn.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn })),
    sfn.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: waits() })),
    sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn })),
  ])
    await expect(refused).rejects.toMatchObject(deleting);
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  expect(await ended(sfn, executionArn)).toMatchObject({ status: 'ABORTED' });
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['TaskStateExited', 'ExecutionAborted']);
  await expect(sfn.send(described)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  // The name is free.
  await sfn.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: waits() }));
  expect(await sfn.send(described)).toMatchObject({ status: 'ACTIVE' });
});

test('stopping the last execution ends the deletion; the last state of one is its own end', async () => {
  const local = await startServer();
  const { sfn } = local;
  const { stateMachineArn, executionArn, taskToken } = await underWay(local, waits({ End: true }));
  const other = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
  expect(await ended(sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  const names = async () =>
    (await sfn.send(new ListStateMachinesCommand({}))).stateMachines?.map(({ name }) => name);
  expect(await names()).toContain('m');
  await sfn.send(new StopExecutionCommand({ executionArn: other.executionArn }));
  expect(await names()).not.toContain('m');
});

test("a Distributed Map's ARN is no machine's; an alias is described as the version that it is most of", async () => {
  const { sfn } = await startServer();
  const definition = '{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}';
  const { stateMachineArn, stateMachineVersionArn = '' } = await sfn.send(
    new CreateStateMachineCommand({ name: 'm', roleArn, definition, publish: true }),
  );
  const inner = `${stateMachineArn}/label`;
  for (const refused of [
    sfn.send(new DescribeStateMachineCommand({ stateMachineArn: inner })),
    sfn.send(new DeleteStateMachineCommand({ stateMachineArn: inner })),
    sfn.send(new UpdateStateMachineCommand({ stateMachineArn: inner, roleArn })),
    sfn.send(new StartExecutionCommand({ stateMachineArn: inner })),
  ])
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
  const { stateMachineAliasArn } = await sfn.send(
    new CreateStateMachineAliasCommand({
      name: 'PROD',
      routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
    }),
  );
  expect(
    await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineAliasArn })),
  ).toMatchObject({ stateMachineArn: stateMachineVersionArn, definition });

  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: stateMachineAliasArn }),
  );
  await ended(sfn, executionArn);
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events[0]?.executionStartedEventDetails).toMatchObject({
    roleArn,
    stateMachineAliasArn,
    stateMachineVersionArn,
  });
});
