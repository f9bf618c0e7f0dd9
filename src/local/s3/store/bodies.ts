import { randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packed, unpacked } from '../../store/compression.js';
import { packedFrames, readFrames } from './packed-file.js';

/** Where bytes are: in a file of the bodies' folder, or, when they are few, in the row itself. */
export type Location = ({ file: string; bytes: null } | { file: null; bytes: Buffer }) & {
  /** Bytes that it takes, where it is packed. */
  packed: number | null;
};
/** A stretch of a body: `size` bytes, from `from` on within its location. */
export type Stretch = Location & { from: number; size: number };

/** One row costs less than two fsyncs. */
const inlineLimit = 16 << 10;
const writeBuffer = 256 << 10;
const readBuffer = 64 << 10;

export interface Bodies {
  /** Where few bytes have their place at once; undefined for more. */
  small(bytes: Uint8Array): Location | undefined;
  /** Durable when it resolves; when the source throws nothing is left. `pack`: what is long is packed, too. */
  store(source: AsyncIterable<Uint8Array>, pack?: boolean): Promise<Location>;
  /**
   * Reads stretches one after the other. They stay readable, whatever is discarded meanwhile, until the
   * iteration ends; so it has to be begun or returned.
   */
  read(stretches: Stretch[]): AsyncIterable<Uint8Array>;
  /** Whether the files of these stretches are there, as long as they must be. */
  present(stretches: Stretch[]): boolean;
  /** Deletes files that no row refers to any more; those being read go when their last reader does. */
  discard(files: Iterable<string>): Promise<void>;
  /** Deletes every file that is not among `known`. */
  sweep(known: (file: string) => boolean): Promise<void>;
}

/**
 * Bodies are files with random names: a file without a row is garbage, so nothing needs a second name.
 * @param directory undefined: all are kept in their rows
 * @param passed hears of bytes that went by
 */
export function createBodies(
  directory: string | undefined,
  passed: (bytes: number) => void = () => {},
): Bodies {
  const most = directory === undefined ? Number.POSITIVE_INFINITY : inlineLimit;
  const readers = new Map<string, number>();
  const doomed = new Set<string>();
  const pathOf = (file: string): string => join(directory ?? '', file);
  /** A file that can't be deleted now is swept at the next start. */
  const unlink = (file: string): Promise<void> => rm(pathOf(file), { force: true }).catch(() => {});

  const hold = (file: string): void => {
    readers.set(file, (readers.get(file) ?? 0) + 1);
  };
  const release = (file: string): void => {
    const left = (readers.get(file) ?? 1) - 1;
    if (left > 0) {
      readers.set(file, left);
      return;
    }
    readers.delete(file);
    if (doomed.delete(file)) void unlink(file);
  };

  return {
    small: (bytes) => (bytes.length > most ? undefined : inRow(bytes)),
    async store(source, pack = false) {
      const iterator = source[Symbol.asyncIterator]();
      const head = await readHead(iterator, most);
      if (head.ended || directory === undefined) return inRow(Buffer.concat(head.chunks));
      const file = randomBytes(16).toString('hex');
      try {
        // Opened here and not by a stream: one that fails early would still make the file, after it was unlinked.
        const handle = await open(pathOf(file), 'wx', 0o600).catch(async (error: unknown) => {
          await iterator.return?.();
          throw error;
        });
        const bytes = counted(rest(head.chunks, iterator), passed);
        await pipeline(
          pack ? packedFrames(bytes) : bytes,
          handle.createWriteStream({ highWaterMark: writeBuffer, flush: true }),
        );
        await syncFolder(directory);
        return { file, bytes: null, packed: pack ? (await stat(pathOf(file))).size : null };
      } catch (error) {
        await unlink(file);
        throw error;
      }
    },

    read(stretches) {
      const held = stretches.flatMap(({ file }) => (file === null ? [] : [file]));
      held.forEach(hold);
      const releaseAll = (): void => held.splice(0).forEach(release);
      const bytes = counted(readAll(stretches, pathOf, releaseAll), passed);
      const iterator: AsyncIterableIterator<Uint8Array> = {
        [Symbol.asyncIterator]: () => iterator,
        next: () => bytes.next(),
        return: async () => {
          // A generator that was never begun would skip its own `finally`.
          const result = await bytes.return(undefined);
          releaseAll();
          return result;
        },
      };
      return iterator;
    },

    present(stretches) {
      const needed = new Map<string, number>();
      for (const { file, from, size, packed } of stretches)
        if (file !== null) needed.set(file, Math.max(needed.get(file) ?? 0, packed ?? from + size));
      return [...needed].every(
        ([file, size]) => (statSync(pathOf(file), { throwIfNoEntry: false })?.size ?? -1) >= size,
      );
    },

    async discard(files) {
      for (const file of files) {
        if (readers.has(file)) doomed.add(file);
        else await unlink(file);
      }
    },

    async sweep(known) {
      if (directory === undefined) return;
      for (const file of await readdir(directory)) if (!known(file)) await unlink(file);
    },
  };
}

/** The longest is not packed: each reading of a part of it would unpack it whole. */
function inRow(bytes: Uint8Array): Location {
  const small = bytes.length > inlineLimit ? undefined : packed(bytes);
  return { file: null, bytes: small ?? Buffer.from(bytes), packed: small ? small.length : null };
}

/** The first chunks, up to just past the limit. */
async function readHead(
  iterator: AsyncIterator<Uint8Array>,
  most: number,
): Promise<{ chunks: Uint8Array[]; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= most) {
    const next = await iterator.next();
    if (next.done) return { chunks, ended: true };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { chunks, ended: false };
}

async function* counted(
  bytes: AsyncGenerator<Uint8Array>,
  passed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    yield chunk;
    passed(chunk.length);
  }
}

async function* rest(head: Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head.splice(0);
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* readAll(
  stretches: Stretch[],
  pathOf: (file: string) => string,
  done: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for (const { file, bytes, from, size, packed } of stretches) {
      if (size === 0) continue;
      if (file === null) {
        yield (packed === null ? bytes : unpacked(bytes)).subarray(from, from + size);
        continue;
      }
      if (packed !== null) {
        yield* readFrames(pathOf(file), from, size);
        continue;
      }
      let left = size;
      const options = { start: from, end: from + size - 1, highWaterMark: readBuffer };
      for await (const chunk of createReadStream(pathOf(file), options) as AsyncIterable<Buffer>) {
        left -= chunk.length;
        yield chunk;
      }
      if (left > 0) throw new Error(`the body file ${file} is ${left} bytes too short`);
    }
  } finally {
    done();
  }
}

/** Makes the names in a folder durable. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
