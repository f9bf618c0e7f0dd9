import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startLocalServer } from '../../../src/local/index.js';
import { errorOf, run, startDirectory } from '../world.js';

const row = (sk: string, version: number, more: object = {}) => ({
  pk: 'SAMPLE#t1',
  sk: `${sk}@${version}`,
  version,
  tenantCode: 't1',
  attributes: { total: 1 },
  ...more,
});

const cwd = startDirectory();
const mbc = (args: string[], stdin?: string) => run(args, { cwd, stdin });
const triggered = async (item: object, ...flags: string[]) =>
  await mbc(['trigger', 'stream', 'sample-command', JSON.stringify(item), '-o', 'json', ...flags]);
const statusOf = async (executionArn: string) =>
  JSON.parse((await mbc(['show', executionArn, '-o', 'json'])).stdout);

let endpoint = '';
beforeAll(async () => {
  const server = await startLocalServer({ dataDir: join(cwd, '.mbc-flow') });
  endpoint = server.endpoint;
  return () => server.stop();
});

describe('stream', () => {
  test('a command goes from check_version to finish', async () => {
    const { code, stdout, stderr } = await mbc([
      'trigger',
      'stream',
      'sample-command',
      JSON.stringify(row('A', 1)),
      '--follow',
    ]);
    expect(stderr).toContain('deliver a record of sample-command to the function');
    expect(stdout).toMatch(
      /^✔ INSERT SAMPLE#t1 A@1: serverless-example-dev-main answered \{\}\n {2}began arn:/,
    );
    expect(stdout.match(/ {2}(\w+) {2}entered/g)?.map((entry) => entry.split('  ')[1])).toEqual(
      ['check_version', 'check_version_result', 'set_ttl_command', 'history_copy', 'transform_data'].concat(
        'sync_data_all',
        'finish',
        'success',
      ),
    );
    expect(code).toBe(0);
  });

  test('the chain of versions waits and resumes in order; a second delivery is refused', async () => {
    const begun: string[] = [];
    for (const version of [3, 2, 1]) {
      const { code, stdout } = await triggered(row('CHAIN', version));
      const { executions, response, statusCode, event } = JSON.parse(stdout);
      expect({ code, statusCode, response }).toEqual({ code: 0, statusCode: 200, response: {} });
      expect(event.Records[0].dynamodb.Keys.sk).toEqual({ S: `CHAIN@${version}` });
      expect(executions).toHaveLength(1);
      expect(executions[0].name).toMatch(new RegExp(`^sample-SAMPLE-t1-CHAIN-v${version}-\\d{13}$`));
      if (version > 1) {
        await expect
          .poll(async () => (await statusOf(executions[0].executionArn)).current[0]?.stateName)
          .toBe('wait_prev_command');
      }
      begun.push(executions[0].executionArn);
    }
    expect((await mbc(['watch', ...begun])).code).toBe(0);
    const ends = await Promise.all(begun.map(statusOf));
    const [third, second, first] = ends.map(({ stopDate }) => Date.parse(stopDate));
    expect([first, second, third]).toEqual([first, second, third].toSorted((a = 0, b = 0) => a - b));

    const again = await triggered(row('CHAIN', 2), '--follow');
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      status: 'FAILED',
      failure: { error: 'version is not match', cause: 'next version must be 4 but got 2' },
    });
  });

  test('several rows are delivered one by one, in their order', async () => {
    const rows = [1, 2, 3].map((version) => row('MANY', version));
    const { stdout } = await mbc(
      ['trigger', 'stream', 'sample-command', '-', '-o', 'ndjson'],
      rows.map((one) => JSON.stringify(one)).join('\n'),
    );
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.map(({ event }) => event.Records.length)).toEqual([1, 1, 1]);
    expect(documents.map(({ executions }) => executions[0].name.replace(/-\d+$/, ''))).toEqual([
      'sample-SAMPLE-t1-MANY-v1',
      'sample-SAMPLE-t1-MANY-v2',
      'sample-SAMPLE-t1-MANY-v3',
    ]);
  });

  test('--dry-run prints the event as AWS would build it, and delivers nothing', async () => {
    const text = '{"pk":"P","sk":"S@1","version":1,"n":12345678901234567890123456789012345678,"f":0.10}';
    const before = (await mbc(['list', '-o', 'json'])).stdout;
    const { stdout, code } = await mbc(['trigger', 'stream', 'x-command', text, '--dry-run', '-o', 'json']);
    const { event, dryRun } = JSON.parse(stdout);
    expect({ code, dryRun, after: (await mbc(['list', '-o', 'json'])).stdout }).toEqual({
      code: 0,
      dryRun: true,
      after: before,
    });
    expect(event).toEqual({
      Records: [
        {
          eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventName: 'INSERT',
          eventVersion: '1.1',
          eventSource: 'aws:dynamodb',
          awsRegion: 'ap-northeast-1',
          dynamodb: {
            ApproximateCreationDateTime: expect.any(Number),
            Keys: { pk: { S: 'P' }, sk: { S: 'S@1' } },
            NewImage: {
              pk: { S: 'P' },
              sk: { S: 'S@1' },
              version: { N: '1' },
              n: { N: '12345678901234567890123456789012345678' },
              f: { N: '0.1' },
            },
            SequenceNumber: expect.stringMatching(/^\d{21,}$/),
            SizeBytes: 3 + 5 + (3 + 5 + 7 + 2 + 1 + 20 + 1 + 2),
            StreamViewType: 'NEW_IMAGE',
          },
          eventSourceARN: expect.stringMatching(
            /^arn:aws:dynamodb:ap-northeast-1:101010101010:table\/x-command\/stream\/\d{4}-/,
          ),
        },
      ],
    });
  });

  test('what aws dynamodb printed is taken as it is', async () => {
    const item = { pk: { S: 'P' }, sk: { S: 'S@1' }, Items: { L: [] } };
    const keys = async (document: object) => {
      const args = ['trigger', 'stream', 'x', '-', '--dry-run', '-o', 'ndjson'];
      const { stdout } = await mbc(args, JSON.stringify(document));
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event.Records[0].dynamodb.NewImage);
    };
    expect(await keys({ Item: item })).toEqual([item]);
    expect(await keys({ Items: [item, item], Count: 2, ScannedCount: 2, ConsumedCapacity: null })).toEqual([
      item,
      item,
    ]);
    expect(await keys({ pk: 'P', sk: 'S@1', Items: [] })).toEqual([item]);
  });

  test.each([
    ['published synchronously', { syncMode: 'SYNC' }, []],
    ['by a filter of its own', {}, ['--filter', '{"dynamodb":{"NewImage":{"tenantCode":{"S":["t2"]}}}}']],
    ['changed, not new', {}, ['--event', 'MODIFY', '--old', JSON.stringify(row('F', 1))]],
  ])('what the filter leaves out is not delivered: %s', async (_, more, flags) => {
    const { code, stdout } = await triggered(row('F', 1, more), ...flags);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ filtered: true });
    const text = await mbc([
      'trigger',
      'stream',
      'sample-command',
      JSON.stringify(row('F', 1, more)),
      ...flags,
    ]);
    expect(text.stdout).toBe(
      `  ${flags[1] === 'MODIFY' ? 'MODIFY' : 'INSERT'} SAMPLE#t1 F@1: not delivered, the filter leaves it out\n`,
    );
  });

  test('a batch of tasks starts the task machine with a row for each item', async () => {
    const batch = {
      pk: 'SFN_TASK#t1',
      sk: 'batch#01ABC',
      id: 'SFN_TASK#t1#batch#01ABC',
      type: 'batch',
      input: [{ n: 1 }, { n: 2 }],
    };
    const { stdout } = await mbc(['trigger', 'stream', 'tasks', JSON.stringify(batch), '-o', 'json']);
    const [{ executionArn, name }] = JSON.parse(stdout).executions;
    expect(name).toMatch(/^SFN_TASK-t1-batch-01ABC-\d+$/);
    const { code } = await mbc(['watch', executionArn]);
    expect(code).toBe(0);
  });
});

describe('queue', () => {
  test('a message carries the record of a stream, in the envelope of a topic', async () => {
    const dry = await mbc([
      'trigger',
      'stream',
      'import_tmp',
      '{"pk":"CSV_IMPORT#t1","sk":"product#01","id":"CSV_IMPORT#t1#product#01","attributes":{"tableName":"product","tenantCode":"t1"}}',
      '--dry-run',
      '-o',
      'json',
    ]);
    const [record] = JSON.parse(dry.stdout).event.Records;
    const message = JSON.stringify({ action: 'single-import-process', ...record });
    const { code, stdout } = await mbc([
      'trigger',
      'queue',
      'import-action-queue',
      message,
      '--sns',
      '--attribute',
      'action=import-execute',
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    const { event, executions } = JSON.parse(stdout);
    expect(event.Records[0].eventSourceARN).toBe(
      'arn:aws:sqs:ap-northeast-1:101010101010:import-action-queue',
    );
    expect(event.Records[0].messageAttributes).toEqual({});
    expect(JSON.parse(event.Records[0].body)).toMatchObject({
      TopicArn: 'arn:aws:sns:ap-northeast-1:101010101010:main-sns',
      Message: message,
      MessageAttributes: { action: { Type: 'String', Value: 'import-execute' } },
    });
    expect(executions).toMatchObject([{ name: expect.stringMatching(/^t1-product-\d+$/) }]);
  });

  test('a text is the body of a message as it stands', async () => {
    const file = join(cwd, 'message.txt');
    writeFileSync(file, 'hello\n');
    const { stdout } = await mbc([
      'trigger',
      'queue',
      'q.fifo',
      `@${file}`,
      '--group',
      'g',
      '--attribute',
      'a=b=c',
      '--dry-run',
      '-o',
      'json',
    ]);
    expect(JSON.parse(stdout).event.Records[0]).toMatchObject({
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: { MessageGroupId: 'g' },
      messageAttributes: { a: { stringValue: 'b=c', dataType: 'String' } },
    });
  });
});

test.each([
  [['table', 'x', '{}'], 2, 'BadUsage'],
  [['stream', 'x', '{"pk":'], 2, 'InvalidInput'],
  [['stream', 'x', 'nowhere.json'], 3, 'FileNotFound'],
  [['stream', 'x', '{"id":"1"}'], 2, 'KeyMissing'],
  [['stream', 'x', '{"pk":{"S":"a"},"sk":"b"}', '--marshalled'], 2, 'InvalidItem'],
  [['stream', 'x', '{}', '--filter', '{"a":[{"like":"x"}]}'], 2, 'InvalidFilter'],
  [['queue', 'x', '{}', '--attribute', 'novalue'], 2, 'BadUsage'],
])('trigger %j: exit %i', async (args, exitCode, code) => {
  const ran = await mbc(['trigger', ...args, '-o', 'json']);
  expect({ code: ran.code, error: errorOf(ran) }).toMatchObject({
    code: exitCode,
    error: { code, exitCode },
  });
});

describe('an app of its own', () => {
  const app = startDirectory();
  const call = (...args: string[]) => run(['trigger', ...args], { cwd: app });
  beforeAll(() => {
    writeFileSync(
      join(app, 'mbc-flow.json'),
      JSON.stringify({ local: { functions: { api: './main.handler' } } }),
    );
    writeFileSync(
      join(app, 'main.mjs'),
      `export const handler = async ({ Records: [record] }) => {
        const text = JSON.stringify(record);
        if (text.includes('!throw')) throw new RangeError('在庫が ない');
        if (text.includes('!back')) return { batchItemFailures: [{ itemIdentifier: record.messageId }] };
        return { got: record.eventSourceARN };
      };`,
    );
  });

  test('its only function gets the event; what it throws is decoded, exit 1', async () => {
    const good = JSON.parse((await call('queue', 'q', '{}', '-o', 'json')).stdout);
    expect(good).toMatchObject({
      functionName: 'api',
      response: { got: 'arn:aws:sqs:ap-northeast-1:101010101010:q' },
    });
    const bad = await call('stream', 'x', '{"pk":"!throw","sk":"1"}', '-o', 'json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      statusCode: 200,
      functionError: 'Unhandled',
      message: '在庫が ない',
      response: { errorType: 'RangeError' },
    });
    const text = await call('stream', 'x', '{"pk":"!throw","sk":"1"}');
    expect(text.stdout).toMatch(
      /^✖ INSERT !throw 1: api failed\n {2}RangeError: 在庫が ない\n {2}at handler .*main\.mjs:3/,
    );
  });

  test('a shard stands still at what fails; messages of a queue do not know each other', async () => {
    const rows = '[{"pk":"a","sk":"1"},{"pk":"!throw","sk":"2"},{"pk":"c","sk":"3"}]';
    const stream = await call('stream', 'x', rows);
    expect({ code: stream.code, lines: stream.stdout.match(/^[✔✖]/gm) }).toEqual({
      code: 1,
      lines: ['✔', '✖'],
    });
    expect(stream.stderr).toContain('1 more not delivered');
    const file = join(app, 'messages.ndjson');
    writeFileSync(file, '{"n":1}\n{"n":"!back"}\n{"n":3}\n');
    const queue = await call('queue', 'q', file, '-o', 'json');
    expect(queue.code).toBe(1);
    expect(JSON.parse(queue.stdout).records).toMatchObject([
      { response: {} },
      { batchItemFailures: [expect.any(String)] },
      { response: {} },
    ]);
  });

  test('a function that is not there: exit 3, and how to name one', async () => {
    const ran = await call('queue', 'q', '{}', '--function', 'nowhere', '-o', 'json');
    expect(errorOf(ran)).toMatchObject({
      code: 'ResourceNotFoundException',
      exitCode: 3,
      hint: expect.stringContaining('--function'),
    });
  });
});

test('a protected target needs --yes; a dry run does not', async () => {
  const remote = startDirectory();
  writeFileSync(
    join(remote, 'mbc-flow.json'),
    JSON.stringify({
      defaultTarget: 'prod',
      targets: {
        prod: { endpointUrl: endpoint, region: 'ap-northeast-1', protected: true, function: 'api' },
      },
    }),
  );
  const call = (...flags: string[]) =>
    run(['trigger', 'stream', 'x', '{"pk":"a","sk":"1"}', '-o', 'json', ...flags], { cwd: remote });
  const refused = await call();
  expect(errorOf(refused)).toMatchObject({ code: 'ConfirmationNeeded', exitCode: 2 });
  const dry = await call('--dry-run');
  expect({ code: dry.code, document: JSON.parse(dry.stdout) }).toMatchObject({
    code: 0,
    document: { dryRun: true, functionName: 'api' },
  });
  expect((await call('--yes')).code).toBe(0);
});
