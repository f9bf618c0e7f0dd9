import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { skippedFolders } from './skipped-folders.js';

const TEST = /\.flow\.(ya?ml|json)$/;

/**
 * The test files named, or those in the folders named; under the working directory where none is named.
 * @param entering is told each folder before it is read
 */
export async function flowTestFiles(
  cwd: string,
  paths: readonly string[],
  entering: (folder: string) => void = () => {},
): Promise<string[]> {
  const found = new Set<string>();
  const lookThrough = async (folder: string): Promise<void> => {
    entering(folder);
    // It may have gone meanwhile, or be nobody's to read.
    const entries = await readdir(resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) await lookThrough(path);
      } else if (entry.isFile() && TEST.test(entry.name)) found.add(path);
    }
  };
  for (const path of paths.length > 0 ? paths : ['.']) {
    const stats = await stat(resolve(cwd, path)).catch(() => undefined);
    if (stats?.isDirectory()) await lookThrough(path);
    else found.add(path);
  }
  return [...found];
}
