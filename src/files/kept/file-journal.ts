import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '../../ports/journal.js';
import { writePrivateFile } from '../whole-file.js';

/**
 * The journal of a place as files in the user's cache directory, each of which is whole or not there at all.
 * @param kind what is noted down: a folder of its own
 * @param onLost is called with the reason when something could not be saved; the work itself continues
 */
export function fileJournal<Entry>(
  kind: string,
  place: string,
  cacheDir: string,
  onLost: (error: Error) => void,
): Journal<Entry> {
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const folder = join(cacheDir, 'mbc-flow', kind, digest);
  // One after the other, so that the last word is the last.
  let last: Promise<void> = Promise.resolve();
  const fileOf = (name: string): string => join(folder, `${name}.json`);
  return {
    async read(name) {
      // If the file is missing or damaged, AWS is asked.
      const text = await readFile(fileOf(name), 'utf8').catch(() => '');
      try {
        return JSON.parse(text) as Entry;
      } catch {
        return undefined;
      }
    },
    write(name, entry) {
      const written = last.then(() => writePrivateFile(fileOf(name), `${JSON.stringify(entry)}\n`));
      last = written.catch(onLost);
      return last;
    },
    async names() {
      const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'));
      const times = await Promise.all(
        files.map(async (file) => ({ file, at: (await stat(join(folder, file))).mtimeMs })),
      );
      return times.sort((a, b) => b.at - a.at).map(({ file }) => file.slice(0, -'.json'.length));
    },
  };
}
