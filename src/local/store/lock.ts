import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { DataDirectoryHeldError } from '../errors.js';
import { makeDirectory, ownFile } from './own-files.js';

export interface Registration {
  pid: number;
  endpoint?: string;
  startedAt?: string;
}

export interface DataDirectoryLock {
  /** Tells other processes where this one answers. */
  register(registration: Registration): void;
  release(): void;
}

/**
 * Takes the data directory for this process. The lock is a SQLite lock on a file of its own, so the operating
 * system frees it however the process ends, and no stale pid file can block the next one.
 * @throws DataDirectoryHeldError when another process has it.
 */
export function lockDataDirectory(dataDir: string): DataDirectoryLock {
  makeDirectory(dataDir);
  const ignore = join(dataDir, '.gitignore');
  writeFileSync(ignore, '*\n');
  const lock = join(dataDir, 'lock');
  // SQLite would open a file that it can't write for reading, and lock nothing.
  ownFile(lock);
  const db = new Database(lock);
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw error;
    throw new DataDirectoryHeldError(dataDir, readRegistration(dataDir));
  }
  const file = registrationFile(dataDir);
  rmSync(file, { force: true });
  return {
    register(registration) {
      const temporary = `${file}.new`;
      writeFileSync(temporary, JSON.stringify(registration), { mode: 0o600 });
      renameSync(temporary, file);
    },
    release() {
      rmSync(file, { force: true });
      db.close();
    },
  };
}

const registrationFile = (dataDir: string): string => join(dataDir, 'server.json');

export function readRegistration(dataDir: string): Registration | undefined {
  try {
    return JSON.parse(readFileSync(registrationFile(dataDir), 'utf8')) as Registration;
  } catch {
    return undefined;
  }
}
