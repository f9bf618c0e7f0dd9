import { SFNClient, TestStateCommand, type TestStateCommandInput } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { startServer } from '../harness.js';

type Request = Omit<TestStateCommandInput, 'definition'> & { definition: object };

/** Asks a server of its own; the SDK's `sync-` before the host cannot be resolved for an address. */
async function tester() {
  const { endpoint } = await startServer({ timeScale: 0 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint, region: 'ap-northeast-1', credentials, disableHostPrefix: true });
  return (request: Request) =>
    sfn.send(new TestStateCommand({ ...request, definition: JSON.stringify(request.definition) }));
}

const call = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token', 'order.$': '$.order' } },
  Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 }],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'repair' }],
  Next: 'done',
};

test('a mocked error is retried while attempts are left, then caught', async () => {
  const ask = await tester();
  const failed = (retrierRetryCount: number) =>
    ask({
      definition: call,
      input: '{"order":7}',
      inspectionLevel: 'DEBUG',
      mock: { errorOutput: { error: 'Busy', cause: '混雑' } },
      stateConfiguration: { retrierRetryCount },
    });
  expect(await failed(1)).toMatchObject({
    status: 'RETRIABLE',
    error: 'Busy',
    inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 6 } },
  });
  expect(await failed(2)).toMatchObject({
    status: 'CAUGHT_ERROR',
    nextState: 'repair',
    output: '{"order":7,"error":{"Error":"Busy","Cause":"混雑"}}',
    inspectionData: { errorDetails: { catchIndex: 0 } },
  });
});

test('attempts that are used up name their retrier; the context can tell of them, too', async () => {
  const ask = await tester();
  const { Catch: _, ...retried } = call;
  const failed = (more: object) =>
    ask({
      definition: retried,
      inspectionLevel: 'DEBUG',
      input: '{"order":7}',
      mock: { errorOutput: { error: 'Busy' } },
      ...more,
    });
  const used = { status: 'FAILED', error: 'Busy', inspectionData: { errorDetails: { retryIndex: 0 } } };
  expect(await failed({ stateConfiguration: { retrierRetryCount: 2 } })).toMatchObject(used);
  const after = (count: number) => `{"State":{"RetryCount":${count}},"Task":{"Token":"t"}}`;
  expect(await failed({ context: after(2) })).toMatchObject(used);
  expect(await failed({ context: after(1) })).toMatchObject({ status: 'RETRIABLE' });
});

test('the context that stands in: no role, a state without a name, the first item of a Map', async () => {
  const ask = await tester();
  const shown = { Type: 'Pass', Parameters: { 'c.$': '$$' }, End: true };
  const contextOf = async (request: Request) => JSON.parse((await ask(request)).output ?? '').c;
  expect(await contextOf({ definition: shown })).toMatchObject({
    Execution: { RoleArn: null },
    State: { Name: 'StateName' },
  });
  const machine = {
    StartAt: 'M',
    States: { M: { Type: 'Map', ItemProcessor: { StartAt: 'P', States: { P: shown } }, End: true } },
  };
  expect(await contextOf({ definition: machine, stateName: 'P', input: '[1]' })).toMatchObject({
    Map: { Item: { Index: 0, Value: [1] } },
    State: { Name: 'P' },
  });
});

test('a mocked result passes through the state, with the context that was given', async () => {
  const ask = await tester();
  const answer = await ask({
    definition: call,
    input: '{"order":7}',
    inspectionLevel: 'TRACE',
    context: '{"Task":{"Token":"given"}}',
    mock: { result: '{"ok":true}' },
  });
  expect(answer).toMatchObject({ status: 'SUCCEEDED', nextState: 'done', output: '{"ok":true}' });
  expect(JSON.parse(answer.inspectionData?.afterParameters ?? '')).toEqual({
    QueueUrl: 'q',
    MessageBody: { token: 'given', order: 7 },
  });
});

test('variables go in and come out, and waiting costs no time on a clock that skips it', async () => {
  const ask = await tester();
  const definition = {
    Type: 'Wait',
    QueryLanguage: 'JSONata',
    Seconds: '{% $pause %}',
    Assign: { done: '{% $pause + 1 %}' },
    Output: '{% $pause * 2 %}',
    End: true,
  };
  const answer = await ask({ definition, variables: '{"pause":86}', inspectionLevel: 'DEBUG' });
  expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '172' });
  expect(JSON.parse(answer.inspectionData?.variables ?? '')).toEqual({ pause: 86, done: 87 });
});

test('what a mocked Map would give its iterations is shown', async () => {
  const ask = await tester();
  const definition = {
    Type: 'Map',
    ItemsPath: '$.list',
    ItemSelector: { 'n.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index' },
    ItemProcessor: { StartAt: 'p', States: { p: { Type: 'Pass', End: true } } },
    End: true,
  };
  const answer = await ask({
    definition,
    input: '{"list":[5,6]}',
    inspectionLevel: 'DEBUG',
    mock: { result: '[1,2]' },
  });
  expect(answer).toMatchObject({
    output: '[1,2]',
    inspectionData: {
      afterItemsPath: '[5,6]',
      afterItemSelector: '[{"at":0,"n":5},{"at":1,"n":6}]',
      maxConcurrency: 0,
    },
  });
});

test('a mocked result is one that the API could give, unless nobody asks', async () => {
  const ask = await tester();
  const start = {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution',
    Parameters: { StateMachineArn: 'arn' },
    End: true,
  };
  type Mode = 'STRICT' | 'PRESENT' | 'NONE' | undefined;
  const mocked = (result: object, fieldValidationMode: Mode) =>
    ask({ definition: start, mock: { result: JSON.stringify(result), fieldValidationMode } });
  const missing = "Mock result schema validation error: Required field 'StartDate' is missing";
  const wrong = "Mock result schema validation error: Field 'StartDate' must be a string";
  for (const mode of [undefined, 'STRICT'] as const)
    await expect(mocked({ ExecutionArn: 'a' }, mode)).rejects.toMatchObject({ message: missing });
  await expect(mocked({ StartDate: true }, 'PRESENT')).rejects.toMatchObject({ message: wrong });
  for (const [result, mode] of [
    [{ ExecutionArn: 'a', StartDate: 'now', More: 1 }, 'STRICT'],
    [{}, 'PRESENT'],
    [{ StartDate: true }, 'NONE'],
  ] as const)
    expect(await mocked(result, mode)).toMatchObject({ status: 'SUCCEEDED' });
});

test('what AWS does not try alone is refused', async () => {
  const ask = await tester();
  const refused = async (request: Request, name: string, message: string) =>
    await expect(ask(request)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  const pass = { Type: 'Pass', End: true };
  await refused({ definition: pass, mock: { result: '1' } }, 'ValidationException', "State type 'Pass'");
  await refused({ definition: pass, input: '{' }, 'InvalidExecutionInput', 'Input');
  await refused({ definition: { Type: 'Pass' } }, 'InvalidDefinition', 'SCHEMA_VALIDATION_FAILED');
  await refused({ definition: call, mock: {} }, 'ValidationException', 'only one of the following');
  const context = '{"Map":{}}';
  await refused({ definition: call, context, mock: { result: '1' } }, 'ValidationException', "'Map' field");
  const task = { definition: pass, context: '{"Task":{"Token":"t"}}' };
  await refused(task, 'ValidationException', "Context object contains 'Task' when state is not a Task");
});
