import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportJournal, JournalEntry } from './operations/import-journal.js';

/** The journal of a place as files in the user's cache directory, each of which is whole or not there at all. */
export function importJournal(place: string, cacheDir: string): ImportJournal {
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const folder = join(cacheDir, 'mbc-flow', 'imports', digest);
  // One after the other, so that the last word is the last.
  let last: Promise<void> = Promise.resolve();
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  return {
    async read(name) {
      // A file that is not there or is damaged tells nothing: then S3 and Step Functions are asked.
      const text = await readFile(fileOf(name), 'utf8').catch(() => '');
      try {
        return JSON.parse(text) as JournalEntry;
      } catch {
        return undefined;
      }
    },
    write(name, entry) {
      const written = last.then(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const temporary = `${fileOf(name)}.${process.pid}`;
        await writeFile(temporary, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
        await rename(temporary, fileOf(name));
      });
      last = written.catch(() => {});
      return written;
    },
  };
}
