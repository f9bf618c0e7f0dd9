import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { JsonObject } from '../../../src/json/json.js';
import { startTables } from '../../dynamodb.js';
import { ended } from '../../local/harness.js';
import { type PausedWorld, pausedWorld, waiting } from '../answer/paused-machines.js';

export const names = {
  long: '受注処理の夜間バッチに失敗した注文をもう一度出荷するための状態機械',
  paused: 'approval-of-orders-that-are-larger-than-what-one-clerk-may-decide-alone',
  many: 'rows',
};

const call = (functionName: string): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, 'Payload.$': '$' },
});
const each = (mode: 'INLINE' | 'DISTRIBUTED', state: JsonObject): JsonObject => ({
  Type: 'Map',
  ItemsPath: '$.items',
  ...(mode === 'DISTRIBUTED' && { Label: 'Rows', ToleratedFailurePercentage: 100 }),
  ItemProcessor: {
    ProcessorConfig: { Mode: mode, ...(mode === 'DISTRIBUTED' && { ExecutionType: 'STANDARD' }) },
    StartAt: '一件',
    States: { 一件: { ...state, End: true } },
  },
  End: true,
});
const machine = (state: JsonObject): JsonObject => ({
  StartAt: '確認',
  States: { 確認: state },
});

/** One of everything that a table lists, with names that are long, wide, shared and awkward. */
export async function fullWorld(): Promise<PausedWorld> {
  const tables = await startTables('local-demo-import_tmp', 'local-demo-tasks');
  const world = await pausedWorld({}, ['--functions', 'refuse=./refuse.mjs']);
  const { cwd } = world;
  mkdirSync(join(cwd, 'sub'));
  writeFileSync(
    join(cwd, 'refuse.mjs'),
    "export const handler = async (event) => { if (!event.good) throw new Error('在庫が足りません: ' + JSON.stringify(event)); return {}; };",
  );
  const paused = await world.machine(names.paused, machine(waiting({ End: true })));
  const failing = await world.machine(names.long, machine({ ...call('refuse'), End: true }));
  const other = await world.machine('other', machine({ ...call('refuse'), End: true }));
  const inline = await world.machine('inline', machine(each('INLINE', waiting())));
  const distributed = await world.machine(names.many, machine(each('DISTRIBUTED', call('refuse'))));
  const children = await world.machine('children', machine(each('DISTRIBUTED', waiting())));
  for (const [index, requestId] of requests.entries())
    await world.begin(paused, { requestId, 注文: index }, index === 0 ? '夜間-1' : undefined);
  const nightly = [
    await world.begin(failing, {}, '夜間-1'),
    await world.begin(other, {}, '夜間-1'),
    await world.begin(other, { good: true }, '夜間-10'),
    await world.begin(failing, {}, '二〇二六年一月三十一日の夜間処理-もう一度-その三'),
    await world.begin(other, {}, 'again@2'),
    await world.begin(distributed, { items: [{ n: 1 }, { n: 2 }, { good: true }] }),
  ];
  await world.begin(inline, { items: [{ requestId: '要求 1' }, { requestId: '要求 2' }] });
  await world.begin(children, { items: [{ requestId: '子供の要求-1' }] });
  for (const executionArn of nightly) await ended(world.sfn, executionArn);
  await untilPaused(world, requests.length + 3);
  await addRecords(world, tables);
  await world.run('task', 'start', '注文 一覧.json', '--via', 'execution');
  return world;
}

/** Request ids as applications make them up. */
const requests = [
  'r-20260131-0000000000000000007',
  '承認 依頼 7',
  'it\'s $(touch broken) `touch broken`; "quoted"',
  'tenant#42/order:7',
  '承認-依頼-二〇二六年一月三十一日-東京本社-第一営業部-0007',
];

async function untilPaused(world: PausedWorld, count: number): Promise<void> {
  for (;;) {
    const { stdout } = await world.run('pending', '-o', 'json');
    if ((JSON.parse(stdout).pending as unknown[]).length >= count) return;
  }
}

/** The application's tables: import jobs and batches, as the framework writes them. */
async function addRecords(
  { cwd, endpoint }: PausedWorld,
  tables: Awaited<ReturnType<typeof startTables>>,
): Promise<void> {
  const settings = {
    SFN_ENDPOINT: endpoint,
    S3_ENDPOINT: endpoint,
    DYNAMODB_ENDPOINT: tables.endpoint,
    NODE_ENV: 'local',
    APP_NAME: 'demo',
  };
  writeFileSync(
    join(cwd, '.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  for (const [index, tableName] of ['product', '商品 マスタ'].entries()) {
    const sk = `${tableName}#01KB${String(index).padStart(22, '0')}`;
    const time = new Date(Date.UTC(2026, 0, 31, index)).toISOString();
    const item = {
      pk: 'CSV_IMPORT#t1',
      sk,
      id: `CSV_IMPORT#t1#${sk}`,
      version: 1,
      code: sk.split('#')[1],
      tenantCode: 't1',
      type: 'CSV_MASTER_JOB',
      name: `CSV Import: ${tableName} 一覧.csv`,
      status: index === 0 ? 'COMPLETED' : 'PROCESSING',
      result: { total: 5, succeeded: 4, failed: 1 },
      createdAt: time,
      updatedAt: time,
    };
    await tables.client.send(
      new PutItemCommand({
        TableName: 'local-demo-import_tmp',
        Item: marshall(item, { removeUndefinedValues: true }),
      }),
    );
  }
  const { pk, sk } = { pk: 'SFN_TASK#t1', sk: '注文 種別#01KB0000000000000000000007' };
  const record = {
    pk,
    sk,
    id: `${pk}#${sk}`,
    code: '01KB0000000000000000000007',
    type: '注文 種別',
    status: 'COMPLETED',
  };
  const created = { createdAt: new Date(0).toISOString(), input: [{ n: 1 }], attributes: {} };
  await tables.client.send(
    new PutItemCommand({ TableName: 'local-demo-tasks', Item: marshall({ ...record, ...created }) }),
  );
  writeFileSync(join(cwd, '注文 一覧.json'), JSON.stringify([{ id: 1 }, { id: 2, fail: '在庫なし' }]));
}
