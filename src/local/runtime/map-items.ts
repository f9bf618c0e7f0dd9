import type { MapRunSpec } from '../../asl/execution.js';
import { StateError } from '../../asl/expression.js';
import { isObject, type Json } from '../../asl/json.js';
import { type Batcher, createBatcher, type Evaluate, itemSelector } from '../../asl/map-item.js';
import { CsvError, CsvItemReader, type CsvReaderOptions } from '../../csv/item-reader.js';
import type { ObjectStore } from '../ports.js';

/** Reading the items failed: the map run ends with `States.ItemReaderFailed`. */
class ItemReaderError extends Error {}

/** What reading or selecting items may fail with; anything else is a fault of ours, and thrown on. */
export function itemFailure(error: unknown): { error: string; cause: string } {
  if (error instanceof StateError) return { error: error.error, cause: error.message };
  if (error instanceof ItemReaderError || error instanceof CsvError) {
    return { error: 'States.ItemReaderFailed', cause: error.message };
  }
  throw error;
}

/** The input of one child, and where reading goes on after it. */
export interface ChildInput {
  /** JSON text. */
  input: string;
  itemCount: number;
  /** Items: byte offset in the object, or index in the inline array. */
  cursor: number;
  /** Columns, once a CSV's first record told them. */
  headers?: string[];
}

export interface ReadFrom {
  cursor: number;
  /** Items read before. */
  items: number;
  headers?: string[];
}

interface Item {
  value: Json;
  cursor: number;
  headers?: string[];
}

/** Child inputs from where a map run stands, lazily: nothing is read before it is asked for. */
export async function* childInputs(
  spec: MapRunSpec,
  objects: ObjectStore,
  from: ReadFrom,
  evaluate: Evaluate,
): AsyncGenerator<ChildInput> {
  const select = itemSelector(spec, evaluate);
  const batcher = createBatcher(spec);
  let index = from.items;
  let last: Item | undefined;
  for await (const page of items(spec, objects, from)) {
    for (const item of page) {
      const selected = select(index, item.value);
      // Waiting for what is there already would cost each row a turn of the event loop.
      const text = JSON.stringify(selected instanceof Promise ? await selected : selected);
      index++;
      if (!batcher) {
        yield { input: text, itemCount: 1, cursor: item.cursor, headers: item.headers };
        continue;
      }
      if (batcher.add(text) === 'full') {
        if (last) yield batch(batcher, last);
        batcher.add(text);
      }
      last = item;
    }
  }
  if (batcher && last) yield batch(batcher, last);
}

function batch(batcher: Batcher, last: Item): ChildInput {
  const itemCount = batcher.count;
  return { input: batcher.take(), itemCount, cursor: last.cursor, headers: last.headers };
}

async function* items(spec: MapRunSpec, objects: ObjectStore, from: ReadFrom): AsyncGenerator<Item[]> {
  const max = spec.itemReader?.readerConfig.maxItems ?? 0;
  let left = max > 0 ? max - from.items : Number.POSITIVE_INFINITY;
  const pages = spec.itemReader
    ? csvPages(spec.itemReader, objects, from)
    : inlinePages(spec.items ?? [], from);
  for await (const page of pages) {
    const wanted = page.length <= left ? page : page.slice(0, left);
    left -= wanted.length;
    yield wanted;
    if (left <= 0) return;
  }
}

function* inlinePages(values: Json[], from: ReadFrom): Generator<Item[]> {
  yield values.slice(from.cursor).map((value, index) => ({ value, cursor: from.cursor + index + 1 }));
}

const delimiters = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

type ItemReader = NonNullable<MapRunSpec['itemReader']>;

export const csvDelimiter = ({ readerConfig }: ItemReader): CsvReaderOptions['delimiter'] =>
  delimiters[(readerConfig.csvDelimiter ?? 'COMMA') as keyof typeof delimiters];

/** Bytes of the object that a reader names, from `start`; undefined when there is none. */
export function csvObject(
  reader: ItemReader,
  objects: ObjectStore,
  start = 0,
): AsyncIterable<Uint8Array> | undefined {
  const { Bucket, Key } = placeOf(reader);
  return objects.read(Bucket, Key, start);
}

function placeOf({ parameters }: ItemReader): { Bucket: string; Key: string } {
  const { Bucket, Key } = isObject(parameters) ? parameters : {};
  return { Bucket: String(Bucket), Key: String(Key) };
}

async function* csvPages(reader: ItemReader, objects: ObjectStore, from: ReadFrom): AsyncGenerator<Item[]> {
  const { readerConfig: config } = reader;
  if (!reader.resource.endsWith(':s3:getObject') || config.inputType !== 'CSV') {
    throw new ItemReaderError(`mbc-flow does not read ${config.inputType} items of ${reader.resource} yet`);
  }
  const body = csvObject(reader, objects, from.cursor);
  if (!body) {
    const { Bucket: bucket, Key: key } = placeOf(reader);
    throw new ItemReaderError(
      `The specified ${objects.bucketExists(bucket) ? 'key' : 'bucket'} does not exist: s3://${bucket}/${key}`,
    );
  }
  const given = config.csvHeaderLocation === 'GIVEN' ? (config.csvHeaders ?? []) : undefined;
  const csv = new CsvItemReader({
    delimiter: csvDelimiter(reader),
    headers: given ?? from.headers,
    offset: from.cursor,
  });
  const page = (rows: ReturnType<CsvItemReader['push']>): Item[] =>
    rows.map(({ item, offset }) => ({
      value: item,
      cursor: offset,
      headers: given ? undefined : csv.headers,
    }));
  let any = from.items > 0;
  for await (const chunk of body) {
    const rows = page(csv.push(chunk));
    any ||= rows.length > 0;
    if (rows.length > 0) yield rows;
  }
  const last = page(csv.end());
  if (last.length > 0) yield last;
  else if (!any && !given) throw new ItemReaderError('The CSV file contains only CSV headers or is empty.');
}
