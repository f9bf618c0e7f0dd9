import Database from 'libsql';
import type { Store } from './port.js';

/** The disk refused (full, I/O error, damaged file): nothing after this can be promised. */
export class StoreError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
  }
}

interface Unit {
  work: (db: Database.Database) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export interface OpenStore extends Store {
  /** Commits what is queued, then closes. */
  close(): void;
}

/**
 * Opens (and makes, or migrates) the database `file`.
 * @param schema `CREATE TABLE IF NOT EXISTS …` statements of the rooms that keep tables here, as they are now.
 * @param migrations what the tables of format n (from 1 on) need to become those of format n + 1.
 * @param onFatal called once when the disk fails; every later write is rejected with the same StoreError.
 */
export function openStore(
  file: string,
  schema: string[],
  onFatal: (error: StoreError) => void,
  migrations: string[] = [],
): OpenStore {
  const db = openDatabase(file, schema, migrations);
  let queue: Unit[] = [];
  let scheduled = false;
  let broken: StoreError | undefined;

  const transact = (units: Unit[]): unknown[] => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const results = units.map((unit) => unit.work(db));
      db.exec('COMMIT');
      return results;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  const settle = (units: Unit[]): void => {
    try {
      const results = transact(units);
      units.forEach((unit, index) => {
        unit.resolve(results[index]);
      });
    } catch (error) {
      if (isDiskFailure(error)) {
        fail(error, units);
      } else if (units.length === 1) {
        units[0]?.reject(error);
      } else {
        // One unit's own error must not take its neighbours down: each gets a transaction of its own.
        for (const unit of units) settle([unit]);
      }
    }
  };

  const fail = (error: unknown, units: Unit[]): void => {
    const first = broken === undefined;
    broken ??= new StoreError(diskFailureMessage(file, error), error);
    for (const unit of units) unit.reject(broken);
    if (first) onFatal(broken);
  };

  const flush = (): void => {
    scheduled = false;
    const units = queue;
    queue = [];
    if (units.length === 0) return;
    if (broken) for (const unit of units) unit.reject(broken);
    else settle(units);
  };

  return {
    write<T>(work: (db: Database.Database) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
        if (!scheduled) {
          scheduled = true;
          setImmediate(flush);
        }
      });
    },
    read: (work) => work(db),
    close() {
      flush();
      db.close();
    },
  };
}

function openDatabase(file: string, schema: string[], migrations: string[]): Database.Database {
  const schemaVersion = migrations.length + 1;
  let db: Database.Database;
  try {
    db = new Database(file);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000;');
    const found = Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
    if (found > schemaVersion) {
      db.close();
      throw new StoreError(
        `${file} was written by a newer mbc-flow (format ${found}, this one knows ${schemaVersion}): update mbc-flow, or use another --data-dir`,
        undefined,
      );
    }
    const older = found === 0 ? [] : migrations.slice(found - 1);
    db.exec(`BEGIN; ${[...older, ...schema].join(';\n')}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
    return db;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(diskFailureMessage(file, error), error);
  }
}

const diskFailures = [
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
];

function isDiskFailure(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && diskFailures.some((failure) => code.startsWith(failure));
}

function diskFailureMessage(file: string, error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string };
  if (code.startsWith('SQLITE_FULL')) return `the disk is full: ${file} could not be written`;
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return `the database ${file} is damaged (${message}): move it away, or start with another --data-dir`;
  }
  return `the database ${file} could not be used: ${message}`;
}
