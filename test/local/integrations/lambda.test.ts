import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listening } from '../../listening.js';
import { startServer } from '../harness.js';
import { machine, run, runTask } from './run.js';

/** A Lambda endpoint whose functions answer with what they were sent. */
async function echo() {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    seen.push(`${request.url?.split('/').slice(3, 5).join('/')} ${body}`);
    if (body === '"fail"')
      response
        .writeHead(200, { 'X-Amz-Function-Error': 'Unhandled' })
        .end('{"errorMessage": "no, [no]", "errorType": "Bad", "n": 1.0}');
    else response.writeHead(200, { 'X-Amz-Log-Result': 'bG9n' }).end(body);
  });
  return { endpoint: await listening(server), seen };
}

const invoke = (Parameters: object) => ({
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', ...Parameters },
});

test('a payload is sent as it is written, and comes back so', async () => {
  const { endpoint, seen } = await echo();
  const local = await startServer({ lambdaEndpoint: endpoint });
  const states = {
    task: { Type: 'Task', End: true, ...invoke({ 'Payload.$': '$.p' }), OutputPath: '$.Payload' },
  };
  const arn = await machine(local, states);
  const sent: [input: string, event: string, output?: string][] = [
    ['"0.0"', '0.0'],
    ['"\\"text\\""', '"text"'],
    ['null', '{}'],
    ['{"b":[0.0,9007199254740993],"1":1e3}', '{"b":[0.0,9007199254740993],"1":1e3}'],
    ['"{ \\"a\\": 0.10 }"', '{ "a": 0.10 }', '{"a":0.10}'],
  ];
  for (const [payload, event, output = event] of sent) {
    const ran = await run(local, arn, undefined, `{"p":${payload}}`);
    expect([ran.output, seen.pop()]).toEqual([output, `f/invocations ${event}`]);
  }
  const refused = await run(local, arn, undefined, '{"p":"no JSON"}');
  expect(refused).toMatchObject({
    status: 'FAILED',
    error: 'Lambda.InvalidRequestContentException',
    cause: expect.stringMatching(
      /^Could not parse request body into json: .*Unrecognized token 'no'.*Status Code: 400; Error Code: InvalidRequestContentException;/,
    ),
  });
});

test('an error is written anew; a function by its ARN tells it as it is', async () => {
  const { endpoint } = await echo();
  const local = await startServer({ lambdaEndpoint: endpoint });
  expect(await runTask(local, invoke({ Payload: '"fail"' }))).toMatchObject({
    error: 'Bad',
    cause: '{"errorMessage":"no, [no]","errorType":"Bad","n":1.0}',
  });
  const arn = { Resource: 'arn:aws:lambda:ap-northeast-1:101010101010:function:f' };
  expect(await runTask(local, arn, 'fail')).toMatchObject({
    cause: '{"errorMessage": "no, [no]", "errorType": "Bad", "n": 1.0}',
  });
});

test('LogType and Qualifier are kept', async () => {
  const { endpoint, seen } = await echo();
  const local = await startServer({ lambdaEndpoint: endpoint });
  const optimised = await runTask(local, invoke({ LogType: 'Tail', Qualifier: 'live' }));
  expect(optimised.result).toMatchObject({
    LogResult: 'bG9n',
    Payload: {},
    SdkHttpMetadata: { HttpHeaders: { 'X-Amz-Log-Result': 'bG9n' } },
  });
  expect(seen).toEqual(['f/invocations?Qualifier=live {}']);
  const sdk = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:lambda:invoke',
    Parameters: { FunctionName: 'f:7', LogType: 'Tail', Payload: '0.0' },
  });
  expect(sdk.result).toEqual({
    ExecutedVersion: '$LATEST',
    LogResult: 'bG9n',
    Payload: '0.0',
    StatusCode: 200,
  });
  expect(seen[1]).toBe('f/invocations?Qualifier=7 0.0');
  expect((await runTask(local, invoke({}))).result).not.toHaveProperty('LogResult');
});

test('items of a Distributed Map and its output keep their digits and the place of their keys', async () => {
  const { endpoint, seen } = await echo();
  const local = await startServer({ lambdaEndpoint: endpoint });
  const definition = {
    Type: 'Map',
    End: true,
    ItemsPath: '$.items',
    ItemSelector: { 'v.$': '$$.Map.Item.Value' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'F',
      States: {
        F: { Type: 'Task', End: true, Resource: 'arn:aws:lambda:ap-northeast-1:101010101010:function:f' },
      },
    },
  };
  const ran = await run(
    local,
    await machine(local, { M: definition }),
    undefined,
    '{"items":[{"b":0.0,"1":9007199254740993}]}',
  );
  expect(ran.output).toBe('[{"v":{"b":0.0,"1":9007199254740993}}]');
  expect(seen).toEqual(['f/invocations {"v":{"b":0.0,"1":9007199254740993}}']);
});
