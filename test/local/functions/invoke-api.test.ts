import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import type { FunctionsOptions } from '../../../src/local/functions/index.js';
import { folderOf, serve, startFunctions } from './start.js';

async function lambda(options: Partial<FunctionsOptions>) {
  const functions = startFunctions(options);
  const endpoint = await serve((request, response) => void functions.handle(request, response));
  const client = new LambdaClient({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const invoke = async (FunctionName: string, payload: unknown, more: object = {}) => {
    const result = await client.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), ...more }),
    );
    return { ...result, text: Buffer.from(result.Payload ?? []).toString() };
  };
  return { endpoint, client, invoke, lines: functions.lines };
}

const echo = () =>
  folderOf({
    'echo.mjs': `export const handler = async (event) => {
      console.log('ran ' + JSON.stringify(event));
      if (event.fail) throw new TypeError(event.fail);
      return { echo: event, name: process.env.AWS_LAMBDA_FUNCTION_NAME };
    }`,
  });

test('the SDK invokes by name, partial and whole ARN, with version and qualifier', async () => {
  const { invoke } = await lambda({ base: echo(), functions: { fn: './echo.handler' } });
  const arn = 'arn:aws:lambda:ap-northeast-1:101010101010:function:fn';
  for (const name of ['fn', 'fn:live', '101010101010:function:fn', 'function:fn', arn, `${arn}:$LATEST`]) {
    const result = await invoke(name, { 名: 1 });
    expect(JSON.parse(result.text)).toEqual({ echo: { 名: 1 }, name: 'fn' });
    expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(result.FunctionError).toBeUndefined();
    expect(result.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
  expect((await invoke('fn', {}, { Qualifier: 'live' })).StatusCode).toBe(200);
});

test('a function that fails is an answer, a function that is not there is an error', async () => {
  const { invoke } = await lambda({ base: echo(), functions: { fn: './echo.handler' } });
  const failed = await invoke('fn', { fail: '壊れた' });
  expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(failed.text)).toMatchObject({ errorType: 'TypeError', errorMessage: '壊れた' });
  await expect(invoke('other', {})).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:ap-northeast-1:101010101010:function:other:$LATEST',
    $metadata: { httpStatusCode: 404 },
  });
});

test('the end of the log comes with the answer where it is asked for', async () => {
  const { invoke } = await lambda({ base: echo(), functions: { fn: './echo.handler' } });
  const { LogResult = '' } = await invoke('fn', { long: 'あ'.repeat(5_000) }, { LogType: 'Tail' });
  const log = Buffer.from(LogResult, 'base64');
  expect(log.length).toBe(4096);
  expect(String(log)).toMatch(/\nEND RequestId: \S+\nREPORT RequestId: .*\n$/);
  const short = Buffer.from((await invoke('fn', {}, { LogType: 'Tail' })).LogResult ?? '', 'base64');
  expect(String(short)).toMatch(/^START RequestId: .*\n.*\tINFO\tran {}\nEND /);
  expect((await invoke('fn', {})).LogResult).toBeUndefined();
});

test('events run after the answer, dry runs run nothing', async () => {
  const { invoke, lines } = await lambda({ base: echo(), functions: { fn: './echo.handler' } });
  expect((await invoke('fn', { dry: 1 }, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
  expect((await invoke('fn', { event: 1, fail: 'late' }, { InvocationType: 'Event' })).StatusCode).toBe(202);
  await expect.poll(() => lines.some((line) => line.includes('"errorMessage":"late"'))).toBe(true);
  await expect.poll(() => lines).toContain('[fn] ran {"event":1,"fail":"late"}');
  expect(lines.some((line) => line.includes('dry'))).toBe(false);
});

test('requests that Lambda refuses', async () => {
  const { endpoint, client, invoke } = await lambda({ base: echo(), functions: { fn: './echo.handler' } });
  await expect(invoke('fn', 'x'.repeat(6 << 20))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    $metadata: { httpStatusCode: 413 },
  });
  const url = `${endpoint}/2015-03-31/functions/fn/invocations`;
  const broken = await fetch(url, { method: 'POST', body: '{"a":' });
  expect([broken.status, broken.headers.get('x-amzn-errortype')]).toEqual([
    400,
    'InvalidRequestContentException',
  ]);
  await expect(invoke('fn', {}, { InvocationType: 'Sometimes' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('Lambda.ListFunctions'),
  });
});

test('who answers a name', async () => {
  const base = folderOf({
    'own.mjs': 'export const handler = async () => "own"',
    'any.mjs': 'export const handler = async () => "any"',
  });
  const remote = await serve((_request, response) => void response.end('"remote"'));
  const call = (name: string, machine: string) => ({
    name,
    payload: JSON.stringify({
      input: { fail: 'no' },
      context: { StateMachine: { Name: machine }, State: { Name: 'iterator' } },
    }),
  });
  const ask = async (options: Partial<FunctionsOptions>, { name, payload }: ReturnType<typeof call>) => {
    const {
      payload: text,
      serviceError,
      functionError,
    } = await startFunctions(options).invoke(name, payload);
    return serviceError?.code ?? (functionError ? 'reference' : JSON.parse(text));
  };
  const own = { own: './own.handler' };
  const both = { ...own, '*': './any.handler' };
  expect(await ask({ base, functions: both }, call('own', 'x'))).toBe('own');
  expect(await ask({ base, functions: both }, call('other', 'sfn-task'))).toBe('any');
  expect(await ask({ base, functions: own, lambdaEndpoint: remote }, call('own', 'x'))).toBe('own');
  expect(await ask({ base, functions: own, lambdaEndpoint: remote }, call('other', 'sfn-task'))).toBe(
    'remote',
  );
  expect(await ask({ base, functions: own }, call('other', 'approval'))).toBe('ResourceNotFoundException');
  expect(await ask({ base, functions: own }, call('other', 'sfn-task'))).toBe('reference');
  expect(await ask({ base, functions: own }, call('other', 'import-csv/import-csv'))).toMatchObject([
    [{ succeededRows: 1 }],
  ]);
  expect(await ask({ base, functions: own }, call('other', 'approval/import-csv'))).toBe(
    'ResourceNotFoundException',
  );
  expect(await ask({}, call('whatever', 'dev-acme-sfn-task-handler'))).toBe('reference');
});

test('another Lambda endpoint: its path, its errors, its absence', async () => {
  const seen: string[] = [];
  const endpoint = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
    const tail = request.headers['x-amz-log-type'] === 'Tail';
    const name = request.url?.split('/')[3];
    if (name === 'bad')
      response.writeHead(200, { 'X-Amz-Function-Error': 'Unhandled' }).end('{"errorType":"E"}');
    else if (name === 'busy')
      response
        .writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException:http' })
        .end('{"message":"slow"}');
    else if (name === 'web') response.writeHead(404).end('<html>');
    else if (name === 'cut')
      response.writeHead(200, { 'Content-Length': 9 }).write('1', () => response.destroy());
    else
      response
        .writeHead(200, {
          'x-amzn-RequestId': 'r-1',
          'X-Amz-Executed-Version': '7',
          ...(tail && { 'X-Amz-Log-Result': 'bG9n' }),
        })
        .end('{"ok":1}');
  });
  const { invoke } = startFunctions({
    lambdaEndpoint: `${endpoint}/`,
    functions: { gone: 'http://127.0.0.1:1' },
  });
  expect(await invoke('arn:aws:lambda:ap-northeast-1:101010101010:function:fn', '{"a":"あ"}')).toMatchObject({
    statusCode: 200,
    payload: '{"ok":1}',
    functionError: undefined,
    requestId: 'r-1',
    executedVersion: '7',
  });
  expect(seen[0]).toBe('POST /2015-03-31/functions/fn/invocations {"a":"あ"}');
  expect((await invoke('fn:live 1', '0.0', undefined, { tail: true })).logResult).toBe('bG9n');
  expect(seen[1]).toBe('POST /2015-03-31/functions/fn/invocations?Qualifier=live%201 0.0');
  expect(await invoke('bad', '{}')).toMatchObject({
    functionError: 'Unhandled',
    payload: '{"errorType":"E"}',
  });
  expect(await invoke('busy', '{}')).toMatchObject({
    statusCode: 429,
    serviceError: { code: 'TooManyRequestsException', message: 'slow' },
  });
  expect((await invoke('web', '{}')).serviceError?.message).toBe(
    `${endpoint}/2015-03-31/functions/web/invocations answered 404`,
  );
  expect((await invoke('cut', '{}')).serviceError?.code).toBe('ServiceException');
  expect((await invoke('gone', '{}')).serviceError?.message).toMatch(
    /^the Lambda endpoint http:\/\/127\.0\.0\.1:1 did not answer: .*ECONNREFUSED/,
  );
});

test('a Lambda endpoint that is found later takes the place of the built-in functions, and keeps it', async () => {
  let endpoint: string | undefined;
  const functions = startFunctions({ findLambda: async () => endpoint });
  const step = {
    context: { StateMachine: { Name: 'sfn-task' }, State: { Name: 'iterator' } },
    input: { a: 1 },
  };
  const invoke = async () => await functions.invoke('serverless-example-dev-main', JSON.stringify(step));
  expect(JSON.parse((await invoke()).payload)).toEqual([[{ result: { a: 1 } }]]);
  endpoint = await serve((_, response) => response.end('"theirs"'));
  expect((await invoke()).payload).toBe('"theirs"');
  expect(functions.lines).toEqual([`functions are those of the Lambda endpoint ${endpoint}`]);
  endpoint = undefined;
  expect((await invoke()).payload).toBe('"theirs"');
});
