import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { ended, startServer, temporaryDirectory } from '../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';
const waits = (seconds: number) =>
  JSON.stringify({ StartAt: 'w', States: { w: { Type: 'Wait', Seconds: seconds, End: true } } });

test('a timer that fell due while no server ran fires at the next start', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const { stateMachineArn } = await first.sfn.send(
    new CreateStateMachineCommand({ name: 'short', roleArn, definition: waits(1) }),
  );
  const { executionArn = '' } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await first.stop();
  const second = await startServer({ dataDir });
  expect((await ended(second.sfn, executionArn)).status).toBe('SUCCEEDED');
});

test('a server that only reads runs nothing', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const { stateMachineArn } = await first.sfn.send(
    new CreateStateMachineCommand({ name: 'short', roleArn, definition: waits(1) }),
  );
  const { executionArn } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await first.stop();
  const reader = await startServer({ dataDir, execute: false });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect((await reader.sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
  reader.resume();
  expect((await ended(reader.sfn, executionArn ?? '')).status).toBe('SUCCEEDED');
});

test('what an earlier version recorded otherwise is ended, and keeps no other from going on', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const { stateMachineArn } = await first.sfn.send(
    new CreateStateMachineCommand({ name: 'long', roleArn, definition: waits(1) }),
  );
  const start = async () =>
    (await first.sfn.send(new StartExecutionCommand({ stateMachineArn }))).executionArn ?? '';
  const [foreign, own] = [await start(), await start()];
  await first.stop();
  const db = new Database(join(dataDir, 'state.db'));
  db.prepare(
    'UPDATE steps SET last_event = 9 WHERE execution_id = (SELECT id FROM executions WHERE arn = ?)',
  ).run(foreign);
  db.close();
  const second = await startServer({ dataDir });
  expect(await ended(second.sfn, foreign)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect((await ended(second.sfn, own)).status).toBe('SUCCEEDED');
  const { events = [] } = await second.sfn.send(new GetExecutionHistoryCommand({ executionArn: foreign }));
  expect(events.at(-1)?.executionFailedEventDetails?.cause).toContain('another version');
});

test('a map run whose state ended before the process died is aborted, and counts its children so', async () => {
  const dataDir = temporaryDirectory();
  const first = await startServer({ dataDir });
  const definition = JSON.stringify({
    StartAt: 'all',
    States: {
      all: {
        Type: 'Map',
        Label: 'all',
        MaxConcurrency: 2,
        ItemsPath: '$',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...JSON.parse(waits(600)),
        },
        End: true,
      },
    },
  });
  const { stateMachineArn } = await first.sfn.send(
    new CreateStateMachineCommand({ name: 'many', roleArn, definition }),
  );
  const { executionArn = '' } = await first.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: '[1,2,3]' }),
  );
  const describeRun = async ({ sfn }: typeof first) => {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRunArn = mapRuns[0]?.mapRunArn;
    return mapRunArn ? await sfn.send(new DescribeMapRunCommand({ mapRunArn })) : undefined;
  };
  await expect.poll(async () => (await describeRun(first))?.executionCounts?.running).toBe(2);
  await first.stop();
  // As if the process had died between the parent's end and the map run's.
  const db = new Database(join(dataDir, 'state.db'));
  db.prepare("UPDATE executions SET status = 'ABORTED', stop_date = 1 WHERE arn = ?").run(executionArn);
  db.close();
  const second = await startServer({ dataDir });
  await expect
    .poll(async () => await describeRun(second))
    .toMatchObject({ status: 'ABORTED', executionCounts: { aborted: 2, running: 0 } });
});
