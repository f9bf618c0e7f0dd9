import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { type Local, suiteServer } from '../../harness.js';
import { run } from '../../integrations/run.js';

let local: Local;
let made = 0;
suiteServer(async (started) => {
  local = started;
  const objects = {
    'object.json': '{"b":{"x":1},"a":2}',
    'rows.csv': 'id,n\n1,a\n2,b\n',
    'nested.json': '{"deep":{"list":[0.0,9007199254740993]}}',
    'all/1.jsonl': '{"v":1}\n',
    'all/2.jsonl': '{"v":2}\n',
  };
  for (const [Key, Body] of Object.entries(objects))
    await local.s3.send(new PutObjectCommand({ Bucket: 'local-bucket', Key, Body }));
});

async function goes(map: object, input: unknown = {}, more: object = {}) {
  const { config, ...fields } = map as { config?: object };
  const definition = {
    StartAt: 'M',
    ...more,
    States: {
      M: {
        Type: 'Map',
        End: true,
        ItemProcessor: {
          ...(config !== undefined && { ProcessorConfig: config }),
          StartAt: 'P',
          States: { P: { Type: 'Pass', End: true } },
        },
        ...fields,
      },
    },
  };
  const { stateMachineArn = '' } = await local.sfn.send(
    new CreateStateMachineCommand({
      name: `goes-${++made}`,
      roleArn: 'arn:aws:iam::101010101010:role/r',
      definition: JSON.stringify(definition),
    }),
  );
  return run(local, stateMachineArn, input);
}

const config = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
const readerOf = (Key: string, ReaderConfig: object) => ({
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig,
  Parameters: { Bucket: 'local-bucket', Key },
});
const ItemSelector = { 'item.$': '$$.Map.Item' };

describe('an inline Map with a field of a Distributed Map is taken, and fails when it runs', () => {
  test.each([
    { ItemReader: readerOf('rows.csv', { InputType: 'JSON' }) },
    { ItemBatcher: { MaxItemsPerBatch: 2 }, config: { Mode: 'INLINE' } },
    {
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'local-bucket', Prefix: 'p' },
      },
    },
  ])('%j', async (map) => {
    const { status, error, cause, events } = await goes(map, [1]);
    expect({ status, error, cause }).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'M' (entered at the event id #2). The ItemReader, ItemBatcher and ResultWriter fields are not supported for INLINE maps",
    });
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'ExecutionFailed',
    ]);
  });
});

describe('what a Map goes over, and $$.Map.Item', () => {
  test.each([
    ['inline', { ItemSelector }, [7], [{ item: { Index: 0, Value: 7, Source: 'STATE_DATA' } }]],
    [
      'an object, in its order',
      { config },
      { b: 1, 1: [2], a: null },
      [
        { Key: '1', Value: [2] },
        { Key: 'b', Value: 1 },
        { Key: 'a', Value: null },
      ],
    ],
    [
      'an object at a path, selected',
      { config, ItemsPath: '$.o', ItemSelector },
      { o: { k: { v: 1 } } },
      [{ item: { Index: 0, Key: 'k', Value: { v: 1 }, Source: 'STATE_DATA' } }],
    ],
    [
      'an object of a file, batched',
      {
        config,
        ItemReader: readerOf('object.json', { InputType: 'JSON' }),
        ItemBatcher: { MaxItemsPerBatch: 5 },
      },
      {},
      [
        {
          Items: [
            { Key: 'b', Value: { x: 1 } },
            { Key: 'a', Value: 2 },
          ],
        },
      ],
    ],
    [
      'a member of a file',
      { config, ItemSelector, ItemReader: readerOf('object.json', { InputType: 'JSON', MaxItems: 1 }) },
      {},
      [{ item: { Index: 0, Key: 'b', Value: { x: 1 }, Source: 'S3://local-bucket/object.json' } }],
    ],
    [
      'a row of a CSV file',
      {
        config,
        ItemSelector,
        ItemReader: readerOf('rows.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItems: 1 }),
      },
      {},
      [{ item: { Index: 0, Value: { id: '1', n: 'a' }, Source: 'S3://local-bucket/rows.csv' } }],
    ],
    [
      'the objects that a listing leads to',
      {
        config,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          ReaderConfig: { InputType: 'JSONL', Transformation: 'LOAD_AND_FLATTEN' },
          Parameters: { Bucket: 'local-bucket', Prefix: 'all/' },
        },
      },
      {},
      [{ v: 1 }, { v: 2 }],
    ],
  ])('%s', async (_what, map, input, expected) => {
    const { result, cause } = await goes(map, input);
    expect(cause).toBeUndefined();
    expect(result).toEqual(expected);
  });

  test('JSONata sees the same of an item', async () => {
    const jsonata = {
      config,
      Items: '{% $states.input %}',
      ItemSelector: '{% $states.context.Map.Item.(Key & "@" & Source & "=" & Value) %}',
    };
    const { result } = await goes(jsonata, { a: 1, b: 2 }, { QueryLanguage: 'JSONata' });
    expect(result).toEqual(['a@STATE_DATA=1', 'b@STATE_DATA=2']);
  });

  test('numbers at a pointer keep their digits', async () => {
    const ItemReader = readerOf('nested.json', { InputType: 'JSON', ItemsPointer: '/deep/list' });
    expect((await goes({ config, ItemReader })).output).toBe('[0.0,9007199254740993]');
  });

  test('an object is nothing that an inline Map goes over', async () => {
    expect(await goes({}, { a: 1 })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(await goes({ Items: { a: 1 } }, {}, { QueryLanguage: 'JSONata' })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });
});

test('an item that cannot be selected is no iteration', async () => {
  const map = { Items: '{% [1, 2] %}', ItemSelector: { v: '{% $states.input.label %}' } };
  const { error, events } = await goes(map, {}, { QueryLanguage: 'JSONata' });
  expect(error).toBe('States.QueryEvaluationError');
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'EvaluationFailed',
    'MapStateFailed',
    'ExecutionFailed',
  ]);
  const second = {
    Items: '{% [1, 2] %}',
    MaxConcurrency: 1,
    ItemSelector: { v: '{% $states.context.Map.Item.Value = 1 ? 1 : $error("no") %}' },
  };
  const types = (await goes(second, {}, { QueryLanguage: 'JSONata' })).events.map(({ type }) => type);
  expect(types.filter((type) => type?.startsWith('MapIteration'))).toEqual([
    'MapIterationStarted',
    'MapIterationSucceeded',
  ]);
});

describe('a ResultWriter that has nowhere to write fails the map run', () => {
  test.each([
    [{ Bucket: 'no-such-bucket' }, 'The specified bucket does not exist: no-such-bucket'],
    [{ Prefix: 'p' }, 'The ResultWriter needs a Bucket.'],
    [{ Bucket: null }, "The ResultWriter's Bucket must be a string but was: null"],
    [{ 'Bucket.$': '$[0]' }, "The ResultWriter's Bucket must be a string but was: 1"],
    [{ Bucket: 'local-bucket', 'Prefix.$': '$[0]' }, "The ResultWriter's Prefix must be a string but was: 1"],
  ])('%j', async (Parameters, cause) => {
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters };
    const ran = await goes({ config, ResultWriter }, [1]);
    expect(ran).toMatchObject({ status: 'FAILED', error: 'States.ResultWriterFailed', cause });
    expect(ran.events.map(({ type }) => type).slice(-4)).toEqual([
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  test('also what is no object', async () => {
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Arguments: '{% 1 %}' };
    const ran = await goes({ config, ResultWriter, Items: [1] }, {}, { QueryLanguage: 'JSONata' });
    expect(ran).toMatchObject({ status: 'FAILED', error: 'States.ResultWriterFailed' });
  });
});
