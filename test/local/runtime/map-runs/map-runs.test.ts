import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  type DescribeMapRunCommandOutput,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { ended, type Local, startServer, temporaryDirectory } from '../../harness.js';

const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';

interface MapOptions {
  type?: 'STANDARD' | 'EXPRESS';
  map?: object;
  machine?: object;
}

/** Creates a machine whose one state is a Distributed Map with `row` as its child's one state. */
async function distributed(
  { sfn }: Local,
  name: string,
  row: object,
  options: MapOptions = {},
): Promise<string> {
  const definition = {
    StartAt: 'all',
    ...options.machine,
    States: {
      all: {
        Type: 'Map',
        Label: 'all',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: options.type ?? 'STANDARD' },
          StartAt: 'row',
          States: { row },
        },
        End: true,
        ...options.map,
      },
    },
  };
  const created = await sfn.send(
    new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
  );
  return created.stateMachineArn ?? '';
}

async function start({ sfn }: Local, stateMachineArn: string, input: unknown): Promise<string> {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return executionArn;
}

async function mapRun({ sfn }: Local, executionArn: string): Promise<DescribeMapRunCommandOutput> {
  for (;;) {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRunArn = mapRuns.at(-1)?.mapRunArn;
    if (mapRunArn) return await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Polls until `done` says so of the newest map run. */
async function mapRunThat(
  local: Local,
  executionArn: string,
  done: (run: DescribeMapRunCommandOutput) => boolean,
): Promise<DescribeMapRunCommandOutput> {
  for (;;) {
    const run = await mapRun(local, executionArn);
    if (done(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const pass = { Type: 'Pass', End: true };
const fail = { Type: 'Fail', Error: 'Boom', Cause: 'だめ' };
const longWait = { Type: 'Wait', Seconds: 3600, End: true };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('items', () => {
  test('inline items come back in order, each its own child', async () => {
    const local = await startServer();
    const executionArn = await start(local, await distributed(local, 'inline', pass), numbers(250));
    const description = await ended(local.sfn, executionArn);
    expect(JSON.parse(description.output ?? '')).toEqual(numbers(250));
    const run = await mapRun(local, executionArn);
    expect(run).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 250, succeeded: 250 } });
    const { executions = [] } = await local.sfn.send(new ListExecutionsCommand({ mapRunArn: run.mapRunArn }));
    expect(executions[0]).toMatchObject({ status: 'SUCCEEDED', mapRunArn: run.mapRunArn, itemCount: 1 });
  });

  test('selected and batched', async () => {
    const local = await startServer();
    const machine = await distributed(local, 'batched', pass, {
      map: {
        ItemSelector: { 'n.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index' },
        ItemBatcher: { MaxItemsPerBatch: 4 },
      },
    });
    const description = await ended(local.sfn, await start(local, machine, ['a', 'b', 'c', 'd', 'e']));
    expect(JSON.parse(description.output ?? '')).toEqual([
      { Items: [0, 1, 2, 3].map((at) => ({ n: 'abcd'[at], at })) },
      { Items: [{ n: 'e', at: 4 }] },
    ]);
  });

  test('none at all succeed at once', async () => {
    const local = await startServer();
    const executionArn = await start(local, await distributed(local, 'empty', pass), []);
    expect(await ended(local.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[]' });
  });

  test('MaxItems takes the first ones of a CSV only', async () => {
    const local = await startServer();
    await local.s3.send(
      new PutObjectCommand({ Bucket: 'local-bucket', Key: 'x.csv', Body: 'a\n1\n2\n3\n4\n' }),
    );
    const machine = await distributed(local, 'first', pass, {
      map: {
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItems: 2 },
          Parameters: { Bucket: 'local-bucket', Key: 'x.csv' },
        },
      },
    });
    const executionArn = await start(local, machine, {});
    expect((await ended(local.sfn, executionArn)).output).toBe('[{"a":"1"},{"a":"2"}]');
    expect((await mapRun(local, executionArn)).itemCounts?.total).toBe(2);
  });
});

describe('failures', () => {
  test('one is too many by default: the others are aborted', async () => {
    const local = await startServer();
    const executionArn = await start(local, await distributed(local, 'strict', fail), numbers(3));
    expect(await ended(local.sfn, executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
    });
    expect((await mapRun(local, executionArn)).status).toBe('FAILED');
  });

  test('as many as are tolerated, by count or by percentage', async () => {
    const local = await startServer();
    const picky = {
      Type: 'Choice',
      Choices: [{ Variable: '$', NumericEquals: 1, Next: 'bad' }],
      Default: 'good',
    };
    const states = { row: picky, bad: fail, good: { Type: 'Succeed' } };
    for (const [name, tolerance, status] of [
      ['count', { ToleratedFailureCount: 1 }, 'SUCCEEDED'],
      ['percentage', { ToleratedFailurePercentage: 50 }, 'SUCCEEDED'],
      ['narrow', { ToleratedFailurePercentage: 10 }, 'FAILED'],
    ] as const) {
      const machine = await distributed(local, name, pass, {
        map: {
          ...tolerance,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
            StartAt: 'row',
            States: states,
          },
        },
      });
      const executionArn = await start(local, machine, [1, 2, 3]);
      expect((await ended(local.sfn, executionArn)).status, name).toBe(status);
    }
  });

  test('a retried Map is a new map run', async () => {
    const local = await startServer();
    const machine = await distributed(local, 'retried', fail, {
      map: { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }] },
    });
    const executionArn = await start(local, machine, [1]);
    expect((await ended(local.sfn, executionArn)).status).toBe('FAILED');
    const { mapRuns = [] } = await local.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect(mapRuns).toHaveLength(2);
  });
});

describe('ended from outside', () => {
  test('a stop aborts the map run and its children', async () => {
    const local = await startServer();
    const machine = await distributed(local, 'stopped', longWait, { map: { MaxConcurrency: 5 } });
    const executionArn = await start(local, machine, numbers(100));
    await mapRunThat(local, executionArn, (run) => run.executionCounts?.running === 5);
    await local.sfn.send(new StopExecutionCommand({ executionArn }));
    const run = await mapRunThat(local, executionArn, ({ status }) => status !== 'RUNNING');
    expect(run).toMatchObject({ status: 'ABORTED', executionCounts: { running: 0, aborted: 5 } });
    expect((await ended(local.sfn, executionArn)).status).toBe('ABORTED');
  });

  test("the machine's timeout does, too", async () => {
    const local = await startServer();
    const machine = await distributed(local, 'late', longWait, { machine: { TimeoutSeconds: 1 } });
    const executionArn = await start(local, machine, numbers(3));
    expect((await ended(local.sfn, executionArn)).status).toBe('TIMED_OUT');
    const run = await mapRunThat(local, executionArn, ({ status }) => status !== 'RUNNING');
    expect(run).toMatchObject({ status: 'ABORTED', executionCounts: { running: 0, aborted: 3 } });
  });

  test.each(['STANDARD', 'EXPRESS'] as const)(
    'a server that stops and starts goes on (%s children)',
    async (type) => {
      const dataDir = temporaryDirectory();
      const first = await startServer({ dataDir });
      const wait = { Type: 'Wait', Seconds: 1, End: true };
      const machine = await distributed(first, 'resumed', wait, { type, map: { MaxConcurrency: 4 } });
      const executionArn = await start(first, machine, numbers(10));
      await mapRunThat(first, executionArn, (run) => run.executionCounts?.running === 4);
      await first.stop();
      const second = await startServer({ dataDir });
      const description = await ended(second.sfn, executionArn);
      expect(JSON.parse(description.output ?? '')).toEqual(numbers(10));
      const run = await mapRun(second, executionArn);
      expect(run).toMatchObject({
        status: 'SUCCEEDED',
        executionCounts: { total: 10, succeeded: 10, running: 0 },
      });
    },
  );
});

test('a machine that never ends by itself does not keep others from being answered', async () => {
  const local = await startServer();
  const loop = {
    StartAt: 'a',
    States: { a: { Type: 'Pass', Next: 'b' }, b: { Type: 'Pass', Next: 'a' } },
  };
  // AWS takes no machine without a way out; this one has one that is never taken.
  const definition = {
    ...loop,
    States: {
      ...loop.States,
      b: { Type: 'Choice', Choices: [{ Variable: '$.stop', IsPresent: true, Next: 'end' }], Default: 'a' },
      end: { Type: 'Succeed' },
    },
  };
  const created = await local.sfn.send(
    new CreateStateMachineCommand({ name: 'loop', roleArn, definition: JSON.stringify(definition) }),
  );
  const executionArn = await start(local, created.stateMachineArn ?? '', {});
  const description = await ended(local.sfn, executionArn);
  expect(description).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  const again = await local.sfn.send(new DescribeExecutionCommand({ executionArn }));
  expect(again.cause).toContain('25000');
});
