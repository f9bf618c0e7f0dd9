import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DescribeMapRunCommand, ListMapRunsCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { type Local, startServer } from '../../harness.js';
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
