import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, ListMapRunsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer, temporaryDirectory } from './harness.js';

const arnOf = (name: string) => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const group = '/aws/vendedlogs/states/import-csv-Logs';

async function importOf(server: Local): Promise<string> {
  await server.s3.send(new PutObjectCommand({ Bucket: 'local-bucket', Key: 'a.csv', Body: 'id\n1\n2\n' }));
  const input = JSON.stringify({ bucket: 'local-bucket', key: 'a.csv', tableName: 't' });
  const { executionArn = '' } = await server.sfn.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('import-csv'), input }),
  );
  await ended(server.sfn, executionArn);
  return executionArn;
}

async function task(server: Local, name: string): Promise<string> {
  const { executionArn = '' } = await server.sfn.send(
    new StartExecutionCommand({ stateMachineArn: arnOf('sfn-task'), name, input: '[{}]' }),
  );
  await ended(server.sfn, executionArn);
  return executionArn;
}

/** What is left of an import: its executions, children, log lines and result files. */
async function left(server: Local) {
  const { executions = [] } = await server.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: arnOf('import-csv') }),
  );
  const { events = [] } = await server.logs.send(new FilterLogEventsCommand({ logGroupName: group }));
  const { Contents = [] } = await server.s3.send(
    new ListObjectsV2Command({ Bucket: 'local-bucket', Prefix: 'sfn-results/' }),
  );
  return { executions: executions.length, events: events.length, results: Contents.length };
}

test('what ended longer ago than the retention is removed, with its logs and results; the rest stays', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const arn = await importOf(first);
  const { mapRuns = [] } = await first.sfn.send(new ListMapRunsCommand({ executionArn: arn }));
  const [{ mapRunArn } = {}] = mapRuns;
  await task(first, 'newest');
  expect(await left(first)).toEqual({ executions: 1, events: expect.any(Number), results: 2 });
  await first.stop();

  const second = await startServer({ dataDir, retentionDays: 1e-5 });
  for (;;) {
    const { executions, events, results } = await left(second);
    if (executions + events + results === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const children = second.sfn.send(new ListExecutionsCommand({ mapRunArn }));
  // The newest map run is kept for its number; its children are gone.
  expect((await children).executions).toEqual([]);
  await second.stop();

  const third = await startServer({ dataDir, retentionDays: 1 });
  expect(await importOf(third)).not.toBe(arn);
  const { executions = [] } = await third.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: arnOf('sfn-task') }),
  );
  expect(executions.map(({ name }) => name)).toEqual(['newest']);
  expect((await left(third)).results).toBe(2);
});
