import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CsvCheckOptions } from '../../csv/check.js';
import { exitCodes, FlowError } from '../../errors.js';
import { openSource } from '../../files/open-source.js';
import { openZip } from '../../files/open-zip.js';
import { type CheckedFile, checkFile } from '../../operations/import/check-file.js';
import type { FileSource } from '../../ports/file-source.js';

/** A file that a page sent: kept in a folder of this process until it is one of too many, or the console ends. */
export interface Upload {
  id: string;
  name: string;
  bytes: number;
  /** One, or those of a ZIP. */
  sources(): Promise<FileSource[]>;
  zip: boolean;
}

export interface Uploads {
  /** @throws FlowError 2 where it is too large */
  take(stream: NodeJS.ReadableStream, name: string): Promise<Upload>;
  /** @throws FlowError 3 */
  of(id: string): Upload;
  /** Reads each file once for the same options. */
  check(upload: Upload, options: CsvCheckOptions): Promise<CheckedFile[]>;
  close(): void;
}

const MOST_BYTES = 4 * 2 ** 30;
const KEPT = 16;

export function createUploads(): Uploads {
  const files = new Map<string, Upload>();
  const checked = new Map<string, { options: string; files: Promise<CheckedFile[]> }>();
  let folder: string | undefined;
  const close = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  };
  const closing: (() => void)[] = [];
  /** As `openZip` names them, under the name that people know. */
  const zipSources = async (place: string, id: string, name: string): Promise<FileSource[]> => {
    const all = await openZip(place, id, (task) => closing.push(task));
    return all.map((source) => ({ ...source, path: source.path.replace(id, () => name) }));
  };
  const room = (): string => {
    if (folder === undefined) {
      folder = mkdtempSync(join(tmpdir(), 'mbc-flow-upload-'));
      process.once('exit', close);
    }
    return folder;
  };
  const dropOldest = (place: string): void => {
    for (const id of [...files.keys()].slice(0, Math.max(0, files.size - KEPT + 1))) {
      files.delete(id);
      checked.delete(id);
      rmSync(join(place, id), { force: true });
    }
  };
  return {
    async take(stream, given) {
      const name = nameOf(given);
      const place = room();
      dropOldest(place);
      const id = randomUUID();
      const path = join(place, id);
      try {
        await pipeline(stream, atMost(MOST_BYTES), createWriteStream(path, { mode: 0o600 }));
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
      const { size: bytes } = await stat(path);
      const zip = /\.zip$/i.test(name);
      const sources = async (): Promise<FileSource[]> =>
        zip ? await zipSources(place, id, name) : [{ ...(await openSource(place, id)), path: name, name }];
      const upload = { id, name, bytes, zip, sources };
      files.set(id, upload);
      return upload;
    },
    of(id) {
      const upload = files.get(id);
      if (upload) return upload;
      throw new FlowError(exitCodes.notFound, 'NoSuchUpload', 'this file is not kept any more', {
        hint: 'choose it again',
      });
    },
    async check({ id, sources }, options) {
      const text = JSON.stringify(options);
      const before = checked.get(id);
      if (before?.options === text) return await before.files;
      const files = sources().then((all) => checkEach(all, options));
      checked.set(id, { options: text, files });
      files.catch(() => checked.delete(id));
      return await files;
    },
    close() {
      process.off('exit', close);
      for (const task of closing) task();
      close();
    },
  };
}

async function checkEach(sources: FileSource[], options: CsvCheckOptions): Promise<CheckedFile[]> {
  const files: CheckedFile[] = [];
  for (const source of sources) files.push(await checkFile(source, options));
  return files;
}

/** Without folders, and short enough for a key. @throws FlowError 2 */
function nameOf(given: string): string {
  const name = given.split(/[/\\]/).at(-1)?.slice(-200) ?? '';
  if (name !== '' && name !== '.' && name !== '..' && !/\p{Cc}/u.test(name)) return name;
  throw new FlowError(exitCodes.usage, 'BadRequest', 'this is no name of a file');
}

function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen <= bytes) return done(null, chunk);
      const message = `files of at most ${bytes / 2 ** 30} GiB are taken here`;
      done(
        new FlowError(exitCodes.usage, 'TooLarge', message, { hint: 'mbc-flow import takes larger ones' }),
      );
    },
  });
}
