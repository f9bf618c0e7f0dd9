import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { ItemReaderError, type ObjectSource } from './source.js';

export interface Place {
  bucket: string;
  key: string;
}

/** Compressed forms that AWS reads, by how their bytes begin. */
const compressions: { magic: number[]; unpack: (body: Bytes) => Bytes }[] = [
  { magic: [0x1f, 0x8b], unpack: (body) => through(body, zlib.createGunzip()) },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], unpack: zstd },
];

type Bytes = AsyncIterable<Uint8Array>;

const through = (body: Bytes, stream: NodeJS.ReadWriteStream): Bytes =>
  Readable.from(body).pipe(stream) as unknown as Bytes;

/** Node's own is newer than the oldest Node that we run on. */
function zstd(body: Bytes): Bytes {
  const create = (zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;
  return create ? through(body, create()) : unpackedZstd(body);
}

async function* unpackedZstd(body: Bytes): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of body) {
    stream.push(Uint8Array.from(chunk));
    yield* ready.splice(0);
  }
  stream.push(new Uint8Array(), true);
  yield* ready;
}

export async function missing(objects: ObjectSource, { bucket, key }: Place): Promise<ItemReaderError> {
  const what = (await objects.bucketExists(bucket)) ? 'key' : 'bucket';
  return new ItemReaderError(`The specified ${what} does not exist: s3://${bucket}/${key}`);
}

/** The object's content from `start` on, unpacked; an offset is always one of the unpacked content. */
export async function* objectBytes(
  objects: ObjectSource,
  place: Place,
  start = 0,
): AsyncGenerator<Uint8Array> {
  const { bucket, key } = place;
  const compression = await compressionOf(objects, place);
  const body = objects.read(bucket, key, compression ? 0 : start);
  if (!body) throw await missing(objects, place);
  if (!compression) {
    yield* body;
    return;
  }
  let skip = start;
  try {
    for await (const chunk of compression.unpack(body)) {
      const rest = chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
      if (rest.length > 0) yield rest;
    }
  } catch (error) {
    throw new ItemReaderError(`s3://${bucket}/${key} could not be unpacked: ${(error as Error).message}`);
  }
}

/** Bytes `[start, end)` of the object as it is stored. */
export async function storedBytes(
  objects: ObjectSource,
  { bucket, key }: Place,
  start: number,
  end: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let left = end - start;
  if (left <= 0) return Buffer.alloc(0);
  for await (const chunk of objects.read(bucket, key, start) ?? []) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks);
}

async function compressionOf(objects: ObjectSource, place: Place) {
  const begin = await storedBytes(objects, place, 0, 4);
  return compressions.find(({ magic }) => magic.every((byte, index) => begin[index] === byte));
}
