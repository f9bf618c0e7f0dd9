import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { skippedFolders } from './skipped-folders.js';

const TEST = /\.flow\.(ya?ml|json)$/;

/** The test files named, or those in the folders named; under the working directory where none is named. */
export async function flowTestFiles(cwd: string, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths.length > 0 ? paths : ['.']) {
    const stats = await stat(resolve(cwd, path)).catch(() => undefined);
    if (stats?.isDirectory()) found.push(...(await within(cwd, path)));
    else found.push(path);
  }
  return [...new Set(found)];
}

async function within(cwd: string, folder: string): Promise<string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) found.push(...(await within(cwd, path)));
    } else if (entry.isFile() && TEST.test(entry.name)) found.push(path);
  }
  return found;
}
