import { createServer, type Server } from 'node:http';
import { ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import type { ClientSettings, Relocation } from '../../src/aws/client.js';
import { createGateways } from '../../src/aws/connect.js';
import type { FlowError } from '../../src/errors.js';
import { settingsFor } from '../aws/settings-for.js';
import { listening } from '../listening.js';
import { ended, startServer } from '../local/harness.js';

const machines = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine';
const bucket = 'local-bucket';

function connect(endpoint: string, more: Partial<ClientSettings> = {}) {
  const told: string[] = [];
  const gateways = createGateways(() =>
    settingsFor(endpoint, { verbose: (line) => told.push(line), ...more }),
  );
  return { ...gateways, told };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
const failure = (promise: Promise<unknown>): Promise<FlowError> =>
  promise.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error) => error,
  );

describe('Step Functions', () => {
  test('starts, describes, pages through history in both directions, with times as numbers', async () => {
    const server = await startServer();
    const { states, told } = connect(server.endpoint);
    const { executionArn } = await states.startExecution({
      stateMachineArn: `${machines}:sfn-task`,
      name: 'n',
      input: '[{},{},{}]',
    });
    await ended(server.sfn, executionArn);
    expect(await states.describeExecution(executionArn)).toMatchObject({
      name: 'n',
      status: 'SUCCEEDED',
      startDate: expect.any(Date),
      input: '[{},{},{}]',
    });
    const pages = await collect(states.historyPages(executionArn, { pageSize: 7 }));
    const events = pages.flat();
    expect(Math.max(...pages.map((page) => page.length))).toBe(7);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({ type: 'ExecutionStarted', timestamp: expect.any(Number) });
    expect(Math.abs((events[0]?.timestamp ?? 0) - Date.now())).toBeLessThan(30_000);
    const backwards = (await collect(states.historyPages(executionArn, { reverse: true }))).flat();
    expect(backwards.map(({ id }) => id)).toEqual(events.map(({ id }) => id).reverse());
    expect(told.join('\n')).toMatch(/^StartExecution ok [\w-]{36} in \d+ ms$/m);
  });

  test('lists page by page', async () => {
    const server = await startServer();
    const { states, told } = connect(server.endpoint);
    for (let n = 0; n < 7; n++)
      await states.startExecution({ stateMachineArn: `${machines}:sfn-task`, name: `n${n}`, input: '[]' });
    const listed = await collect(
      states.listExecutions({ stateMachineArn: `${machines}:sfn-task`, atMost: 3 }),
    );
    expect(listed.map(({ name }) => name)).toEqual(['n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0']);
    expect(told.filter((line) => line.startsWith('ListExecutions'))).toHaveLength(3);
  });

  test('what is not there, not possible or refused has its exit code and AWS’s name', async () => {
    const server = await startServer();
    const { states } = connect(server.endpoint);
    const start = (input: string, name: string, stateMachineArn = `${machines}:sfn-task`) =>
      states.startExecution({ stateMachineArn, name, input });
    await start('[{"sleepMs":9000}]', 'taken');
    const arn = `${machines.replace('stateMachine', 'execution')}:sfn-task:none`;
    for (const [call, code, exitCode] of [
      [states.describeExecution(arn), 'ExecutionDoesNotExist', 3],
      [collect(states.historyPages(arn)), 'ExecutionDoesNotExist', 3],
      [states.describeStateMachine(`${machines}:none`), 'StateMachineDoesNotExist', 3],
      [start('[]', 'taken'), 'ExecutionAlreadyExists', 5],
      [start('{', 'x'), 'InvalidExecutionInput', 2],
      [start('[]', 'bad name'), 'InvalidName', 2],
      [states.describeExecution('nonsense'), 'InvalidArn', 2],
    ] as const) {
      expect(await failure(call)).toMatchObject({ name: 'FlowError', code, exitCode });
    }
  });

  test('-v never shows a task token', async () => {
    const server = await startServer();
    const { states, told } = connect(server.endpoint);
    const definition = {
      StartAt: 'wait',
      States: {
        wait: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Parameters: { FunctionName: 'f', Payload: { 'taskToken.$': '$$.Task.Token' } },
          End: true,
        },
      },
    };
    const { stateMachineArn = '' } = await server.sfn.send(
      new CreateStateMachineCommand({
        name: 'waits',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::101010101010:role/r',
      }),
    );
    const { executionArn } = await states.startExecution({ stateMachineArn, name: 'n', input: '{}' });
    const events = (await collect(states.historyPages(executionArn))).flat();
    const token = /"taskToken":"([^"]+)"/.exec(
      String(
        (
          events.find(({ type }) => type === 'TaskScheduled') as {
            taskScheduledEventDetails?: { parameters: string };
          }
        )?.taskScheduledEventDetails?.parameters,
      ),
    )?.[1];
    expect(token?.length).toBeGreaterThan(20);
    expect(told.join('\n')).not.toContain(token);
  });
});

describe('S3', () => {
  async function* chunks(count: number, size = 1 << 20): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n++) yield Buffer.alloc(size, n % 251);
  }
  const upload = (key: string, count: number) => ({
    bucket,
    key,
    body: () => chunks(count),
    size: count << 20,
    contentType: 'text/csv',
  });

  test('small and in parts, up and down, with progress', async () => {
    const server = await startServer();
    const { objects } = connect(server.endpoint);
    for (const count of [0, 1, 20]) {
      const progress: number[] = [];
      const key = `日本語/${count} MiB.csv`;
      await objects.upload({ ...upload(key, count), onProgress: (bytes) => progress.push(bytes) });
      expect(await objects.head(bucket, key)).toMatchObject({ size: count << 20 });
      expect(progress.at(-1)).toBe(count << 20);
      let bytes = 0;
      for await (const chunk of await objects.read(bucket, key)) bytes += chunk.length;
      expect(bytes).toBe(count << 20);
    }
    expect(await objects.list(bucket, '日本語/')).toHaveLength(3);
    expect(await objects.head(bucket, 'none')).toBeUndefined();
    expect(await objects.bucketAnswers(bucket)).toBe(true);
    expect(await objects.bucketAnswers('no-such-bucket')).toBe(false);
    expect(await failure(objects.read(bucket, 'none'))).toMatchObject({ code: 'NoSuchKey', exitCode: 3 });
    expect(await failure(objects.upload({ ...upload('k', 1), bucket: 'no-such-bucket' }))).toMatchObject({
      code: 'NoSuchBucket',
      exitCode: 3,
    });
  });

  test('an upload that is broken off, or whose source fails, leaves no object and no part', async () => {
    const server = await startServer();
    const { objects } = connect(server.endpoint);
    const left = async () => {
      const { Uploads = [] } = await server.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      const parts = await Promise.all(
        Uploads.map(({ Key, UploadId }) =>
          server.s3.send(new ListPartsCommand({ Bucket: bucket, Key, UploadId })),
        ),
      );
      return { uploads: Uploads.length, parts: parts.length, object: await objects.head(bucket, 'k') };
    };
    const nothing = { uploads: 0, parts: 0, object: undefined };

    for (const after of [0, 1, 12, 30]) {
      const stop = new AbortController();
      async function* slow(): AsyncGenerator<Uint8Array> {
        let n = 0;
        for await (const chunk of chunks(40)) {
          if (n++ === after) stop.abort('SIGINT');
          yield chunk;
        }
      }
      await expect(
        objects.upload({ ...upload('k', 40), body: slow, signal: stop.signal }),
      ).rejects.toBeDefined();
      expect(await left(), `after ${after} MiB`).toEqual(nothing);
    }

    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* chunks(20);
      throw new Error('the disk is gone');
    }
    await expect(objects.upload({ ...upload('k', 40), body: broken })).rejects.toThrow('the disk is gone');
    expect(await left()).toEqual(nothing);
  });
});

test('STS', async () => {
  const server = await startServer();
  const { identity } = connect(server.endpoint);
  expect(await identity.callerIdentity()).toMatchObject({ account: '101010101010' });
});

describe('a server that moves', () => {
  test('calls go on at the new place, side by side, and look for it once', async () => {
    const first = await startServer();
    const second = await startServer();
    let current = first.endpoint;
    const lost: string[] = [];
    const relocate: Relocation = {
      endpoint: async () => current,
      async lost(endpoint) {
        lost.push(endpoint);
        current = second.endpoint;
        return current;
      },
    };
    const { states, objects } = connect(first.endpoint, { relocate });
    await states.describeStateMachine(`${machines}:command`);
    await first.stop();
    const all = await Promise.all([
      states.describeStateMachine(`${machines}:command`),
      states.describeStateMachine(`${machines}:sfn-task`),
      objects.bucketAnswers(bucket),
    ]);
    expect(all).toMatchObject([{ name: 'command' }, { name: 'sfn-task' }, true]);
    expect(new Set(lost)).toEqual(new Set([first.endpoint]));
    await states.describeStateMachine(`${machines}:command`);
    expect(lost.length).toBeLessThanOrEqual(3);
  });
});

describe('what AWS may answer', () => {
  /** Plays a service that answers everything alike. */
  async function player(
    status: number,
    type: string,
    message = 'no',
  ): Promise<{ endpoint: string; calls: () => number }> {
    let calls = 0;
    const server: Server = createServer((request, response) => {
      calls++;
      request.resume();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.swf.service.v2.model#${type}`, message }));
    });
    return { endpoint: await listening(server), calls: () => calls };
  }

  test.each([
    [400, 'AccessDeniedException', 4],
    [400, 'UnrecognizedClientException', 4],
    [400, 'ExpiredTokenException', 4],
    [400, 'InvalidSignatureException', 4],
    [400, 'ThrottlingException', 6],
    [400, 'ValidationException', 2],
    [503, 'ServiceUnavailable', 6],
    [500, 'InternalFailure', 6],
  ])('%s %s is exit %s', async (status, type, exitCode) => {
    const { endpoint, calls } = await player(status, type);
    const error = await failure(connect(endpoint).states.describeExecution('arn'));
    expect(error).toMatchObject({ exitCode, message: expect.stringContaining('no') });
    expect(calls()).toBe(exitCode === 6 ? 2 : 1);
  });

  test('too many open executions: exit 6, like a throttle, for later there may be room', async () => {
    const { endpoint } = await player(400, 'ExecutionLimitExceeded');
    const start = connect(endpoint).states.startExecution({ stateMachineArn: 'arn', name: 'n', input: '{}' });
    expect(await failure(start)).toMatchObject({ exitCode: 6, code: 'ExecutionLimitExceeded' });
  });
});
