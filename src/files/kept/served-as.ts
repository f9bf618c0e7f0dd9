import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** How `mbc-flow dev` ran the server of a data directory. Its paths start from `cwd`. */
export interface ServedAs {
  cwd: string;
  port?: number;
  s3Port?: number;
  functions?: Record<string, string>;
  lambdaEndpoint?: string;
  serviceEndpoints?: Record<string, string>;
  mocks?: string;
  template?: string;
  eventSources?: boolean;
  timeScale?: number;
  throttle?: boolean;
  /** Variables of its process, where the app finds what it uses. */
  environment: Record<string, string>;
}

const fileIn = (dataDir: string): string => join(dataDir, 'dev.json');

/** Kept in the data directory, and relative to it: a project may be moved. */
export function rememberServed(dataDir: string, served: ServedAs): void {
  const temporary = `${fileIn(dataDir)}.new`;
  const kept = { ...served, cwd: relative(resolve(dataDir), served.cwd) || '.' };
  writeFileSync(temporary, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  renameSync(temporary, fileIn(dataDir));
}

/** Undefined where `dev` never ran. A file that is damaged remembers nothing. */
export function lastServed(dataDir: string): ServedAs | undefined {
  try {
    const served = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as ServedAs;
    return { ...served, cwd: resolve(dataDir, served.cwd) };
  } catch {
    return undefined;
  }
}
