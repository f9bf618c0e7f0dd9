import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DescribeMapRunCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test, vi } from 'vitest';
import { ended, type Local, startServer } from '../../harness.js';
import { machine, run } from '../../integrations/run.js';

const bucket = 'local-bucket';

/** A map whose items are echoed, but for those that read `fail`. */
const mapOf = (resultWriter: object, more: object = {}) => ({
  Type: 'Map',
  Label: 'all',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'which',
    States: {
      which: { Type: 'Choice', Choices: [{ Variable: '$', IsString: true, Next: 'bad' }], Default: 'good' },
      bad: { Type: 'Fail', Error: 'Boom', Cause: 'だめ' },
      good: { Type: 'Succeed' },
    },
  },
  ToleratedFailureCount: 1,
  ResultWriter: resultWriter,
  End: true,
  ...more,
});

const toS3 = {
  Resource: 'arn:aws:states:::s3:putObject',
  Parameters: { Bucket: bucket, Prefix: 'out/' },
};

async function text({ s3 }: Local, Key: string): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await object.Body?.transformToString()) ?? '';
}

interface Manifest {
  DestinationBucket: string;
  MapRunArn: string;
  ResultFiles: Record<'FAILED' | 'PENDING' | 'SUCCEEDED', { Key: string; Size: number }[]>;
}

async function written(local: Local, resultWriter: object, items: unknown[]) {
  const { status, result, executionArn } = await run(
    local,
    await machine(local, { all: mapOf(resultWriter) }),
    items,
  );
  expect(status).toBe('SUCCEEDED');
  const { MapRunArn, ResultWriterDetails } = result as {
    MapRunArn: string;
    ResultWriterDetails: { Bucket: string; Key: string };
  };
  const manifest = JSON.parse(await text(local, ResultWriterDetails.Key)) as Manifest;
  expect(manifest).toMatchObject({ DestinationBucket: bucket, MapRunArn });
  expect(ResultWriterDetails.Key).toBe(`out/${MapRunArn.split(':').at(-1)}/manifest.json`);
  const files = Object.fromEntries(
    await Promise.all(
      Object.entries(manifest.ResultFiles).map(async ([kind, [file]]) => {
        const body = file ? await text(local, file.Key) : undefined;
        expect(file?.Size).toBe(body === undefined ? undefined : Buffer.byteLength(body));
        return [kind, { key: file?.Key.split('/').at(-1), body }] as const;
      }),
    ),
  );
  return { files, executionArn };
}

test('whole records: keys in alphabetical order, failures apart', async () => {
  const local = await startServer();
  const { files, executionArn } = await written(local, toS3, [[1, 2], 'fail', { a: 3 }]);
  const succeeded = JSON.parse(files.SUCCEEDED?.body ?? '') as Record<string, unknown>[];
  expect(succeeded.map(({ Output }) => Output)).toEqual(['[1,2]', '{"a":3}']);
  const [failed] = JSON.parse(files.FAILED?.body ?? '') as Record<string, unknown>[];
  expect(failed).toMatchObject({
    Cause: 'だめ',
    Error: 'Boom',
    Input: '"fail"',
    InputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    Status: 'FAILED',
    StartDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(failed).not.toHaveProperty('Output');
  for (const record of [...succeeded, failed]) {
    const keys = Object.keys(record ?? {});
    expect(keys).toEqual([...keys].sort());
  }
  expect(files.PENDING?.key).toBeUndefined();
  const { mapRuns = [] } = await local.sfn.send(new ListMapRunsCommand({ executionArn }));
  const described = await local.sfn.send(
    new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn ?? '' }),
  );
  expect(described.itemCounts).toMatchObject({ total: 3, succeeded: 2, failed: 1, resultsWritten: 3 });
});

test.each([
  ['COMPACT', 'JSON', 'SUCCEEDED_0.json', '[[1,2],{"a":3}]'],
  ['FLATTEN', 'JSON', 'SUCCEEDED_0.json', '[1,2,{"a":3}]'],
  ['FLATTEN', 'JSONL', 'SUCCEEDED_0.jsonl', '1\n2\n{"a":3}\n'],
])('%s as %s', async (Transformation, OutputType, key, body) => {
  const local = await startServer();
  const writer = { ...toS3, WriterConfig: { Transformation, OutputType } };
  const { files } = await written(local, writer, [[1, 2], { a: 3 }]);
  expect(files.SUCCEEDED).toEqual({ key, body });
  expect(files.FAILED?.body).toBeUndefined();
});

test('without a place to write to, the form is that of the state’s result', async () => {
  const local = await startServer();
  const WriterConfig = { Transformation: 'FLATTEN', OutputType: 'JSON' };
  const arn = await machine(local, { all: mapOf({ WriterConfig }) });
  expect((await run(local, arn, [[1, [2]], 'fail', 3])).result).toEqual([1, [2], 3]);
});

test('a result that is too large, and a bucket that is not there, fail the map run', async () => {
  const local = await startServer();
  const large = await machine(local, {
    all: mapOf({ WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' } }),
  });
  const items = Array.from({ length: 2 }, () => ['x'.repeat(100_000)]);
  expect((await run(local, large, items)).status).toBe('SUCCEEDED');
  const doubled = await machine(local, {
    twice: { Type: 'Pass', Parameters: { 'a.$': '$' }, Next: 'all' },
    all: mapOf(
      { WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' } },
      {
        ItemsPath: '$.a',
        ItemSelector: { 'one.$': '$$.Map.Item.Value', 'two.$': '$$.Map.Item.Value' },
      },
    ),
  });
  expect(await run(local, doubled, items)).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  });
  const nowhere = { ...toS3, Parameters: { Bucket: 'no-such-bucket' } };
  expect(await run(local, await machine(local, { all: mapOf(nowhere) }), [1])).toMatchObject({
    status: 'FAILED',
    error: 'States.ResultWriterFailed',
  });
});

/** A map run of numbers whose children fail for 2, and of which one runs at a time. */
const counted = (resultWriter: object, more: object = {}) =>
  mapOf(resultWriter, {
    MaxConcurrency: 1,
    ToleratedFailureCount: 0,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'which',
      States: {
        which: {
          Type: 'Choice',
          Choices: [{ Variable: '$.n', NumericEquals: 2, Next: 'bad' }],
          Default: 'good',
        },
        bad: { Type: 'Fail', Error: 'Boom' },
        good: { Type: 'Succeed' },
      },
    },
    ItemSelector: { 'n.$': '$$.Map.Item.Value' },
    ...more,
  });

interface Row {
  Status: string;
  Input: string;
}

/** Status → inputs, of all files that a manifest names; and their keys within the map run's folder. */
async function accounted(local: Local, key: string) {
  const { ResultFiles } = JSON.parse(await text(local, key)) as Manifest;
  const rows: Record<string, unknown[]> = {};
  const keys: string[] = [];
  for (const { Key, Size } of Object.values(ResultFiles).flat()) {
    const body = await text(local, Key);
    expect(Size).toBe(Buffer.byteLength(body));
    keys.push(Key.split('/').slice(2).join('/'));
    const lines = body.startsWith('[')
      ? (JSON.parse(body) as Row[])
      : body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Row);
    for (const { Status, Input } of lines) rows[Status] = [...(rows[Status] ?? []), JSON.parse(Input)];
  }
  return { rows, keys: keys.sort() };
}

async function mapRunOf({ sfn }: Local, executionArn = '') {
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn ?? '';
  return { mapRunArn, folder: `out/${mapRunArn.split(':').at(-1)}` };
}

test.each([
  ['one at a time', {}, 'JSON', [{ n: 3 }, { n: 4 }, { n: 5 }]],
  ['as lines', {}, 'JSONL', [{ n: 3 }, { n: 4 }, { n: 5 }]],
  [
    'in batches',
    {
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { t: 1 } },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: 'bad',
        States: { bad: { Type: 'Fail', Error: 'Boom' } },
      },
    },
    'JSON',
    [
      { BatchInput: { t: 1 }, Items: [{ n: 3 }, { n: 4 }] },
      { BatchInput: { t: 1 }, Items: [{ n: 5 }] },
    ],
  ],
])('what a failed map run did not start is pending, %s', async (_how, more, OutputType, pending) => {
  const local = await startServer();
  const writer = { ...toS3, WriterConfig: { Transformation: 'NONE', OutputType } };
  const arn = await machine(local, { all: counted(writer, more) });
  const { status, executionArn } = await run(local, arn, [1, 2, 3, 4, 5]);
  expect(status).toBe('FAILED');
  const { folder, mapRunArn } = await mapRunOf(local, executionArn);
  const { rows, keys } = await accounted(local, `${folder}/manifest.json`);
  expect(rows.PENDING).toEqual(pending);
  expect(keys).toContain(`PENDING_0.${OutputType.toLowerCase()}`);
  const all = Object.values(rows).flat();
  expect(JSON.stringify(all).match(/"n":/g)).toHaveLength(5);
  const { itemCounts } = await local.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  expect(itemCounts).toMatchObject({ total: 5, pending: 3 });
});

test('pending rows are the last word of a child’s keys: no ARN, no name', async () => {
  const local = await startServer();
  const { executionArn } = await run(local, await machine(local, { all: counted(toS3) }), [2, '9']);
  const { folder } = await mapRunOf(local, executionArn);
  expect(await text(local, `${folder}/PENDING_0.json`)).toBe(
    '[{"Input":"{\\"n\\":\\"9\\"}","InputDetails":{"Included":true},"Status":"PENDING"}]',
  );
});

test('an aborted map run writes its results, too', async () => {
  const local = await startServer();
  const waits = counted(toS3, {
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'wait',
      States: { wait: { Type: 'Wait', Seconds: 3600, End: true } },
    },
  });
  const { executionArn = '' } = await local.sfn.send(
    new StartExecutionCommand({ stateMachineArn: await machine(local, { all: waits }), input: '[1,2,3]' }),
  );
  const { mapRunArn, folder } = await vi.waitFor(
    async () => {
      const found = await mapRunOf(local, executionArn);
      const { executionCounts } = await local.sfn.send(
        new DescribeMapRunCommand({ mapRunArn: found.mapRunArn }),
      );
      expect(executionCounts?.running).toBe(1);
      return found;
    },
    { timeout: 60_000 },
  );
  await local.sfn.send(new StopExecutionCommand({ executionArn }));
  const status = async () => (await local.sfn.send(new DescribeMapRunCommand({ mapRunArn }))).status;
  await expect.poll(status).toBe('ABORTED');
  const { rows } = await accounted(local, `${folder}/manifest.json`);
  expect(rows).toEqual({ ABORTED: [{ n: 1 }], PENDING: [{ n: 2 }, { n: 3 }] });
});

test('a redrive writes apart: all that succeeded is named, but failures and what is pending are its own', async () => {
  const local = await startServer();
  const once = counted(toS3, {
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'asks',
      States: {
        asks: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:headObject',
          Parameters: { Bucket: bucket, 'Key.$': "States.Format('go-{}', $.n)" },
          ResultPath: null,
          End: true,
        },
      },
    },
  });
  const go = (n: number) =>
    local.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `go-${n}`, Body: '1' }));
  await go(1);
  const { status, executionArn = '' } = await run(local, await machine(local, { all: once }), [1, 2, 3, 4]);
  expect(status).toBe('FAILED');
  const { folder } = await mapRunOf(local, executionArn);
  const first = await accounted(local, `${folder}/manifest.json`);
  expect(first.rows).toEqual({ SUCCEEDED: [{ n: 1 }], FAILED: [{ n: 2 }], PENDING: [{ n: 3 }, { n: 4 }] });

  await go(2);
  await local.sfn.send(new RedriveExecutionCommand({ executionArn }));
  expect((await ended(local.sfn, executionArn)).status).toBe('FAILED');
  const second = await accounted(local, `${folder}/Redrive-1/manifest.json`);
  expect(second.rows).toEqual({ SUCCEEDED: [{ n: 1 }, { n: 2 }], FAILED: [{ n: 3 }], PENDING: [{ n: 4 }] });
  expect(second.keys).toEqual([
    'Redrive-1/FAILED_0.json',
    'Redrive-1/PENDING_0.json',
    'Redrive-1/SUCCEEDED_0.json',
    'SUCCEEDED_0.json',
  ]);

  await go(3);
  await go(4);
  await local.sfn.send(new RedriveExecutionCommand({ executionArn }));
  const { output = '' } = await ended(local.sfn, executionArn);
  const { ResultWriterDetails } = JSON.parse(output) as { ResultWriterDetails: { Key: string } };
  expect(ResultWriterDetails.Key).toBe(`${folder}/Redrive-2/manifest.json`);
  expect((await accounted(local, ResultWriterDetails.Key)).rows).toEqual({
    SUCCEEDED: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }],
  });
});
