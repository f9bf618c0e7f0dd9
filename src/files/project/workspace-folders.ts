import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type Json, parsedJson } from '../../json/json.js';

/** Folders in which nobody's sources are. */
export const SKIPPED = new Set(['node_modules', '.git', 'dist', 'cdk.out', 'coverage']);

/**
 * The packages of a workspace of npm, Yarn, pnpm or Lerna, in the order of its patterns; none where the folder is no
 * workspace's root.
 */
export async function workspaceFolders(root: string, manifest: string): Promise<string[]> {
  const text = (name: string): Promise<string> => readFile(join(root, name), 'utf8').catch(() => '');
  const pnpm = await text('pnpm-workspace.yaml');
  const patterns = [
    ...declared(parsedJson(manifest), 'workspaces'),
    ...declared(parsedJson(await text('lerna.json')), 'packages'),
    ...[...pnpm.matchAll(/^\s*-\s*['"]?([^'"#\n]+?)['"]?\s*$/gm)].map(([, pattern = '']) => pattern),
  ];
  const found = await Promise.all(
    patterns
      .filter((pattern) => !pattern.startsWith('!'))
      .map((pattern) =>
        matching(
          root,
          pattern.split('/').filter((part) => part !== '' && part !== '.'),
        ),
      ),
  );
  const isPackage = (folder: string): boolean => existsSync(join(folder, 'package.json'));
  return [...new Set(found.flat())].filter((folder) => folder !== root && isPackage(folder));
}

/** `["apps/*"]`, or `{ packages: ["apps/*"] }` as Yarn takes it too. */
function declared(file: Json | undefined, member: string): string[] {
  const value = isObject(file) ? file[member] : undefined;
  const list = isObject(value) ? value.packages : value;
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/** Folders that a pattern means: `*` within a name, `**` for any number of names. */
async function matching(folder: string, [part, ...rest]: string[]): Promise<string[]> {
  if (part === undefined) return [folder];
  if (!part.includes('*')) return await matching(join(folder, part), rest);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.'),
  );
  const isMeant = part === '**' ? () => true : nameMatcher(part);
  const within = folders
    .filter(({ name }) => isMeant(name))
    .map(({ name }) => matching(join(folder, name), part === '**' ? [part, ...rest] : rest));
  const here = part === '**' ? await matching(folder, rest) : [];
  return [...here, ...(await Promise.all(within)).flat()];
}

function nameMatcher(part: string): (name: string) => boolean {
  const [first = '', ...others] = part.split('*').map((text) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${[first, ...others].join('.*?')}$`, 's');
  return (name) => pattern.test(name);
}
