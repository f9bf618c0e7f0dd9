import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileSource } from '../ports/file-source.js';
import { unreadable } from './read-error.js';

const chunkBytes = 256 * 1024;

/** Opens a file of the user's. @throws FlowError 3 when it is not there, 2 when it can't be read as a file */
export async function openSource(cwd: string, path: string): Promise<FileSource> {
  const file = resolve(cwd, path);
  const refuse = (error: unknown): never => {
    throw unreadable(path, error);
  };
  const stats = await stat(file).catch(refuse);
  if (stats.isDirectory()) refuse(new Error('the path is a directory'));
  return {
    path,
    name: basename(file),
    async stamp() {
      const { size, mtimeMs, ino } = await stat(file).catch(refuse);
      return `${size}-${mtimeMs}-${ino}`;
    },
    async *read() {
      try {
        yield* readInTurn(file);
      } catch (error) {
        refuse(error);
      }
    },
  };
}

/** Two buffers in turn, however long the file is: one is filled while the other is looked at. */
async function* readInTurn(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    let [next, other] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
    for (let read = file.read(next); ; ) {
      const { bytesRead, buffer } = await read;
      if (bytesRead === 0) return;
      [next, other] = [other, next];
      read = file.read(next);
      // Whoever stops reading never hears of it.
      read.catch(() => {});
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** A stream that can be read only once, as a file that is read only once. */
export function streamSource(stream: AsyncIterable<string | Uint8Array>, name: string): FileSource {
  return {
    path: '-',
    name,
    stamp: async () => '',
    async *read() {
      for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    },
  };
}

/** A stream as a file that can be read more than once, until `onClose` is called. */
export async function spooledSource(
  stream: NodeJS.ReadableStream,
  name: string,
  onClose: (task: () => void) => void,
): Promise<FileSource> {
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-stdin-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  onClose(forget);
  // Where the command does not end in time.
  process.once('exit', forget);
  await pipeline(stream, createWriteStream(join(folder, name), { mode: 0o600 }));
  return { ...(await openSource(folder, name)), path: '-' };
}
