import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, startServer, temporaryDirectory } from '../harness.js';
import { machine, run, runTask } from './run.js';

const pass = { p: { Type: 'Pass', Result: { a: 1 }, End: true } };
const failing = { f: { Type: 'Fail', Error: 'Boom', Cause: 'だめ' } };
const longWait = { w: { Type: 'Wait', Seconds: 3600, End: true } };
const types = (events: { type?: string }[]) => events.map(({ type }) => type);

test('a plain start answers with the new execution and does not wait for it', async () => {
  const local = await startServer();
  const child = await machine(local, longWait);
  const { result, status, events } = await runTask(
    local,
    {
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { StateMachineArn: child, Name: 'one', Input: { 'x.$': '$.x' } },
    },
    { x: '名' },
  );
  expect(status).toBe('SUCCEEDED');
  expect(result).toMatchObject({
    ExecutionArn: expect.stringMatching(/:one$/),
    SdkHttpMetadata: { HttpStatusCode: 200 },
    StartDate: expect.any(Number),
  });
  const { ExecutionArn: executionArn } = result as { ExecutionArn: string };
  expect(await local.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'RUNNING',
    input: '{"x":"名"}',
  });
  expect(types(events)).toContain('TaskSucceeded');
});

test.each([
  ['sync', '{"a":1}', '{}'],
  ['sync:2', { a: 1 }, {}],
])('%s waits for the end and gives the description', async (pattern, output, input) => {
  const local = await startServer();
  const child = await machine(local, pass);
  const { result, events } = await runTask(local, {
    Resource: `arn:aws:states:::states:startExecution.${pattern}`,
    Parameters: { StateMachineArn: child, Input: null },
  });
  expect(result).toMatchObject({
    Input: input,
    InputDetails: { Included: true },
    Output: output,
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    OutputDetails: { Included: true },
    StateMachineArn: child,
    Status: 'SUCCEEDED',
  });
  expect(types(events)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

test('a child that fails fails the task, with its description as the cause', async () => {
  const local = await startServer();
  const { error, cause } = await runTask(local, {
    Resource: 'arn:aws:states:::states:startExecution.sync',
    Parameters: { StateMachineArn: await machine(local, failing) },
  });
  expect(error).toBe('States.TaskFailed');
  expect(JSON.parse(cause ?? '')).toMatchObject({
    Error: 'Boom',
    Cause: 'だめ',
    Status: 'FAILED',
    Input: '{}',
  });
});

test('a machine that is not there is AWS’s refusal', async () => {
  const local = await startServer();
  const arn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:none';
  const { error, cause } = await runTask(local, {
    Resource: 'arn:aws:states:::states:startExecution',
    Parameters: { StateMachineArn: arn },
  });
  expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
  expect(cause).toMatch(
    new RegExp(
      `^State Machine Does Not Exist: '${arn}' \\(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: \\S+; Proxy: null\\)$`,
    ),
  );
});

test('stopping the parent stops a child that it waits for, and no other', async () => {
  const local = await startServer();
  const child = await machine(local, longWait);
  const start = { Type: 'Task', Parameters: { StateMachineArn: child }, ResultPath: null };
  const parent = await machine(local, {
    free: { ...start, Resource: 'arn:aws:states:::states:startExecution', Next: 'bound' },
    bound: { ...start, Resource: 'arn:aws:states:::states:startExecution.sync', End: true },
  });
  const { executionArn } = await local.sfn.send(new StartExecutionCommand({ stateMachineArn: parent }));
  const children = async () =>
    (await local.sfn.send(new ListExecutionsCommand({ stateMachineArn: child }))).executions ?? [];
  await expect.poll(async () => (await children()).length).toBe(2);
  await local.sfn.send(new StopExecutionCommand({ executionArn }));
  await expect
    .poll(async () => (await children()).map(({ status }) => status))
    .toEqual(['ABORTED', 'RUNNING']);
});

test('a child that ended while no server ran is told to its parent at the next start', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const child = await machine(first, { w: { Type: 'Wait', Seconds: 1, Next: 'p' }, ...pass });
  const parent = await machine(first, {
    t: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: child },
      OutputPath: '$.Output',
      End: true,
    },
  });
  const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn: parent }));
  await expect
    .poll(
      async () => (await first.sfn.send(new ListExecutionsCommand({ stateMachineArn: child }))).executions,
    )
    .toHaveLength(1);
  await first.stop();
  const second = await startServer({ dataDir });
  expect(await ended(second.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
  const { executions } = await second.sfn.send(new ListExecutionsCommand({ stateMachineArn: child }));
  expect(executions).toHaveLength(1);
});

test('aws-sdk:sfn reaches the API’s own operations', async () => {
  const local = await startServer();
  const child = await machine(local, longWait);
  const states = {
    start: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution',
      Parameters: { StateMachineArn: child, Input: '{"n":1}' },
      Next: 'describe',
    },
    describe: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:sfn:describeExecution',
      Parameters: { 'ExecutionArn.$': '$.ExecutionArn' },
      End: true,
    },
  };
  const { result } = await run(local, await machine(local, states));
  expect(result).toMatchObject({
    Input: '{"n":1}',
    StateMachineArn: child,
    StartDate: expect.stringMatching(/^\d{4}-.*Z$/),
    Status: 'RUNNING',
  });
});

test('aws-sdk:sfn fails as version 2 of the SDK tells it', async () => {
  const local = await startServer();
  const { error, cause } = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:sfn:sendTaskSuccess',
    Parameters: { TaskToken: 'NoSuchToken', Output: '{}' },
  });
  expect(error).toBe('Sfn.InvalidTokenException');
  expect(cause).toMatch(
    /^Invalid Token: 'Invalid token' \(Service: Sfn, Status Code: 400, Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
  );
});
