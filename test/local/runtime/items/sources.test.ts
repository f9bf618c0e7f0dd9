import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { itemInput } from '../../../../src/asl/engine/map-item.js';
import type { MapRunSpec } from '../../../../src/asl/engine/protocol.js';
import { jsonText } from '../../../../src/json/lossless.js';
import type { ObjectStore, ObjectSummary } from '../../../../src/local/ports.js';
import { itemSource } from '../../../../src/local/runtime/items/index.js';
import { NO_SUCH_PATH } from '../../../../src/local/runtime/items/json-scanner.js';
import { type Cursor, type Item, ItemReaderError } from '../../../../src/local/runtime/items/source.js';

type ReaderConfig = Partial<NonNullable<MapRunSpec['itemReader']>['readerConfig']>;

/** An object store in memory, whose bodies come in chunks of `chunk` bytes. */
function storeOf(files: Record<string, string | Buffer>, chunk = 7): ObjectStore {
  const summary = (key: string): ObjectSummary => ({
    key,
    size: Buffer.byteLength(files[key] ?? ''),
    etag: 'e',
    lastModified: 1_700_000_000_000,
  });
  async function* bytes(body: Buffer): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += chunk) yield body.subarray(at, at + chunk);
  }
  return {
    bucketExists: (bucket) => bucket === 'b',
    createBucket: async () => {},
    head: (_bucket, key) => (key in files ? summary(key) : undefined),
    read: (_bucket, key, start = 0) =>
      key in files ? bytes(Buffer.from(files[key] ?? '').subarray(start)) : undefined,
    put: async (_bucket, key) => summary(key),
    remove: async () => {},
    list: (_bucket, { prefix = '', startAfter = '', limit = 2 } = {}) =>
      Object.keys(files)
        .sort()
        .filter((key) => key.startsWith(prefix) && key > startAfter)
        .slice(0, limit)
        .map(summary),
  };
}

const specOf = (readerConfig: ReaderConfig, resource = 's3:getObject'): MapRunSpec => ({
  stateName: 'm',
  executionType: 'STANDARD',
  itemProcessor: {},
  itemReader: {
    resource: `arn:aws:states:::${resource}`,
    parameters: { Bucket: 'b', Key: 'k', Prefix: 'data/' },
    readerConfig: { inputType: '', ...readerConfig },
  },
  maxConcurrency: 0,
  toleratedFailureCount: 0,
  toleratedFailurePercentage: 0,
  input: {},
  context: {},
});

async function read(spec: MapRunSpec, store: ObjectStore, from?: Cursor) {
  const items: Item[] = [];
  for await (const page of itemSource(spec, store)(from)) items.push(...page);
  return items;
}
/** As children get them that have no ItemSelector, by their JSON. */
const values = async (...args: Parameters<typeof read>) =>
  (await read(...args)).map((item) => JSON.parse(jsonText(itemInput(item))) as unknown);

/** An item without the form in which it is held. */
const told = ({ value, key, source, cursor }: Item) => ({ value, key, source, cursor });

/** What is read on from each cursor must be what was still to come. */
async function resumes(spec: MapRunSpec, store: ObjectStore): Promise<void> {
  const all = await read(spec, store);
  for (const [index, { cursor }] of all.entries()) {
    // As after a restart: a cursor comes back from its JSON.
    const restored = JSON.parse(JSON.stringify(cursor)) as Cursor;
    const rest = await read(spec, store, restored);
    expect(rest.map(told)).toEqual(all.slice(index + 1).map(told));
  }
}

test('a JSON array is read element by element, however it is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(undefined, 1, '\t'),
      async (array, chunk, space) => {
        const store = storeOf({ k: JSON.stringify(array, null, space) }, chunk);
        const expected = JSON.parse(JSON.stringify(array));
        expect(await values(specOf({ inputType: 'JSON' }), store)).toEqual(expected);
        await resumes(specOf({ inputType: 'JSON' }), store);
      },
    ),
    { numRuns: 60 },
  );
});

test('a pointer leads to an array, or to an object whose members are the items', async () => {
  const key = fc.string({ maxLength: 5 }).filter((name) => name !== '__proto__');
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(key, fc.jsonValue(), { maxKeys: 4 }),
      key,
      key,
      fc.oneof(
        fc.array(fc.jsonValue(), { maxLength: 4 }),
        fc.dictionary(key, fc.jsonValue(), { maxKeys: 4 }),
      ),
      fc.integer({ min: 1, max: 9 }),
      async (noise, first, second, target, chunk) => {
        const document = { ...noise, [first]: [noise, { ...noise, [second]: target }] };
        const token = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
        const store = storeOf({ k: JSON.stringify(document) }, chunk);
        const spec = specOf({ inputType: 'JSON', itemsPointer: `/${token(first)}/1/${token(second)}` });
        const found = JSON.parse(JSON.stringify(target));
        await resumes(spec, store);
        expect(await values(spec, store)).toEqual(
          Array.isArray(found) ? found : Object.entries(found).map(([Key, Value]) => ({ Key, Value })),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  ['{"Hello":"world"}', undefined, 'Attempting to map over non-iterable node.'],
  ['"text"', undefined, 'Attempting to map over non-iterable node.'],
  ['{"a":{"b":1}}', '/a/b', 'Attempting to map over non-iterable node.'],
  ['{"a":[1]}', '/a/0', 'Attempting to map over non-iterable node.'],
  ['{"a":[]}', '/b', NO_SUCH_PATH],
  ['{"a":[1]}', '/a/1', NO_SUCH_PATH],
  ['{"a":[1]}', 'a', NO_SUCH_PATH],
  ['[1, 2', undefined, 'The JSON file ends too early.'],
  ['[1, nope]', undefined, /not valid JSON/],
])('JSON that cannot be gone through: %s at %s', async (text, itemsPointer, message) => {
  const spec = specOf({ inputType: 'JSON', itemsPointer });
  await expect(read(spec, storeOf({ k: text }))).rejects.toThrow(message);
});

test.each([
  ['FIRST_ROW', undefined],
  ['GIVEN', ['a', 'b', 'a']],
])('columns of the same name are refused (%s)', async (csvHeaderLocation, csvHeaders) => {
  const spec = specOf({ inputType: 'CSV', csvHeaderLocation, csvHeaders });
  await expect(read(spec, storeOf({ k: 'a,b,a\n1,2,3\n' }))).rejects.toThrow(
    'CSV headers cannot contain duplicates.',
  );
});

test('a file that is an object is gone through in the order in which it is written', async () => {
  const key = fc.string({ maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(key, fc.jsonValue()), {
        minLength: 2,
        maxLength: 5,
        selector: ([name]) => name,
      }),
      fc.integer({ min: 1, max: 9 }),
      async (members, chunk) => {
        const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)}}`;
        const store = storeOf({ k: text }, chunk);
        const items = await read(specOf({ inputType: 'JSON' }), store);
        expect(items.map(({ key, source }) => [key, source])).toEqual(
          members.map(([name]) => [name, 'S3://b/k']),
        );
        expect(await values(specOf({ inputType: 'JSON' }), store)).toEqual(
          members.map(([Key, Value]) => ({ Key, Value: JSON.parse(JSON.stringify(Value)) })),
        );
        await resumes(specOf({ inputType: 'JSON' }), store);
      },
    ),
    { numRuns: 60 },
  );
  expect(await values(specOf({ inputType: 'JSON' }), storeOf({ k: '{"a":{"x":1}}' }))).toEqual([
    { Key: 'a', Value: { x: 1 } },
  ]);
  expect(await values(specOf({ inputType: 'JSON' }), storeOf({ k: '{}' }))).toEqual([]);
});

test('JSONL: a value a line, blank lines are none', async () => {
  const store = storeOf({ k: '{"名":1}\r\n\n  \n[2]\n"三"' });
  const spec = specOf({ inputType: 'JSONL' });
  expect(await values(spec, store)).toEqual([{ 名: 1 }, [2], '三']);
  await resumes(spec, store);
});

test('compressed files are unpacked, and read on in their midst', async () => {
  const csv = 'id,名\n1,一\n2,二\n3,三\n';
  const store = storeOf({ k: gzipSync(csv) }, 5);
  const spec = specOf({ inputType: 'CSV', csvHeaderLocation: 'FIRST_ROW' });
  expect(await values(spec, store)).toEqual([
    { id: '1', 名: '一' },
    { id: '2', 名: '二' },
    { id: '3', 名: '三' },
  ]);
  await resumes(spec, store);
  const broken = storeOf({ k: gzipSync(csv).subarray(0, 20) });
  await expect(read(spec, broken)).rejects.toThrow(/could not be unpacked/);
});

test('a listing gives an item for each object', async () => {
  const store = storeOf({ 'data/1': 'x', 'data/2': 'yy', 'data/3': 'zzz', other: '' });
  const spec = specOf({}, 's3:listObjectsV2');
  expect(await values(spec, store)).toEqual(
    [1, 2, 3].map((n) => ({
      Etag: '"e"',
      Key: `data/${n}`,
      LastModified: 1_700_000_000,
      Size: n,
      StorageClass: 'STANDARD',
    })),
  );
  await resumes(spec, store);
  const [item] = await read(spec, store);
  expect(jsonText(item)).toContain('"LastModified":1.7E9');
  expect(item?.source).toBe('S3://b');
  const jsonata: MapRunSpec = { ...spec, queryLanguage: 'JSONata' };
  expect(jsonText((await read(jsonata, store))[0])).toContain('"LastModified":1700000000');
});

test('LOAD_AND_FLATTEN reads the listed objects, one after the other', async () => {
  const store = storeOf({ 'data/': '', 'data/1': '[1,2]', 'data/2': '[]', 'data/3': '[3,4]' });
  const spec = specOf({ inputType: 'JSON', transformation: 'LOAD_AND_FLATTEN' }, 's3:listObjectsV2');
  expect(await values(spec, store)).toEqual([1, 2, 3, 4]);
  expect((await read(spec, store)).map(({ source }) => source)).toEqual(
    ['1', '1', '3', '3'].map((name) => `S3://b/data/${name}`),
  );
  await resumes(spec, store);
});

test('an inventory’s manifest leads to its files, with the columns that it tells', async () => {
  const manifest = {
    destinationBucket: 'arn:aws:s3:::b',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size',
    files: [{ key: 'f1', size: 1 }, { key: 'f2' }],
  };
  const store = storeOf({
    k: JSON.stringify(manifest),
    f1: gzipSync('"b","a.txt","1"\n"b","c.txt","2"\n'),
    f2: gzipSync('"b","d.txt","3"\n'),
  });
  for (const spec of [specOf({ inputType: 'MANIFEST' }), specOf({ manifestType: 'S3_INVENTORY' })]) {
    expect(await values(spec, store)).toEqual([
      { Bucket: 'b', Key: 'a.txt', Size: '1' },
      { Bucket: 'b', Key: 'c.txt', Size: '2' },
      { Bucket: 'b', Key: 'd.txt', Size: '3' },
    ]);
    await resumes(spec, store);
  }
});

test('a manifest of Athena names files of the given type', async () => {
  const store = storeOf({ k: 's3://b/f1\ns3://b/f2\n', f1: '{"a":1}\n{"a":2}\n', f2: '{"a":3}\n' });
  const spec = specOf({ inputType: 'JSONL', manifestType: 'ATHENA_DATA' });
  expect(await values(spec, store)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  await resumes(spec, store);
});

const parquet = (codec?: 'SNAPPY' | 'UNCOMPRESSED') =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: [1n, 2n, 9007199254740993n, 4n, 5n], type: 'INT64' },
        { name: 'name', data: ['茶', '', null, 'b', 'c'], type: 'STRING', nullable: true },
        { name: 'at', data: [0, 1, 2, 3, 4].map((n) => new Date(n * 1000)), type: 'TIMESTAMP' },
        { name: 'more', data: [{ a: [1] }, null, [2], 'x', true], type: 'JSON', nullable: true },
      ],
      codec,
      rowGroupSize: 2,
    }),
  );

test('Parquet: an item a row, numbers with all their digits', async () => {
  const store = storeOf({ k: parquet(), u: parquet('UNCOMPRESSED') }, 1000);
  const spec = specOf({ inputType: 'PARQUET' });
  const items = await read(spec, store);
  expect(items.map((item) => jsonText(itemInput(item)))).toEqual([
    '{"id":1,"name":"茶","at":"1970-01-01T00:00:00.000Z","more":{"a":[1]}}',
    '{"id":2,"name":"","at":"1970-01-01T00:00:01.000Z","more":null}',
    '{"id":9007199254740993,"name":null,"at":"1970-01-01T00:00:02.000Z","more":[2]}',
    '{"id":4,"name":"b","at":"1970-01-01T00:00:03.000Z","more":"x"}',
    '{"id":5,"name":"c","at":"1970-01-01T00:00:04.000Z","more":true}',
  ]);
  await resumes(spec, store);
  const flattened = specOf({ inputType: 'PARQUET', transformation: 'LOAD_AND_FLATTEN' }, 's3:listObjectsV2');
  const listed = storeOf({ 'data/1': parquet(), 'data/2': parquet('UNCOMPRESSED') }, 1000);
  expect(await values(flattened, listed)).toHaveLength(10);
});

test.each([
  ['no Parquet', Buffer.from('a,b\n1,2\n'), 'The file is no Parquet file.'],
  ['empty', Buffer.alloc(0), 'The file is no Parquet file.'],
  ['cut', parquet().subarray(100), 'could not be read'],
  ['a footer that is too large', Buffer.from('\x00\x00\x60\x00PAR1', 'latin1'), 'larger than 5 MB'],
])('Parquet that cannot be read: %s', async (_what, body, message) => {
  const reading = read(specOf({ inputType: 'PARQUET' }), storeOf({ k: body }, 1000));
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toBeInstanceOf(ItemReaderError);
});

test('zstd is read on every Node.js', async () => {
  // `id,n\n1,a\n2,b\n`, as `zstd` packs it.
  const packed = Buffer.from('KLUv/QRYaQAAaWQsbgoxLGEKMixiCtuSu90=', 'base64');
  const spec = specOf({ inputType: 'CSV', csvHeaderLocation: 'FIRST_ROW' });
  for (const chunk of [3, 100]) {
    const store = storeOf({ k: packed }, chunk);
    expect(await values(spec, store)).toEqual([
      { id: '1', n: 'a' },
      { id: '2', n: 'b' },
    ]);
  }
  await expect(read(spec, storeOf({ k: packed.subarray(0, 12) }))).rejects.toBeInstanceOf(ItemReaderError);
});

test('a missing object or bucket is told', async () => {
  for (const spec of [
    specOf({ inputType: 'CSV', csvHeaderLocation: 'FIRST_ROW' }),
    specOf({ inputType: 'PARQUET' }),
  ])
    await expect(read(spec, storeOf({}))).rejects.toThrow('The specified key does not exist: s3://b/k');
});
