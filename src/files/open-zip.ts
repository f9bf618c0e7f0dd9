import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
import { exitCodes, FlowError } from '../errors.js';
import type { FileSource } from '../ports/file-source.js';
import { unreadable } from './read-error.js';

/** More files than this in one archive are a mistake, or an attack. */
const mostEntries = 1_000;
/** What a ZIP unpacks to, of which more is a bomb: text of rows shrinks to a tenth, hardly to a hundredth. */
const bombRatio = 200;
const harmlessBytes = 64 << 20;

/**
 * The CSV files in a ZIP of the user's, in the order of their names; each is unpacked as it is read, and never to disk.
 * @throws FlowError 3 where there is no such file; 2 for what is no ZIP, is encrypted, holds an archive or an odd name, or
 * unpacks to far more than it could
 */
export async function openZip(
  cwd: string,
  path: string,
  onClose: (task: () => void) => void,
): Promise<FileSource[]> {
  const file = resolve(cwd, path);
  const stats = await stat(file).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const zip = await openPromise(file, {
    lazyEntries: true,
    autoClose: false,
    validateEntrySizes: true,
    decodeStrings: false,
  }).catch((error: Error) => {
    throw notZip(path, error);
  });
  onClose(() => zip.close());
  const entries = await entriesOf(zip, path);
  refuseBombs(entries, stats.size, path);
  const stamp = async (): Promise<string> => {
    const { size, mtimeMs, ino } = await stat(file);
    return `${size}-${mtimeMs}-${ino}`;
  };
  return entries.map((entry) => sourceOf(zip, entry, path, stamp)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entriesOf(zip: ZipFile, path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      entry.fileName = nameOf(entry);
      if (entries.length >= mostEntries) throw refusal(path, `it contains more than ${mostEntries} files`);
      if (isSystems(entry.fileName)) continue;
      refuseEntry(entry, path, names);
      entries.push(entry);
    }
  } catch (error) {
    if (error instanceof FlowError) throw error;
    throw notZip(path, error as Error);
  }
  if (entries.length === 0) throw refusal(path, 'it contains no CSV file');
  return entries;
}

/**
 * Packers that do not say how names are written: macOS's writes UTF-8, letters apart from their marks; Windows' of Japan
 * the code page 932, in which half of a character may be a backslash. @throws Error for a path that leads out
 */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const asSaid = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  // Code page 437, which is what nothing said means, has a letter for each byte.
  const unsaid = asSaid === getFileNameLowLevel(0, fileNameRaw, [], true);
  const guessed = unsaid ? (decoded(fileNameRaw, 'utf-8') ?? decoded(fileNameRaw, 'shift_jis')) : undefined;
  const name = (guessed ?? asSaid).normalize('NFC');
  const fault = validateFileName(name);
  // Of a backslash `refuseEntry` tells, with the name.
  if (fault !== null && !name.includes('\\')) throw new Error(fault);
  return name;
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** In our words: the library's are those of the format. */
function notZip(path: string, error: Error): FlowError {
  const leads = /^(?:absolute|invalid relative) path: (.*)$/s.exec(error.message);
  const message = /end of central directory/i.test(error.message)
    ? 'the file is not a ZIP file, or it is incomplete'
    : leads
      ? `the ZIP contains a path outside its folder: ${leads[1]}`
      : 'the ZIP file is damaged';
  return new FlowError(exitCodes.usage, 'ZipRefused', message, {
    where: path,
    hint: leads ? 'unpack it and import the CSV files' : 'pack it again, or import its CSV files one by one',
    cause: error,
  });
}

/** Folders, and what macOS puts beside files. */
const isSystems = (name: string): boolean =>
  name.endsWith('/') || /(^|\/)(__MACOSX\/|\._|\.DS_Store$)/.test(name);

function refuseEntry(entry: Entry, path: string, names: Set<string>): void {
  const { fileName } = entry;
  const refuse = (why: string): never => {
    throw refusal(`${path}!/${fileName}`, why);
  };
  if (/[\\\p{Cc}\p{Cf}]/u.test(fileName) || fileName.split('/').some((part) => /^\.*$|^ | $/.test(part)))
    refuse('its name contains characters or path parts that are not allowed');
  if (entry.isEncrypted()) refuse('encrypted files are not supported');
  if (/\.(zip|gz|tgz|tar|7z|rar|bz2|xz)$/i.test(fileName)) refuse('archives inside a ZIP are not supported');
  if (!/\.csv$/i.test(fileName)) refuse('not a CSV file (*.csv)');
  if (!entry.canDecodeFileData()) refuse(`compression method ${entry.compressionMethod} is not supported`);
  const name = baseName(fileName);
  if (names.has(name)) refuse('the ZIP contains another file with the same name');
  names.add(name);
}

/** Entries may lie over each other: together they can't be packed into more than the file has. */
function refuseBombs(entries: Entry[], size: number, path: string): void {
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (packed > size) throw refusal(path, 'its entries overlap, as in a ZIP bomb');
  for (const { fileName, compressedSize, uncompressedSize } of entries) {
    if (uncompressedSize <= harmlessBytes || uncompressedSize <= compressedSize * bombRatio) continue;
    throw refusal(
      `${path}!/${fileName}`,
      `${compressedSize} bytes would unpack to ${uncompressedSize} bytes, as in a ZIP bomb`,
    );
  }
}

const baseName = (fileName: string): string => fileName.slice(fileName.lastIndexOf('/') + 1);

function sourceOf(zip: ZipFile, entry: Entry, path: string, stamp: () => Promise<string>): FileSource {
  const place = `${path}!/${entry.fileName}`;
  return {
    path: place,
    name: baseName(entry.fileName),
    stamp,
    async *read() {
      try {
        yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw refusal(place, `it cannot be unpacked: ${(error as Error).message}`);
      }
    },
  };
}

const refusal = (where: string, message: string): FlowError =>
  new FlowError(exitCodes.usage, 'ZipRefused', message, {
    where,
    hint: 'unpack it and import the CSV files',
  });
