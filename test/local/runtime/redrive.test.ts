import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { ended, type Local, startServer, temporaryDirectory } from '../harness.js';
import { machine, run } from '../integrations/run.js';

/** A function that fails on the inputs that the file `bad` lists at the time. */
function flaky() {
  const base = temporaryDirectory();
  const bad = join(base, 'bad.json');
  writeFileSync(
    join(base, 'main.mjs'),
    `import { readFileSync } from 'node:fs';
    export const handler = async ({ n }) => {
      if (JSON.parse(readFileSync(${JSON.stringify(bad)}, 'utf8')).includes(n)) throw new Error('bad ' + n);
      return n * 10;
    };`,
  );
  const fail = (...numbers: number[]): void => writeFileSync(bad, JSON.stringify(numbers));
  return { functions: { fn: './main.handler' }, functionsBase: base, fail };
}

const call = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'fn', Payload: { 'n.$': '$' } },
  OutputPath: '$.Payload',
  End: true,
};

async function mapRun({ sfn }: Local, executionArn: string | undefined) {
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  expect(mapRuns).toHaveLength(1);
  return await sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
}

test('a redriven execution goes on where it failed', async () => {
  const { fail, ...options } = flaky();
  const local = await startServer(options);
  fail(1);
  const arn = await machine(local, { before: { Type: 'Pass', Result: 1, Next: 'call' }, call });
  const { executionArn = '', status } = await run(local, arn);
  expect(status).toBe('FAILED');
  fail();
  const redrive = new RedriveExecutionCommand({ executionArn, clientToken: 'once' });
  const { redriveDate } = await local.sfn.send(redrive);
  expect(await ended(local.sfn, executionArn)).toMatchObject({
    status: 'SUCCEEDED',
    output: '10',
    redriveCount: 1,
    redriveDate,
  });
  expect((await local.sfn.send(redrive)).redriveDate).toEqual(redriveDate);
  const { events = [] } = await local.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.map(({ type }) => type)).toContain('ExecutionRedriven');
  expect(events.filter(({ type }) => type === 'PassStateEntered')).toHaveLength(1);
  await expect(local.sfn.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
    message: 'Execution is SUCCEEDED and cannot be redriven',
  });
});

test.each(['STANDARD', 'EXPRESS'])(
  'a redriven map run runs what failed again, and what had not begun (%s)',
  async (ExecutionType) => {
    const { fail, ...options } = flaky();
    const dataDir = temporaryDirectory();
    const local = await startServer({ ...options, dataDir });
    fail(2, 3);
    const all = {
      Type: 'Map',
      Label: 'all',
      MaxConcurrency: 1,
      ToleratedFailureCount: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
        StartAt: 'call',
        States: { call },
      },
      End: true,
    };
    const { executionArn = '', error } = await run(local, await machine(local, { all }), [1, 2, 3, 4, 5]);
    expect(error).toBe('States.ExceedToleratedFailureThreshold');
    expect(await mapRun(local, executionArn)).toMatchObject({
      status: 'FAILED',
      executionCounts: { succeeded: 1, failed: 2, total: 3 },
    });
    fail(2);
    await local.stop();
    // What failed before a restart can be redriven after it.
    const second = await startServer({ ...options, dataDir });
    await second.sfn.send(new RedriveExecutionCommand({ executionArn }));
    expect(await ended(second.sfn, executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '[10,30,40,50]',
    });
    const { mapRunArn, ...described } = await mapRun(second, executionArn);
    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      redriveDate: expect.any(Date),
      itemCounts: { total: 5, succeeded: 4, failed: 1, pendingRedrive: 0, running: 0 },
    });
    const { executions = [] } = await second.sfn.send(
      new ListExecutionsCommand({ mapRunArn, redriveFilter: 'REDRIVEN' }),
    );
    expect(executions.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCEEDED']);
    for (const child of executions) {
      const description = await second.sfn
        .send(new DescribeExecutionCommand({ executionArn: child.executionArn }))
        .catch(() => undefined);
      if (ExecutionType === 'STANDARD') expect(description?.redriveCount).toBe(1);
    }
  },
);
