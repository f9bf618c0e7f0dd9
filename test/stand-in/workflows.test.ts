import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { material } from '../shared.js';
import { startStandIn } from './application.js';

const functionName = 'arn:aws:lambda:ap-northeast-1:101010101010:function:serverless-example-dev-main';
const roleArn = 'arn:aws:iam::101010101010:role/DummyRole';

const step = (more: object, payload: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, Payload: { 'input.$': '$', 'context.$': '$$', ...payload } },
  OutputPath: '$.Payload[0][0]',
  ...more,
});

/** The scaffolded approval. */
const approval = {
  StartAt: 'initialize',
  States: {
    initialize: step({ Next: 'wait_for_approval' }),
    wait_for_approval: {
      ...step({ Next: 'is_approved' }, { 'taskToken.$': '$$.Task.Token' }),
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      OutputPath: '$',
      ResultPath: '$.approval',
      TimeoutSeconds: 604_800,
    },
    is_approved: {
      Type: 'Choice',
      Choices: [{ Variable: '$.approval.approved', BooleanEquals: true, Next: 'process' }],
      Default: 'rejected',
    },
    process: step({ Next: 'finalize' }),
    finalize: step({ End: true }),
    rejected: { Type: 'Fail', Error: 'Rejected', Cause: 'The request was rejected.' },
  },
};

material.describe('other work of the framework, as its functions were recorded', () => {
  for (const scenario of ['task-batch', 'task-batch-dev'])
    material.test(`${scenario}: three good, two bad, although all says COMPLETED and SUCCEEDED`, async () => {
      const app = await startStandIn(scenario);
      const table = `stream:${app.recording.tablePrefix}tasks`;
      const parent = app.recording.invocations.find(({ source }) => source === table);
      const record = parent?.event as { Records: { dynamodb: { NewImage: { input: { L: object[] } } } }[] };
      const items = record.Records[0]?.dynamodb.NewImage.input.L.map((item) => plain(item));
      app.write('items.json', JSON.stringify(items));
      const line = ['task', 'start', 'items.json', '--via', 'table', '--type', 'demo', '--tenant', 't1'];
      const { code, stdout } = await app.run(...line, '-o', 'json');
      expect(code).toBe(1);
      const batch = JSON.parse(stdout);
      expect(batch.items).toMatchObject({ total: 5, succeeded: 3, failed: 2 });
      const failed = batch.results.filter(({ status }: { status: string }) => status === 'FAILED');
      expect(failed.map(({ message }: { message: string }) => message)).toEqual(['out of stock', 'no price']);
      await expect
        .poll(async () => (await app.rows('tasks')).map(({ status }) => status))
        .toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'COMPLETED', 'FAILED']);
      // One batch, told once: by the record that it made.
      const listed = JSON.parse((await app.run('task', 'list', '--tenant', 't1', '-o', 'json')).stdout);
      expect(listed.batches).toMatchObject([{ recordStatus: 'COMPLETED', items: { total: 5, failed: 2 } }]);
    });

  material.test('versions that come in the wrong order wait for each other, and all end', async () => {
    const app = await startStandIn('chain-out-of-order');
    await Promise.all(app.recording.puts.map(({ table, item }) => app.put(table, item)));
    const listed = async (): Promise<string[]> =>
      JSON.parse((await app.run('list', 'command', '-o', 'json')).stdout).executions.map(
        ({ status }: Record<string, string>) => status,
      );
    await expect.poll(listed).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(await app.rows('sample-data')).toMatchObject([{ sk: 'A001', version: 3 }]);
    expect((await app.rows('sample-history')).map(({ version }) => version).sort()).toEqual([1, 2]);
    // The tokens stay in the rows for good: none of them waits.
    expect(
      (await app.rows('sample-command')).filter(({ taskToken }) => taskToken !== undefined),
    ).toHaveLength(2);
    const pending = await app.run('pending', 'command', '--stuck', '-o', 'json');
    expect([pending.code, JSON.parse(pending.stdout)]).toMatchObject([0, { pending: [] }]);
  });

  material.test('a command fails, its successor waits for ever, and is resumed', async () => {
    const app = await startStandIn('chain-stuck');
    const [first, ...others] = app.recording.puts;
    const status = async (): Promise<unknown[]> =>
      (await app.rows('sample-command')).map(({ status }) => status);
    for (const put of first ? [first] : []) await app.put(put.table, put.item);
    await expect.poll(status).toEqual(['finish:FINISHED']);
    for (const put of others) await app.put(put.table, put.item);
    const waits = ['finish:FINISHED', 'sync_data:FINISHED', 'wait_prev_command:FINISHED'];
    await expect.poll(status).toEqual(waits);
    const pending = () => app.run('pending', 'command', '--stuck');
    await expect.poll(async () => (await pending()).code).toBe(1);
    const { stdout } = await pending();
    expect(stdout).toMatch(/SAMPLE#t1\/K001: 1 stuck, v3/);
    expect(stdout).toMatch(/cause +version 2 ended FAILED at \S+: cannot sync SAMPLE#t1\/K001@2/);
    expect((await app.run('resume', '--chain', 'SAMPLE#t1/K001', '--yes')).code).toBe(0);
    await expect.poll(status).toEqual(['finish:FINISHED', 'sync_data:FINISHED', 'finish:FINISHED']);
    expect(await app.rows('sample-data')).toMatchObject([{ sk: 'K001', version: 3 }]);
    expect((await pending()).code).toBe(0);
  });

  material.test('approvals: started, listed, answered once', async () => {
    const app = await startStandIn('approval');
    const definition = JSON.stringify(approval);
    await app.sfn.send(new CreateStateMachineCommand({ name: 'approval', definition, roleArn }));
    for (const [index, id] of ['r-1', 'r-2', 'r-3'].entries()) {
      const input = JSON.stringify({ requestId: id, department: 'sales', amount: 100 * (index + 1) });
      await app.run('start', 'approval', '--input', input, '--name', `approval-${id}`);
    }
    const waiting = async (): Promise<string[]> =>
      JSON.parse((await app.run('pending', '-o', 'json')).stdout)
        .pending.map(({ requestId }: { requestId: string }) => requestId)
        .sort();
    await expect.poll(waiting).toEqual(['r-1', 'r-2', 'r-3']);
    expect((await app.run('approve', 'r-1', '--comment', 'fine', '--yes')).code).toBe(0);
    expect((await app.run('reject', 'r-2', '--reason', 'over budget', '--yes')).code).toBe(0);
    expect((await app.run('approve', 'r-3', '--yes')).code).toBe(0);
    expect((await app.run('approve', 'r-3', '--yes')).code).toBe(5);
    expect((await app.run('reject', 'r-1', '--reason', 'late', '--yes')).code).toBe(5);
    const ended = async (): Promise<string[]> =>
      JSON.parse((await app.run('list', 'approval', '-o', 'json')).stdout)
        .executions.map(({ name, status }: Record<string, string>) => `${name} ${status}`)
        .sort();
    await expect
      .poll(ended)
      .toEqual(['approval-r-1 SUCCEEDED', 'approval-r-2 FAILED', 'approval-r-3 SUCCEEDED']);
  });
});

/** A value out of DynamoDB's form. */
function plain(attribute: object): unknown {
  const [[type, value] = ['NULL', null]] = Object.entries(attribute);
  if (type === 'M')
    return Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, plain(inner)]));
  if (type === 'L') return (value as object[]).map(plain);
  return type === 'N' ? Number(value) : value;
}
