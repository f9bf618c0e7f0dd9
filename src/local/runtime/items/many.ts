import type { ObjectStore, ObjectSummary } from '../../ports.js';
import { objectBytes, type Place } from './object-bytes.js';
import { type Item, type ItemReader, ItemReaderError, type ItemSource, parameter } from './source.js';

const keysPerPage = 1000;

/** What `s3:listObjectsV2` finds, an item each; the cursor is the last key. */
export function listedObjects(reader: ItemReader, objects: ObjectStore): ItemSource {
  return async function* (from) {
    const startAfter = typeof from === 'string' ? from : undefined;
    for (const page of listing(reader, objects, startAfter)) {
      yield page.map(
        (object): Item => ({
          value: {
            Etag: `"${object.etag}"`,
            Key: object.key,
            LastModified: Math.floor(object.lastModified / 1000),
            Size: object.size,
            StorageClass: 'STANDARD',
          },
          cursor: object.key,
        }),
      );
    }
  };
}

function* listing(
  reader: ItemReader,
  objects: ObjectStore,
  startAfter: string | undefined,
): Generator<ObjectSummary[]> {
  const bucket = parameter(reader, 'Bucket');
  if (!objects.bucketExists(bucket)) throw new ItemReaderError('The specified bucket does not exist');
  const prefix = parameter(reader, 'Prefix');
  let after = startAfter;
  for (;;) {
    const page = objects.list(bucket, { prefix, startAfter: after, limit: keysPerPage });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.key;
  }
}

type SourceOf = (place: Place) => ItemSource;

/** `LOAD_AND_FLATTEN`: the items in the objects that `s3:listObjectsV2` finds, one object after the other. */
export function loadedObjects(reader: ItemReader, objects: ObjectStore, sourceOf: SourceOf): ItemSource {
  const bucket = parameter(reader, 'Bucket');
  return async function* (from) {
    const [current, inner] = Array.isArray(from) ? from : [];
    if (typeof current === 'string') yield* within(sourceOf({ bucket, key: current }), current, inner);
    // A key that ends so is a folder of the console's.
    for (const page of listing(reader, objects, typeof current === 'string' ? current : undefined))
      for (const { key } of page) if (!key.endsWith('/')) yield* within(sourceOf({ bucket, key }), key);
  };
}

/** The items of the files of a list, in its order. */
export function filesInTurn(files: () => Promise<Place[]>, sourceOf: SourceOf): ItemSource {
  return async function* (from) {
    const [current, inner] = Array.isArray(from) ? from : [];
    const begin = typeof current === 'number' ? current : 0;
    for (const [index, place] of (await files()).entries()) {
      if (index < begin) continue;
      yield* within(sourceOf(place), index, index === begin ? inner : undefined);
    }
  };
}

async function* within(
  source: ItemSource,
  at: number | string,
  from?: Parameters<ItemSource>[0],
): AsyncGenerator<Item[]> {
  for await (const page of source(from))
    yield page.map(({ value, cursor }): Item => ({ value, cursor: [at, cursor] }));
}

/** The whole text of a manifest: those name files, and are small. */
export async function manifestText(objects: ObjectStore, place: Place): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of objectBytes(objects, place)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
