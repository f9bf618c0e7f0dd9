import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { ObjectStore } from '../../ports.js';
import { ItemReaderError } from './source.js';

export interface Place {
  bucket: string;
  key: string;
}

/** Compressed forms that AWS reads, by how their bytes begin. */
const compressions: { magic: number[]; unpack: () => NodeJS.ReadWriteStream }[] = [
  { magic: [0x1f, 0x8b], unpack: () => zlib.createGunzip() },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], unpack: zstd },
];

/** Newer than the oldest Node that we run on. */
function zstd(): NodeJS.ReadWriteStream {
  const create = (zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;
  if (!create)
    throw new ItemReaderError('mbc-flow reads zstd from Node.js 22.15 on: compress the file with gzip');
  return create();
}

/** The object's content from `start` on, unpacked; an offset is always one of the unpacked content. */
export async function* objectBytes(
  objects: ObjectStore,
  place: Place,
  start = 0,
): AsyncGenerator<Uint8Array> {
  const { bucket, key } = place;
  const missing = (): ItemReaderError =>
    new ItemReaderError(
      `The specified ${objects.bucketExists(bucket) ? 'key' : 'bucket'} does not exist: s3://${bucket}/${key}`,
    );
  const compression = await compressionOf(objects, place);
  const body = objects.read(bucket, key, compression ? 0 : start);
  if (!body) throw missing();
  if (!compression) {
    yield* body;
    return;
  }
  let skip = start;
  const unpacked = Readable.from(body).pipe(compression.unpack()) as AsyncIterable<Buffer> &
    NodeJS.EventEmitter;
  try {
    for await (const chunk of unpacked) {
      const rest = chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
      if (rest.length > 0) yield rest;
    }
  } catch (error) {
    throw new ItemReaderError(`s3://${bucket}/${key} could not be unpacked: ${(error as Error).message}`);
  }
}

async function compressionOf(objects: ObjectStore, { bucket, key }: Place) {
  const body = objects.read(bucket, key);
  if (!body) return undefined;
  for await (const chunk of body) {
    return compressions.find(({ magic }) => magic.every((byte, index) => chunk[index] === byte));
  }
  return undefined;
}
