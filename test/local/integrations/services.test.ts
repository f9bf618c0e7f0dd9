import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listening } from '../../listening.js';
import { startServer, temporaryDirectory } from '../harness.js';
import { machine, run, runTask } from './run.js';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A service on loopback that gives every request the same answer, and remembers them. */
async function service(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    seen.push({ method, url, headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, { 'x-amzn-RequestId': 'R1', ...headers }).end(body);
  });
  return { url: await listening(server), seen };
}

const putItem = { TableName: 't', Item: { id: { S: '一' } } };

test('a service with an endpoint is called in its protocol, signed', async () => {
  const { url, seen } = await service(200, '{"Attributes":{"id":{"S":"一"}}}');
  const local = await startServer({ serviceEndpoints: { dynamodb: url } });
  const sdk = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
    Parameters: putItem,
  });
  expect(sdk.result).toEqual({ Attributes: { id: { S: '一' } } });
  const optimised = await runTask(local, {
    Resource: 'arn:aws:states:::dynamodb:putItem',
    Parameters: putItem,
  });
  expect(optimised.result).toMatchObject({
    Attributes: { id: { S: '一' } },
    SdkHttpMetadata: { HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: 'R1' },
  });
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/', body: JSON.stringify(putItem) });
  expect(seen[0]?.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.PutItem',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/ap-northeast-1\/dynamodb\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    ),
  });
});

test.each([
  [
    'aws-sdk:dynamodb:putItem',
    'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
    'DynamoDb.ResourceNotFoundException',
    'gone (Service: DynamoDb, Status Code: 400, Request ID: R1) (SDK Attempt Count: 1)',
  ],
  [
    'aws-sdk:dynamodb:putItem',
    'com.amazon.coral.validate#ValidationException',
    'DynamoDb.DynamoDbException',
    'gone (Service: DynamoDb, Status Code: 400, Request ID: R1) (SDK Attempt Count: 1)',
  ],
  [
    'dynamodb:putItem',
    'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    'DynamoDB.ConditionalCheckFailedException',
    'gone (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: R1; Proxy: null)',
  ],
  [
    'sqs:sendMessage',
    'MissingParameter',
    'SQS.AmazonSQSException',
    'gone (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: R1; Proxy: null)',
  ],
])('%s refused with %s', async (resource, type, error, cause) => {
  const { url } = await service(400, JSON.stringify({ __type: type, message: 'gone' }));
  const local = await startServer({ serviceEndpoints: { dynamodb: url, sqs: url } });
  const Parameters = { ...putItem, QueueUrl: 'q', MessageBody: 'm' };
  const failed = await runTask(local, { Resource: `arn:aws:states:::${resource}`, Parameters });
  expect(failed).toMatchObject({ status: 'FAILED', error, cause });
});

test('the Query protocol: form in, XML out', async () => {
  const answer =
    '<PublishResponse xmlns="x"><PublishResult><MessageId>m&amp;1</MessageId></PublishResult><ResponseMetadata><RequestId>R1</RequestId></ResponseMetadata></PublishResponse>';
  const { url, seen } = await service(200, answer, { 'Content-Type': 'text/xml' });
  const local = await startServer({ serviceEndpoints: { sns: url } });
  const { result } = await runTask(local, {
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: {
      TopicArn: 'arn:aws:sns:ap-northeast-1:101010101010:t',
      Message: { 名: 1 },
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    },
  });
  expect(result).toMatchObject({ MessageId: 'm&1', SdkHttpMetadata: { HttpStatusCode: 200 } });
  expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: 'arn:aws:sns:ap-northeast-1:101010101010:t',
    Message: '{"名":1}',
    'MessageAttributes.entry.1.Name': 'kind',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'x',
  });
});

test('an entry that EventBridge did not take fails the task', async () => {
  const answer = { Entries: [{ ErrorCode: 'MalformedDetail' }], FailedEntryCount: 1 };
  const { url, seen } = await service(200, JSON.stringify(answer));
  const local = await startServer({ serviceEndpoints: { events: url } });
  const failed = await runTask(local, {
    Resource: 'arn:aws:states:::events:putEvents',
    Parameters: { Entries: [{ Detail: { a: 1 }, DetailType: 'd', Source: 's' }] },
  });
  expect(failed).toMatchObject({ error: 'EventBridge.FailedEntry', cause: JSON.stringify(answer) });
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    Entries: [{ Detail: '{"a":1}', DetailType: 'd', Source: 's' }],
  });
});

test('a service that is nowhere is named, with what to configure', async () => {
  const local = await startServer();
  const failed = await runTask(local, {
    Resource: 'arn:aws:states:::sqs:sendMessage',
    Parameters: { QueueUrl: 'q', MessageBody: 'm' },
  });
  expect(failed).toMatchObject({ status: 'FAILED', error: 'SQS.SdkClientException' });
  expect(failed.cause).toMatch(/sqs:sendMessage.*--service-endpoint sqs=URL.*--mocks FILE/);
  const unheard = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:polly:describeVoices',
    Parameters: {},
  });
  expect(unheard).toMatchObject({ error: 'Polly.SdkClientException' });
});

test('mocks answer call by call, for services that are not run here alone', async () => {
  const mocks = join(temporaryDirectory(), 'mocks.json');
  writeFileSync(
    mocks,
    JSON.stringify({
      StateMachines: { orders: { TestCases: { Busy: { send: 'Busy', call: 'Busy' } } } },
      MockedResponses: {
        Busy: {
          '0-1': { Throw: { Error: 'Throttled', Cause: 'slow down' } },
          '2': { Return: { MessageId: '7' } },
        },
      },
    }),
  );
  const local = await startServer({ mocks });
  const arn = await machine(
    local,
    {
      send: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: { QueueUrl: 'q', MessageBody: 'x' },
        Retry: [{ ErrorEquals: ['Throttled'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }],
        End: true,
      },
    },
    'orders',
  );
  const mocked = await run(local, `${arn}#Busy`);
  expect(mocked).toMatchObject({ status: 'SUCCEEDED', result: { MessageId: '7' } });
  const failures = mocked.events.filter(({ type }) => type === 'TaskFailed');
  expect(failures.map(({ taskFailedEventDetails }) => taskFailedEventDetails?.error)).toEqual([
    'Throttled',
    'Throttled',
  ]);
  expect(await run(local, arn)).toMatchObject({ status: 'FAILED', error: 'SQS.SdkClientException' });
});

test('mocks that make no sense stop the start, and say where', async () => {
  const mocks = join(temporaryDirectory(), 'mocks.json');
  writeFileSync(mocks, '{"StateMachines":{"m":{"TestCases":{"c":{"s":"gone"}}}},"MockedResponses":{}}');
  await expect(startServer({ mocks })).rejects.toThrow(
    /StateMachines\.m\.TestCases\.c\.s: MockedResponses has no "gone"/,
  );
});

test('S3 through its API: objects, listings, failures', async () => {
  const local = await startServer();
  const call = (action: string, Parameters: object) =>
    runTask(local, {
      Resource: `arn:aws:states:::aws-sdk:s3:${action}`,
      Parameters: { Bucket: 'local-bucket', ...Parameters },
    });
  const put = await call('putObject', {
    Key: 'a/日 本.json',
    Body: { x: 1 },
    ContentType: 'application/json',
    Metadata: { who: 'me' },
  });
  expect(put.result).toEqual({
    ChecksumCRC32: 'O+tZXA==',
    ChecksumType: 'FULL_OBJECT',
    ETag: '"ac3ef48caa08fa3ed5e025da69edc645"',
    ServerSideEncryption: 'AES256',
  });
  const text = await call('putObject', { Key: 'text', Body: 'ö 0.0' });
  expect(text.result).toMatchObject({ ETag: `"${createHash('md5').update('"ö 0.0"').digest('hex')}"` });
  expect((await call('getObject', { Key: 'text' })).result).toMatchObject({ Body: '"ö 0.0"' });
  await call('deleteObject', { Key: 'text' });
  expect((await call('getObject', { Key: 'a/日 本.json' })).result).toMatchObject({
    Body: '{"x":1}',
    ContentLength: 7,
    ContentType: 'application/json',
    Metadata: { who: 'me' },
    LastModified: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(
    (await call('copyObject', { Key: 'b', CopySource: encodeURI('local-bucket/a/日 本.json') })).result,
  ).toMatchObject({
    CopyObjectResult: { ETag: (put.result as { ETag: string }).ETag },
  });
  expect((await call('listObjectsV2', { Prefix: 'a/' })).result).toMatchObject({
    Contents: [{ Key: 'a/日 本.json', Size: 7, ETag: (put.result as { ETag: string }).ETag }],
    IsTruncated: false,
    KeyCount: 1,
  });
  expect(
    (await call('deleteObjects', { Delete: { Objects: [{ Key: 'b' }, { Key: 'a/日 本.json' }] } })).result,
  ).toMatchObject({
    Deleted: [{ Key: 'b' }, { Key: 'a/日 本.json' }],
  });
  const buckets = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets',
    Parameters: {},
  });
  expect(buckets.result).toMatchObject({ Buckets: [{ Name: 'local-bucket' }] });
  expect(await call('getObject', { Key: 'none' })).toMatchObject({
    error: 'S3.NoSuchKeyException',
    cause: expect.stringMatching(
      /^The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: \S+, Extended Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
    ),
  });
  // HEAD has no body, and so the SDK no message.
  expect(await call('headObject', { Key: 'none' })).toMatchObject({
    error: 'S3.NoSuchKeyException',
    cause: expect.stringMatching(/^(\(Service: S3, Status Code: 404, [^)]+\)) \(SDK Attempt Count: 1\) \1$/),
  });
  expect(await call('listObjects', { Bucket: 'no-such-bucket' })).toMatchObject({
    error: 'S3.NoSuchBucketException',
  });
  expect(await call('putBucketPolicy', { Policy: '{}' })).toMatchObject({
    error: 'S3.SdkClientException',
    cause: expect.stringContaining('putBucketPolicy'),
  });
});

test('a request that has no address is not sent: one without a Bucket, a Key, a FunctionName', async () => {
  const local = await startServer();
  const refusals = [
    ['s3:getObject', { Key: 'a' }, "S3: Parameter 'Bucket' must not be null"],
    ['s3:getObject', { Bucket: 'local-bucket' }, "S3: Parameter 'Key' must not be null"],
    ['s3:deleteObject', { Bucket: 'local-bucket', Key: '' }, 'S3: Key cannot be empty.'],
    ['s3:headBucket', { Bucket: null }, "S3: Parameter 'Bucket' must not be null"],
    ['lambda:invoke', { Payload: 1 }, "Lambda: Parameter 'FunctionName' must not be null"],
  ] as const;
  for (const [action, Parameters, told] of refusals) {
    const [service, why] = told.split(': ');
    const ran = await runTask(local, { Resource: `arn:aws:states:::aws-sdk:${action}`, Parameters });
    expect(ran).toMatchObject({
      status: 'FAILED',
      error: `${service}.SdkClientException`,
      cause: `Unable to marshall request to JSON: ${why}`,
    });
  }
});

test('a bucket is made with its tags', async () => {
  const local = await startServer();
  const call = (action: string, Parameters: object = {}) =>
    runTask(local, {
      Resource: `arn:aws:states:::aws-sdk:s3:${action}`,
      Parameters: { Bucket: 'tagged-bucket', ...Parameters },
    });
  const TagSet = [
    { Key: 'a', Value: '1' },
    { Key: 'team', Value: '開発' },
  ];
  const made = await call('createBucket', { CreateBucketConfiguration: { Tags: TagSet } });
  expect(made.status).toBe('SUCCEEDED');
  expect((await call('getBucketTagging')).result).toEqual({ TagSet });
  await call('putBucketTagging', { Tagging: { TagSet: TagSet.slice(1) } });
  expect((await call('getBucketTagging')).result).toEqual({ TagSet: TagSet.slice(1) });
  await call('deleteBucketTagging');
  expect(await call('getBucketTagging')).toMatchObject({
    status: 'FAILED',
    cause: expect.stringMatching(/^The TagSet does not exist \(Service: S3, Status Code: 404, /),
  });
});

test('STS says whose account this is', async () => {
  const local = await startServer();
  const { result } = await runTask(local, {
    Resource: 'arn:aws:states:::aws-sdk:sts:getCallerIdentity',
    Parameters: {},
  });
  expect(result).toEqual({
    Account: '101010101010',
    Arn: expect.stringMatching(/^arn:aws:/),
    UserId: expect.any(String),
  });
});

test('an HTTP Task calls this machine, and nothing beyond it', async () => {
  const { url, seen } = await service(200, '{"ok":true}', { 'Content-Type': 'application/json' });
  const local = await startServer();
  const call = (Parameters: object) =>
    runTask(local, { Resource: 'arn:aws:states:::http:invoke', Parameters });
  const done = await call({
    ApiEndpoint: `${url}/orders`,
    Method: 'POST',
    QueryParameters: { q: ['1', '日'] },
    Headers: { 'x-own': 'h' },
    RequestBody: { a: [1, 2], b: { c: 'd' } },
    Transform: { RequestBodyEncoding: 'URL_ENCODED', RequestEncodingOptions: { ArrayFormat: 'BRACKETS' } },
    InvocationConfig: { ConnectionArn: 'arn:aws:events:ap-northeast-1:101010101010:connection/x/1' },
  });
  expect(done.result).toMatchObject({
    StatusCode: 200,
    StatusText: 'OK',
    ResponseBody: { ok: true },
    Headers: { 'content-type': ['application/json'] },
  });
  expect(seen[0]).toMatchObject({
    method: 'POST',
    url: `/orders?q=1&q=${encodeURIComponent('日')}`,
    body: 'a%5B%5D=1&a%5B%5D=2&b%5Bc%5D=d',
    headers: { 'x-own': 'h', 'content-type': 'application/x-www-form-urlencoded' },
  });
  const outside = await call({ ApiEndpoint: 'https://example.com/', Method: 'GET' });
  expect(outside).toMatchObject({ status: 'FAILED', error: 'States.Http.Socket' });
  expect(outside.cause).toContain('example.com');
  const missing = await service(404, '{"why":"none"}', { 'Content-Type': 'application/json' });
  expect(await call({ ApiEndpoint: missing.url, Method: 'GET' })).toMatchObject({
    error: 'States.Http.StatusCode.404',
    cause: '{"why":"none"}',
  });
});
