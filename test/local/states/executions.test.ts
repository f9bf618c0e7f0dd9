import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type GetExecutionHistoryCommandOutput,
  type HistoryEvent,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { documentedImportMachine } from '../../framework/import/documented-machine.js';
import { ended, type Local, startServer, temporaryDirectory } from '../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
const builtin = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;

async function machine(sfn: SFNClient, name: string, definition: object): Promise<string> {
  const created = await sfn.send(
    new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
  );
  return created.stateMachineArn ?? '';
}

async function history(sfn: SFNClient, executionArn: string, pageSize = 1000, reverseOrder = false) {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page: GetExecutionHistoryCommandOutput = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: pageSize, reverseOrder, nextToken }),
    );
    events.push(...(page.events ?? []));
    ({ nextToken } = page);
  } while (nextToken);
  return events;
}

const passes = {
  StartAt: 'a',
  States: { a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Pass', Result: { 値: 1 }, End: true } },
};

describe('executions over the wire', () => {
  test('start, describe, list, history in pages of any size and both directions', async () => {
    const { sfn } = await startServer();
    const stateMachineArn = await machine(sfn, 'two-passes', passes);
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: '注文-1', input: '{"x":"日本"}' }),
    );
    expect(await ended(sfn, executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"値":1}',
      name: '注文-1',
    });
    const whole = await history(sfn, executionArn);
    expect(whole.map((event) => event.type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    for (const size of [1, 2, 4]) {
      expect(await history(sfn, executionArn, size)).toEqual(whole);
      expect(await history(sfn, executionArn, size, true)).toEqual([...whole].reverse());
    }
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toMatchObject([{ executionArn, status: 'SUCCEEDED' }]);
  });

  test('a name is taken once; the same start while it runs is answered again', async () => {
    const { sfn } = await startServer();
    const stateMachineArn = await machine(sfn, 'waits', {
      StartAt: 'w',
      States: { w: { Type: 'Wait', Seconds: 3600, End: true } },
    });
    const start = (input: string) =>
      sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input }));
    const first = await start('{"a":1}');
    expect((await start('{"a":1}')).executionArn).toBe(first.executionArn);
    await expect(start('{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await sfn.send(new StopExecutionCommand({ executionArn: first.executionArn, error: 'E', cause: 'わけ' }));
    expect(await ended(sfn, first.executionArn ?? '')).toMatchObject({
      status: 'ABORTED',
      error: 'E',
      cause: 'わけ',
    });
    await expect(start('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('many starts of one name at once make one execution', async () => {
    const { sfn } = await startServer();
    const stateMachineArn = await machine(sfn, 'racing', {
      StartAt: 'w',
      States: { w: { Type: 'Wait', Seconds: 3600, End: true } },
    });
    const starts = await Promise.all(
      Array.from({ length: 20 }, () => sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'one' }))),
    );
    expect(new Set(starts.map((start) => start.executionArn)).size).toBe(1);
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toHaveLength(1);
  });

  test('operations that are not there yet are refused by name', async () => {
    const { endpoint } = await startServer();
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AWSStepFunctions.CreateNothing',
      },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    const body = await answer.text();
    expect(body).toContain('UnknownOperationException');
    expect(body).toContain('CreateNothing');
  });

  test('foreign Host and Origin headers are refused', async () => {
    const { endpoint } = await startServer();
    const answer = await fetch(`${endpoint}/_mbc-flow/health`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('tokens and restarts', () => {
  const waiting = {
    StartAt: 'w',
    States: {
      w: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: {
          FunctionName: 'echo',
          Payload: { 'input.$': '$', 'context.$': '$$', 'taskToken.$': '$$.Task.Token' },
        },
        End: true,
      },
    },
  };
  const echo = new URL('../fixtures/echo.mjs', import.meta.url).pathname;
  const options = { functions: { echo: `${echo.replace(/\.mjs$/, '')}.handler` } };

  const openToken = async (sfn: SFNClient, executionArn: string): Promise<string> => {
    for (;;) {
      const events = await history(sfn, executionArn);
      const scheduled = events.find((event) => event.type === 'TaskScheduled');
      if (events.some((event) => event.type === 'TaskSubmitted') && scheduled) {
        const { Payload } = JSON.parse(scheduled.taskScheduledEventDetails?.parameters ?? '{}') as {
          Payload: { taskToken: string };
        };
        return Payload.taskToken;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('a paused execution outlives its server and is answered once', async () => {
    const dataDir = temporaryDirectory();
    const first = await startServer({ ...options, dataDir });
    const stateMachineArn = await machine(first.sfn, 'approval', waiting);
    const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    const taskToken = await openToken(first.sfn, executionArn);
    await first.stop();
    const { sfn } = await startServer({ ...options, dataDir });
    const answer = () => sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
    await answer();
    await expect(answer()).rejects.toMatchObject({ name: 'TaskTimedOut' });
    expect(await ended(sfn, executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"approved":true}',
    });
    const ids = (await history(sfn, executionArn)).map((event) => event.id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    await expect(
      sfn.send(new SendTaskSuccessCommand({ taskToken: 'nonsense', output: '{}' })),
    ).rejects.toMatchObject({ name: 'InvalidToken' });
  });
});

describe('distributed map', () => {
  const upload = async ({ s3 }: Local, rows: number, row: (n: number) => string): Promise<void> => {
    const lines = Array.from({ length: rows }, (_, index) => row(index));
    await s3.send(
      new PutObjectCommand({ Bucket: 'local-bucket', Key: 'in.csv', Body: `id,名前\n${lines.join('\n')}\n` }),
    );
  };
  const run = async ({ sfn }: Local, stateMachineArn: string): Promise<string> => {
    const input = JSON.stringify({
      bucket: 'local-bucket',
      key: 'in.csv',
      tableName: '商品',
      tenantCode: 't1',
    });
    const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    return executionArn;
  };

  test('the built-in import stores every row once and counts it', async () => {
    const local = await startServer();
    await upload(local, 1050, (n) => `${n % 7},品目${n}`);
    const executionArn = await run(local, builtin('import-csv'));
    expect(await ended(local.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const { mapRuns = [] } = await local.sfn.send(new ListMapRunsCommand({ executionArn }));
    const description = await local.sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
    expect(description).toMatchObject({
      status: 'SUCCEEDED',
      itemCounts: { total: 1050, succeeded: 1050, failed: 0, running: 0 },
      executionCounts: { total: 11, succeeded: 11 },
    });
    const listed = await local.s3.send(
      new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: 'imported/' }),
    );
    const names: string[] = [];
    for (const { Key } of listed.Contents ?? []) {
      const object = await local.s3.send(new GetObjectCommand({ Bucket: 'local-bucket', Key }));
      for (const line of ((await object.Body?.transformToString()) ?? '').trim().split('\n')) {
        names.push((JSON.parse(line) as { row: { 名前: string } }).row.名前);
      }
    }
    expect(new Set(names).size).toBe(1050);
    expect(names).toHaveLength(1050);
  });

  test("the documentation's shape fails beyond AWS's size of a result", async () => {
    const local = await startServer();
    const definition = (label: string) =>
      documentedImportMachine({ Type: 'Pass', Result: 'x'.repeat(300), End: true }, label);
    await upload(local, 1000, (n) => `${n},a`);
    const large = await ended(
      local.sfn,
      await run(local, await machine(local.sfn, 'large', definition('large'))),
    );
    expect(large).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    await upload(local, 100, (n) => `${n},a`);
    const small = await ended(
      local.sfn,
      await run(local, await machine(local.sfn, 'small', definition('small'))),
    );
    expect(small.status).toBe('SUCCEEDED');
    expect(JSON.parse(small.output ?? '[]')).toHaveLength(100);
  });

  test('a missing object and duplicate headers fail the item reader', async () => {
    const local = await startServer();
    const missing = await ended(local.sfn, await run(local, builtin('import-csv')));
    expect(JSON.stringify(missing)).toContain('States.ItemReaderFailed');
    await local.s3.send(new PutObjectCommand({ Bucket: 'local-bucket', Key: 'in.csv', Body: 'a,a\n1,2\n' }));
    const events = await history(
      local.sfn,
      await run(local, builtin('import-csv')).then(async (arn) => {
        await ended(local.sfn, arn);
        return arn;
      }),
    );
    expect(events.find((event) => event.type === 'MapRunFailed')?.mapRunFailedEventDetails).toEqual({
      error: 'States.ItemReaderFailed',
      cause: 'CSV headers cannot contain duplicates.',
    });
  });
});
