import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../whole-file.js';

/** What a shell may offer: names of these were shown last. */
export type NameKind = 'machines' | 'executions' | 'requests' | 'batches' | 'jobs';

export interface NameCache {
  /** `at`: epoch milliseconds. Undefined where nothing is known. */
  load(kind: NameKind, target?: string): Promise<{ names: string[]; at: number } | undefined>;
  /** Never fails: a cache that can't be written only saves nothing. */
  save(kind: NameKind, names: readonly string[], target?: string): Promise<void>;
}

const MOST = 200;

/** In the user's cache directory. `place`: distinguishes where commands work, by the name of the target. */
export function nameCache(
  place: (target: string | undefined) => string,
  cacheDir: string,
  now: () => number,
): NameCache {
  const fileOf = (kind: NameKind, target: string | undefined): string => {
    const digest = createHash('sha256').update(place(target)).digest('hex').slice(0, 24);
    return join(cacheDir, 'mbc-flow', 'names', `${digest}-${kind}.json`);
  };
  return {
    async load(kind, target) {
      try {
        const { names, at } = JSON.parse(await readFile(fileOf(kind, target), 'utf8'));
        return Array.isArray(names) &&
          names.every((name) => typeof name === 'string') &&
          typeof at === 'number'
          ? { names, at }
          : undefined;
      } catch {
        return undefined;
      }
    },
    async save(kind, names, target) {
      const some = [...new Set(names)].slice(0, MOST);
      await writePrivateFile(fileOf(kind, target), JSON.stringify({ names: some, at: now() })).catch(
        () => {},
      );
    },
  };
}
