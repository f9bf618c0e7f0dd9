import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { createGateways } from '../../../src/aws/connect.js';
import { planShares } from '../../../src/framework/task/plan-shares.js';
import { recordBytes, subTaskEntryBytes, taskKey } from '../../../src/framework/task/task-record.js';
import type { Json } from '../../../src/json/json.js';
import { settingsFor } from '../../aws/settings-for.js';
import { startTables } from '../../dynamodb.js';
import { startServer } from '../../local/harness.js';
import { directory, errorOf, run } from '../world.js';

const table = 'local-demo-tasks';
const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:local-sfn-task';

/** As the framework's handler leaves it: each item's output is null, however it went. */
const definition = JSON.stringify({
  StartAt: 'map',
  States: {
    map: {
      Type: 'Map',
      ItemsPath: '$',
      MaxConcurrency: 2,
      ItemProcessor: { StartAt: 'iterator', States: { iterator: { Type: 'Pass', Result: null, End: true } } },
      End: true,
    },
  },
});

const gatewaysOf = (endpoint: string) => createGateways(() => settingsFor(endpoint));

interface TaskRow {
  pk: string;
  sk: string;
  code: string;
  input: { id: number; bad?: boolean }[];
}

/** An application of the framework on this machine: its tables, its `.env`, and what its stream and queue lead to. */
async function app() {
  const server = await startServer();
  await server.sfn.send(
    new CreateStateMachineCommand({
      name: 'local-sfn-task',
      definition,
      roleArn: 'arn:aws:iam::101010101010:role/x',
    }),
  );
  const cwd = directory();
  const { endpoint } = await startTables(table);
  const env = [
    `SFN_ENDPOINT=${server.endpoint}`,
    `S3_ENDPOINT=${server.endpoint}`,
    `DYNAMODB_ENDPOINT=${endpoint}`,
    'NODE_ENV=local',
    'APP_NAME=demo',
    `SFN_TASK_ARN=${stateMachineArn}`,
  ];
  writeFileSync(join(cwd, '.env'), env.join('\n'));
  const { tables } = gatewaysOf(endpoint);
  const rows = async (): Promise<TaskRow[]> => {
    const found: TaskRow[] = [];
    for await (const item of tables.query(table, { pk: 'SFN_TASK#t1' }))
      found.push(item as unknown as TaskRow);
    return found;
  };
  const handled = new Set<string>();
  /** What the framework makes of the records that are new: one row for each item, and an execution over these. */
  const work = async (): Promise<void> => {
    const parents = (await rows()).filter(({ sk }) => sk.split('#').length === 2 && !handled.has(sk));
    for (const { pk, sk, code, input } of parents) {
      handled.add(sk);
      const items = input.map((item, index) => ({
        pk,
        sk: `${sk}#${index}`,
        input: item,
        status: 'CREATED',
      }));
      for (const { pk, sk, input: item } of items) {
        const outcome = item.bad
          ? {
              status: 'FAILED',
              attributes: { error: `StockError: 在庫なし ${item.id}\n    at handle (app.js:1:1)` },
            }
          : { status: 'COMPLETED', attributes: { result: [{ id: item.id }] } };
        await tables.put(table, { pk, sk, input: item, ...outcome });
      }
      const failed = items.filter((item) => item.input.bad).length;
      await tables.update(
        table,
        { pk, sk },
        {
          status: 'COMPLETED',
          attributes: {
            subTaskCount: items.length,
            subTaskSucceedCount: items.length - failed,
            subTaskFailedCount: failed,
          },
        },
      );
      const name = `SFN_TASK-t1-order-${code}-${Date.now()}`;
      const start = { stateMachineArn, name, input: JSON.stringify(items) };
      await server.sfn.send(new StartExecutionCommand(start));
    }
  };
  const sleep = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await work();
  };
  return { cwd, rows, sleep, tables, server };
}

const items = JSON.stringify(
  Array.from({ length: 7 }, (_, id) => ({ id, ...(id % 3 === 1 && { bad: true }) })),
);

describe("through the framework's records", () => {
  test('each item as its own record tells it, where execution and parent record say all is well', async () => {
    const { cwd, sleep, rows } = await app();
    writeFileSync(join(cwd, 'items.json'), items);
    const line = ['task', 'start', 'items.json', '--tenant', 't1', '--type', 'order'];
    const { code, stdout, stderr } = await run([...line, '--batch-size', '4', '-o', 'json'], { cwd, sleep });
    expect(stderr).toBe('');
    const told = JSON.parse(stdout);
    expect([code, told.items]).toEqual([1, { total: 7, succeeded: 5, failed: 2, notRun: 0 }]);
    expect(told.executions).toHaveLength(2);
    expect(told.results[0]).toMatchObject({ index: 0, status: 'SUCCEEDED', output: [{ id: 0 }] });
    expect(told.results[4]).toMatchObject({
      index: 4,
      status: 'FAILED',
      error: 'StockError',
      message: '在庫なし 4',
    });

    const parents = (await rows()).filter(({ sk }) => sk.split('#').length === 2);
    expect(parents).toHaveLength(2);
    expect(parents[0]).toMatchObject({
      pk: 'SFN_TASK#t1',
      sk: expect.stringMatching(/^order#[0-9A-HJKMNP-TV-Z]{26}$/),
      id: `SFN_TASK#t1#${parents[0]?.sk}`,
      version: 0,
      type: 'order',
      tenantCode: 't1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/),
    });

    const list = await run(['task', 'list', '--tenant', 't1', '-o', 'json'], { cwd });
    const listed = JSON.parse(list.stdout).batches as { batch: string; recordStatus?: string }[];
    // Both records are of one batch, which is told once.
    expect(listed).toMatchObject([{ batch: told.batch, recordStatus: 'COMPLETED' }]);
    const record = parents.find(({ input }) => input.length === 4);
    const shown = await run(['task', 'show', `SFN_TASK#t1#${record?.sk}`, '-o', 'json'], { cwd });
    expect(JSON.parse(shown.stdout)).toMatchObject({
      kind: 'record',
      status: 'COMPLETED',
      items: { total: 4, succeeded: 3, failed: 1 },
      failures: [{ index: 1, error: 'StockError' }],
    });
    const again = ['task', 'start', '--rerun', `SFN_TASK#t1#${record?.sk}`, '--dry-run', '-o', 'json'];
    expect(JSON.parse((await run(again, { cwd })).stdout)).toMatchObject({ items: 1, via: 'execution' });
  });

  test('the same line after a kill finds its record again, with and without the journal', async () => {
    const { cwd, sleep, rows } = await app();
    writeFileSync(join(cwd, 'items.json'), items);
    const line = ['task', 'start', 'items.json', '--tenant', 't1', '--type', 'order', '-o', 'json'];
    // Broken off when the record is written, before anything came of it.
    const broken = await run(line, {
      cwd,
      sleep: async () => {
        throw new Error('killed');
      },
    });
    expect(broken.code).toBe(70);
    const env = { XDG_CACHE_HOME: directory() };
    expect((await run(line, { cwd, sleep, env })).code).toBe(1);
    expect((await run(line, { cwd, sleep })).code).toBe(1);
    expect((await rows()).filter(({ sk }) => sk.split('#').length === 2)).toHaveLength(1);
  });

  test('what failed is run again on the records that are there', async () => {
    const { cwd, sleep, rows, tables } = await app();
    writeFileSync(join(cwd, 'items.json'), items);
    const line = ['task', 'start', 'items.json', '--tenant', 't1', '--type', 'order', '-o', 'json'];
    const { batch } = JSON.parse((await run(line, { cwd, sleep })).stdout);
    for (const { pk, sk } of await rows())
      if (sk.split('#').length === 3) await tables.update(table, { pk, sk }, { status: 'COMPLETED' });
    const before = await rows();
    const { code, stdout, stderr } = await run(['task', 'start', '--rerun', batch, '-o', 'json'], {
      cwd,
      sleep,
    });
    expect(stderr).toBe('');
    expect([code, JSON.parse(stdout).results.map(({ index }: { index: number }) => index)]).toEqual([
      0,
      [1, 4],
    ]);
    expect(await rows()).toHaveLength(before.length);
  });

  test.each([
    [['--type', 'order'], 'TenantNeeded'],
    [['--tenant', 't1'], 'TypeNeeded'],
  ])('%s alone is not enough', async (words, code) => {
    const { cwd } = await app();
    writeFileSync(join(cwd, 'items.json'), items);
    const ran = await run(['task', 'start', 'items.json', ...words, '-o', 'json'], { cwd });
    expect([ran.code, errorOf(ran).code]).toEqual([2, code]);
  });
});

test('a record is planned within the 400 KB that DynamoDB takes, and not much below', async () => {
  const { endpoint } = await startTables(table);
  const { tables } = gatewaysOf(endpoint);
  const order = { tenant: 't1', type: 'order', code: '0'.repeat(26) };
  const kinds: ((size: number) => Json)[] = [
    (size) => 'x'.repeat(size * 2),
    (size) => Array.from({ length: size }, (_, n) => n),
    (size) =>
      Object.fromEntries(Array.from({ length: size }, (_, n) => [`k${n}`, n % 2 === 0 ? null : -n * 1.5])),
  ];
  const items = Array.from({ length: 60 }, (_, n) => kinds[n % 3]?.(20 + (n % 7) * 500) ?? null);
  const sizes = items.map((item) => ({
    bytes: 1,
    recordBytes: 1 + recordBytes(item) + subTaskEntryBytes(order),
  }));
  const facts = { wrapping: 0, concurrency: 2, eventsPerItem: 7, eventsAround: 6, inputCopies: 0 };
  const { shares } = planShares(sizes, { ...facts, recordBytes: 2_048 });
  expect(shares.length).toBeGreaterThan(1);
  for (const { first, count } of shares) {
    const input = items.slice(first, first + count);
    const { pk, sk } = taskKey(order);
    const subTasks = input.map((_, index) => ({ pk, sk: `${sk}#${index}`, status: 'PROCESSING' }));
    await tables.put(table, { pk, sk, input, attributes: { subTasks, subTaskCount: count } });
  }
  const whole = { pk: 'SFN_TASK#t1', sk: 'order#large', input: items };
  await expect(tables.put(table, whole)).rejects.toThrow(/size/i);
});
