import type { MapRunSpec } from '../../../asl/engine/protocol.js';
import type { Json } from '../../../json/json.js';
import { parseOwn } from '../../../json/lossless.js';
import { objectBytes, type Place } from './object-bytes.js';
import {
  type Item,
  type ItemReader,
  ItemReaderError,
  type ItemSource,
  type ListedObject,
  type ObjectSource,
  parameter,
  sourceOf,
} from './source.js';

const keysPerPage = 1000;

/** What `s3:listObjectsV2` finds, an item each; the cursor is the last key. */
export function listedObjects(
  reader: ItemReader,
  objects: ObjectSource,
  language: MapRunSpec['queryLanguage'],
): ItemSource {
  const source = sourceOf(parameter(reader, 'Bucket'));
  return async function* (from) {
    const startAfter = typeof from === 'string' ? from : undefined;
    for await (const page of listing(reader, objects, startAfter)) {
      yield page.map(
        (object): Item => ({
          value: {
            Etag: `"${object.etag}"`,
            Key: object.key,
            LastModified: secondsOf(object.lastModified, language),
            Size: object.size,
            StorageClass: object.storageClass ?? 'STANDARD',
          },
          source,
          cursor: object.key,
        }),
      );
    }
  };
}

/** Epoch seconds; JSONPath states were measured to get them as Java writes a double, `1.789180622E9`. */
function secondsOf(milliseconds: number, language: MapRunSpec['queryLanguage']): Json {
  const seconds = Math.floor(milliseconds / 1000);
  if (language === 'JSONata') return seconds;
  const digits = String(seconds);
  if (seconds < 1e7) return parseOwn(`${digits}.0`);
  const fraction = digits.slice(1).replace(/0+$/, '') || '0';
  return parseOwn(`${digits[0]}.${fraction}E${digits.length - 1}`);
}

async function* listing(
  reader: ItemReader,
  objects: ObjectSource,
  startAfter: string | undefined,
): AsyncGenerator<ListedObject[]> {
  const bucket = parameter(reader, 'Bucket');
  if (!(await objects.bucketExists(bucket))) throw new ItemReaderError('The specified bucket does not exist');
  const prefix = parameter(reader, 'Prefix');
  let after = startAfter;
  for (;;) {
    const page = await objects.list(bucket, { prefix, startAfter: after, limit: keysPerPage });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.key;
  }
}

type Reading = (place: Place) => ItemSource;

/** `LOAD_AND_FLATTEN`: the items in the objects that `s3:listObjectsV2` finds, one object after the other. */
export function loadedObjects(reader: ItemReader, objects: ObjectSource, reading: Reading): ItemSource {
  const bucket = parameter(reader, 'Bucket');
  return async function* (from) {
    const [current, inner] = Array.isArray(from) ? from : [];
    if (typeof current === 'string') yield* within(reading({ bucket, key: current }), current, inner);
    // A key that ends so is a folder of the console's.
    for await (const page of listing(reader, objects, typeof current === 'string' ? current : undefined))
      for (const { key } of page) if (!key.endsWith('/')) yield* within(reading({ bucket, key }), key);
  };
}

/** The items of the files of a list, in its order. */
export function filesInTurn(files: () => Promise<Place[]>, reading: Reading): ItemSource {
  return async function* (from) {
    const [current, inner] = Array.isArray(from) ? from : [];
    const begin = typeof current === 'number' ? current : 0;
    for (const [index, place] of (await files()).entries()) {
      if (index < begin) continue;
      yield* within(reading(place), index, index === begin ? inner : undefined);
    }
  };
}

async function* within(
  source: ItemSource,
  at: number | string,
  from?: Parameters<ItemSource>[0],
): AsyncGenerator<Item[]> {
  for await (const page of source(from))
    yield page.map(({ value, key, source, cursor }): Item => ({ value, key, source, cursor: [at, cursor] }));
}

/** The whole text of a manifest: those name files, and are small. */
export async function manifestText(objects: ObjectSource, place: Place): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of objectBytes(objects, place)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
