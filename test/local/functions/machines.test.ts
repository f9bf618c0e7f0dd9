import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer } from '../harness.js';

async function run(local: Local, machine: string, input: unknown) {
  const stateMachineArn = `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${machine}`;
  const { executionArn } = await local.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return { executionArn: executionArn ?? '', end: () => ended(local.sfn, executionArn ?? '') };
}

test('import-csv on the server: rows of all batches arrive, equal ids too', async () => {
  const local = await startServer();
  const rows = Array.from({ length: 250 }, (_, index) =>
    index === 120 ? ',空' : `${index % 200},名前${index}`,
  );
  await local.s3.send(
    new PutObjectCommand({ Bucket: 'local-bucket', Key: 'in.csv', Body: `id,name\n${rows.join('\n')}\n` }),
  );
  const execution = await run(local, 'import-csv', {
    bucket: 'local-bucket',
    key: 'in.csv',
    tableName: 'products',
  });
  const { status, output } = await execution.end();
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output ?? '')).toEqual({ status: 'FAILED', total: 250, succeeded: 249, failed: 1 });
  const name = execution.executionArn.split(':').at(-1);
  const { Contents } = await local.s3.send(
    new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: `imported/products/${name}/` }),
  );
  expect(Contents).toHaveLength(3);
});

test('sfn-task on the server: an item that fails ends the batch', async () => {
  const local = await startServer();
  const good = await (await run(local, 'sfn-task', [{ a: 1 }, { sleepMs: 1 }])).end();
  expect(JSON.parse(good.output ?? '')).toEqual([{ result: { a: 1 } }, { result: { sleepMs: 1 } }]);
  const bad = await (await run(local, 'sfn-task', [{ a: 1 }, { fail: 'だめ' }])).end();
  expect(bad.status).toBe('FAILED');
  expect(JSON.parse(bad.cause ?? '')).toMatchObject({ errorMessage: 'だめ' });
});

const record = (version: number) => ({
  eventSourceARN: 'arn:aws:dynamodb:ap-northeast-1:101010101010:table/local-app-sample-command/stream/1',
  dynamodb: { NewImage: { pk: { S: 'P' }, sk: { S: `A@${version}` }, version: { N: String(version) } } },
});

test('command on the server: versions one after the other, one that is behind fails', async () => {
  const local = await startServer();
  for (const version of [1, 2, 3]) {
    expect((await (await run(local, 'command', record(version))).end()).status).toBe('SUCCEEDED');
  }
  expect(await (await run(local, 'command', record(2))).end()).toMatchObject({
    status: 'FAILED',
    error: 'version is not match',
    cause: 'next version must be 4 but got 2',
  });
});

test('command on the server: a version waits on its token until its predecessor finishes', async () => {
  const local = await startServer();
  const step = (Next?: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'fn', Payload: { 'input.$': '$', 'context.$': '$$' } },
    ...(Next ? { Next } : { End: true }),
  });
  const slow = {
    StartAt: 'check_version',
    States: {
      check_version: step('hold'),
      hold: { Type: 'Wait', Seconds: 1, Next: 'sync_data' },
      sync_data: step('finish'),
      finish: step(),
    },
  };
  await local.sfn.send(
    new CreateStateMachineCommand({
      name: 'slow-command',
      definition: JSON.stringify(slow),
      roleArn: 'arn:aws:iam::101010101010:role/DummyRole',
    }),
  );
  const first = await run(local, 'slow-command', record(1));
  const history = async ({ executionArn }: { executionArn: string }) =>
    (await local.sfn.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? [];
  await expect.poll(async () => (await history(first)).map(({ type }) => type)).toContain('WaitStateEntered');
  const second = await run(local, 'command', record(2));
  expect((await second.end()).status).toBe('SUCCEEDED');
  const events = await history(second);
  const submitted = events.find(({ type }) => type === 'TaskSubmitted');
  expect(submitted?.taskSubmittedEventDetails?.resource).toBe('invoke.waitForTaskToken');
  const resumed = events.find(({ id }) => id === (submitted?.id ?? 0) + 1);
  expect(JSON.parse(resumed?.taskSucceededEventDetails?.output ?? '')).toEqual({
    Payload: [[{ result: 'resumed_by_prev_version', prevVersion: 1 }]],
  });
  expect((await first.end()).status).toBe('SUCCEEDED');
});
