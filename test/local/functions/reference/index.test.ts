import { expect, test } from 'vitest';
import type { Json } from '../../../../src/json/json.js';
import { type MemoryHost, memoryHost } from '../host.js';
import { failure, startFunctions } from '../start.js';

/** Calls a state of a machine as its Task does. */
function caller(machine: string, host: MemoryHost = memoryHost()) {
  const { invoke } = startFunctions({ host });
  return async (
    state: string,
    input: Json,
    more: { context?: object; taskToken?: string; execution?: object } = {},
  ) =>
    await invoke(
      'serverless-example-dev-main',
      JSON.stringify({
        input,
        context: {
          Execution: { Id: 'arn:x:child-1', Name: 'child-1', Input: {}, ...more.execution },
          State: { Name: state },
          StateMachine: { Name: machine },
          ...more.context,
        },
        ...(more.taskToken && { taskToken: more.taskToken }),
      }),
    );
}

const reply = ({ payload }: { payload: string }): Json => (JSON.parse(payload) as Json[][])[0]?.[0] ?? null;
const lines = (host: MemoryHost, key: string) =>
  String(host.bodies.get(`local-bucket/${key}`))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('import: a batch is one object, refused rows are told with their index', async () => {
  const host = memoryHost();
  const call = caller('dev-acme-import-csv-handler', host);
  const Items = [
    { id: '1', name: 'りんご' },
    { id: '', name: 'no id' },
    { id: '1', name: 'same id' },
    { id: '2', name: '!fail 在庫が ない' },
    { id: ' ', name: 'blank' },
  ];
  const batch = { BatchInput: { Attributes: { tableName: '商品/表' } }, Items };
  const expected = {
    totalRows: 5,
    succeededRows: 3,
    failedRows: 2,
    failures: [
      { index: 1, reason: 'id is empty' },
      { index: 3, reason: '在庫が ない' },
    ],
  };
  expect(reply(await call('csv_rows_handler', batch))).toEqual(expected);
  expect(reply(await call('csv_rows_handler', batch))).toEqual(expected);
  expect([...host.bodies.keys()]).toEqual(['local-bucket/imported/商品_表/root-run/child-1.jsonl']);
  expect(lines(host, 'imported/商品_表/root-run/child-1.jsonl')).toEqual([
    { row: Items[0], index: 0 },
    { row: Items[2], index: 2 },
    { row: Items[4], index: 4 },
  ]);
});

test('import: rows without batch, each its own object; no column id is no reason', async () => {
  const host = memoryHost();
  const call = caller('import-csv', host);
  expect(reply(await call('csv_rows_handler', { a: '1' }))).toMatchObject({ succeededRows: 1, failures: [] });
  for (const Index of [0, 1]) {
    await call('csv_rows_handler', { a: String(Index) }, { context: { Map: { Item: { Index } } } });
  }
  expect([...host.bodies.keys()].sort()).toEqual([
    'local-bucket/imported/rows/root-run/child-1-0.jsonl',
    'local-bucket/imported/rows/root-run/child-1-1.jsonl',
    'local-bucket/imported/rows/root-run/child-1.jsonl',
  ]);
  for (const tableName of ['..', '.', '']) {
    await call('csv_rows_handler', { a: '1' }, { execution: { Input: { tableName } } });
  }
  expect(host.bodies.has('local-bucket/imported/_/root-run/child-1.jsonl')).toBe(true);
});

test('import: the last step sums up what the ResultWriter wrote, also batches that failed', async () => {
  const host = memoryHost();
  const put = (key: string, value: Json) => host.bodies.set(`out/${key}`, Buffer.from(JSON.stringify(value)));
  const counts = (totalRows: number, failedRows: number) =>
    JSON.stringify({ totalRows, succeededRows: totalRows - failedRows, failedRows, failures: [] });
  put('m.json', { ResultFiles: { SUCCEEDED: [{ Key: 's0' }, { Key: 's1' }], FAILED: [], PENDING: [] } });
  put('s0', [{ Output: counts(100, 0) }, { Output: counts(100, 0) }]);
  put('s1', [{ Output: counts(7, 0) }]);
  const call = caller('import-csv', host);
  const mapOutput = { MapRunArn: 'x', ResultWriterDetails: { Bucket: 'out', Key: 'm.json' } };
  expect(reply(await call('finalize_parent_job', { mapOutput }))).toEqual({
    status: 'COMPLETED',
    total: 207,
    succeeded: 207,
    failed: 0,
  });
  put('m.json', { ResultFiles: { SUCCEEDED: [{ Key: 's1' }], FAILED: [{ Key: 'f0' }] } });
  put('f0', [{ Error: 'E', Input: JSON.stringify({ Items: [{}, {}, {}] }) }]);
  expect(reply(await call('finalize_parent_job', { mapOutput }))).toEqual({
    status: 'FAILED',
    total: 10,
    succeeded: 7,
    failed: 3,
  });
});

test('import: the last step in the older and local shapes, and after a caught error', async () => {
  const call = caller('import-csv');
  const one = { totalRows: 2, succeededRows: 1, failedRows: 1 };
  const finalize = async (input: Json) => reply(await call('finalize_parent_job', input));
  expect(await finalize({ processingResults: [one, one] })).toMatchObject({
    status: 'FAILED',
    total: 4,
    failed: 2,
  });
  expect(await finalize([[one]])).toMatchObject({ status: 'FAILED', total: 2, succeeded: 1 });
  expect(await finalize({ errorOutput: { Error: 'States.Timeout', Cause: 'too slow' } })).toMatchObject({
    status: 'FAILED',
    message: 'States.Timeout: too slow',
  });
  const headers = {
    Error: 'States.ItemReaderFailed',
    Cause: 'The CSV file contains only CSV headers or is empty.',
  };
  expect(await finalize({ errorOutput: headers })).toMatchObject({ status: 'COMPLETED', total: 0 });
  expect(await finalize({})).toMatchObject({
    status: 'FAILED',
    message: 'No batch processing results received.',
  });
});

test('import, local shape: the loader counts all rows and hands on ten', async () => {
  const host = memoryHost();
  const rows = Array.from({ length: 25 }, (_, index) => `${index},"名前\n${index}"`);
  host.bodies.set('in/a b.csv', Buffer.from(`id,name\n${rows.join('\n')}\n`));
  const call = caller('import-csv', host);
  const input = { bucket: 'in', key: 'a b.csv', tableName: 't' };
  const loaded = reply(await call('csv_loader', input)) as { Items: Json[] };
  expect(loaded).toMatchObject({ BatchInput: { Attributes: { ...input, totalRows: 25 } } });
  expect(loaded.Items).toHaveLength(10);
  expect(loaded.Items[9]).toEqual({ id: '9', name: '名前\n9' });
  expect(reply(await call('read_csv', loaded))).toMatchObject({ totalRows: 10, succeededRows: 10 });
  expect(failure(await call('csv_loader', { bucket: 'in', key: 'absent' })).errorMessage).toContain('absent');
});

test('task: items as such and in the sub-task records of the framework', async () => {
  for (const machine of ['sfn-task', 'dev-acme-sfn-task-handler', 'task-handler']) {
    const call = caller(machine);
    expect(reply(await call('iterator', { any: 1 }))).toEqual({ result: { any: 1 } });
    expect(reply(await call('iteration', { pk: 'p', sk: 's', input: { any: 2 } }))).toEqual({
      result: { any: 2 },
    });
    const failed = failure(await call('iterator', { pk: 'p', sk: 's', input: { fail: '失敗' } }));
    expect(failed).toMatchObject({ errorType: 'Error', errorMessage: '失敗' });
  }
  const before = Date.now();
  await caller('sfn-task')('iterator', { sleepMs: 50 });
  expect(Date.now() - before).toBeGreaterThanOrEqual(45);
});

test('a payload without context is refused in the words of the framework', async () => {
  const { invoke } = startFunctions();
  expect(failure(await invoke('any', '{"taskToken":"t"}')).errorMessage).toBe(
    'Unable to determine event source based on event.',
  );
});

/** The stream record of a command's version, which is its execution's input. */
const command = (version: number, entity = 'A') => ({
  eventSourceARN: 'arn:aws:dynamodb:ap-northeast-1:101010101010:table/local-app-sample-command/stream/1',
  dynamodb: {
    NewImage: { pk: { S: 'SAMPLE#t1' }, sk: { S: `${entity}@${version}` }, version: { N: String(version) } },
  },
});

function commandCaller(host = memoryHost()) {
  const call = caller('command', host);
  const step = async (state: string, version: number, taskToken?: string) =>
    reply(await call(state, {}, { execution: { Input: command(version) }, taskToken }));
  const rest = async (version: number) => {
    for (const state of ['set_ttl_command', 'history_copy']) await step(state, version);
    const handlers = await step('transform_data', version);
    expect(handlers).toEqual([expect.objectContaining({ prevStateName: 'transform_data' })]);
    await step('sync_data', version);
    await step('finish', version);
  };
  return { host, step, rest };
}

const resumed = (prevVersion: number) =>
  JSON.stringify({ Payload: [[{ result: 'resumed_by_prev_version', prevVersion }]] });

test('command: versions follow one another, and one that is behind is refused', async () => {
  const { step, rest } = commandCaller();
  expect(await step('check_version', 1)).toEqual({ result: 0 });
  await rest(1);
  expect(await step('check_version', 2)).toEqual({ result: 0 });
  await rest(2);
  expect(await step('check_version', 2)).toEqual({
    result: -1,
    error: 'version is not match',
    cause: 'next version must be 3 but got 2',
  });
  // Its predecessor is nowhere, so nobody could ever wake it.
  expect(await step('check_version', 9)).toEqual({ result: 0 });
});

test('command: a version waits for its predecessor and is resumed by it, once', async () => {
  const { host, step, rest } = commandCaller();
  await step('check_version', 1);
  expect(await step('check_version', 2)).toEqual({ result: 1 });
  await step('wait_prev_command', 2, 'token-2');
  expect(host.answered).toEqual([]);
  await rest(1);
  expect(host.answered).toEqual([{ token: 'token-2', output: resumed(1) }]);
  await step('finish', 1);
  expect(host.answered).toHaveLength(1);
});

test('command: a predecessor that finished before the token was stored is no lost wake-up', async () => {
  const { host, step, rest } = commandCaller();
  await step('check_version', 1);
  expect(await step('check_version', 2)).toEqual({ result: 1 });
  await rest(1);
  await step('wait_prev_command', 2, 'late');
  expect(host.answered).toEqual([{ token: 'late', output: resumed(1) }]);
});

test.each(['product-approval', 'order', 'approval', 'nightly-report'])(
  'a machine of a team (%s) is refused, with what to configure',
  async (machine) => {
    const failed = failure(await caller(machine)('tell_manager', { id: 1 }));
    expect(failed.errorMessage).toContain(`not ${machine}:`);
    expect(failed.errorMessage).toContain('"functions": {"*": "./dist/main.handler"}');
    expect(failed.errorMessage).toContain("mbc-flow dev --functions '*=./dist/main.handler'");
  },
);

test('an input of the command machine that is no record of a stream says what makes one', async () => {
  const failed = failure(await caller('dev-demo-command')('check_version', { name: 'x' }));
  expect(failed.errorMessage).toContain('mbc-flow trigger stream');
});
