import Database from 'libsql';
import { IN_MEMORY } from '../options.js';
import { ownFile } from './own-files.js';
import { type Store, StoreBusyError, StoreError } from './port.js';

/** How long SQLite itself waits for another program's lock; it blocks the event loop, so it is short. */
const BUSY_TIMEOUT_MS = 20;
/** While another program holds the database, writes are tried again after this long. */
const RETRY_MS = 50;
const REQUEST_PATIENCE_MS = 5_000;
/** Opening may wait longer: nothing else is going on. */
const OPEN_TIMEOUT_MS = 5_000;

/** Of one commit: between two of them new connections are accepted, and requests are read. */
const MOST_UNITS = 256;

// As it was when this was loaded: a test that fakes time in this process fakes its own.
const { setImmediate } = globalThis;

interface Unit {
  work: (db: Database.Database) => unknown;
  /** By `performance.now()`. */
  until: number;
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
 * @param onBusy called when writes begin to wait for another program, and (with its wait in ms) when they go on.
 * @param migrations what the tables of format n (from 1 on) need to become those of format n + 1.
 * @param onFatal called once when the disk fails; every later write is rejected with the same StoreError.
 */
export function openStore(
  file: string,
  schema: string[],
  onFatal: (error: StoreError) => void,
  migrations: string[] = [],
  onBusy: (waitedMs?: number) => void = () => {},
): OpenStore {
  const db = openDatabase(file, schema, migrations);
  let queue: Unit[] = [];
  let scheduled = false;
  let broken: StoreError | undefined;

  /** Of the transaction that is under way. */
  const gathering = new Map<object, { gathered: unknown; write: () => void }>();

  const transact = (units: Unit[]): unknown[] => {
    db.exec('BEGIN IMMEDIATE');
    gathering.clear();
    try {
      const results = units.map((unit) => unit.work(db));
      for (const { write } of gathering.values()) write();
      db.exec('COMMIT');
      return results;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  let busySince: number | undefined;
  let retry: NodeJS.Timeout | undefined;

  /** Another program writes: what may wait goes to the head of the queue again. */
  const postpone = (units: Unit[]): void => {
    if (units.length === 0) return;
    const now = performance.now();
    if (busySince === undefined) onBusy();
    busySince ??= now;
    const waiting = units.filter(({ until }) => until > now);
    for (const unit of units) if (!waiting.includes(unit)) unit.reject(new StoreBusyError(busyMessage(file)));
    queue = [...waiting, ...queue];
    scheduled = true;
    retry = setTimeout(flush, RETRY_MS);
  };

  /** Answers with those that must wait, in their order: another program holds the database. */
  const settle = (units: Unit[]): Unit[] => {
    try {
      const results = transact(units);
      if (busySince !== undefined) onBusy(performance.now() - busySince);
      busySince = undefined;
      units.forEach((unit, index) => {
        unit.resolve(results[index]);
      });
    } catch (error) {
      if (isBusy(error)) return units;
      if (isDiskFailure(error)) {
        fail(error, units);
      } else if (units.length === 1) {
        units[0]?.reject(error);
      } else {
        // One unit's own error must not take its neighbours down: each gets a transaction of its own.
        for (const [index, unit] of units.entries()) if (settle([unit]).length > 0) return units.slice(index);
      }
    }
    return [];
  };

  const fail = (error: unknown, units: Unit[]): void => {
    const first = broken === undefined;
    broken ??= new StoreError(diskFailureMessage(file, error), error);
    for (const unit of units) unit.reject(broken);
    if (first) onFatal(broken);
  };

  const flush = (): void => {
    scheduled = false;
    const units = queue.splice(0, MOST_UNITS);
    if (units.length === 0) return;
    if (broken) for (const unit of units) unit.reject(broken);
    else postpone(settle(units));
    if (queue.length > 0) schedule();
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };

  return {
    write<T>(work: (db: Database.Database) => T, patienceMs = REQUEST_PATIENCE_MS): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const until = performance.now() + patienceMs;
        queue.push({ work, until, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    gathered<T>(key: object, make: () => T, write: (db: Database.Database, gathered: T) => void): T {
      const found = gathering.get(key);
      if (found) return found.gathered as T;
      const gathered = make();
      gathering.set(key, { gathered, write: () => write(db, gathered) });
      return gathered;
    },
    read: (work) => work(db),
    close() {
      const queued = queue.length;
      for (let units = 0; units < queued && busySince === undefined; units += MOST_UNITS) flush();
      clearTimeout(retry);
      const lost = queue;
      queue = [];
      for (const unit of lost) unit.reject(new StoreBusyError(busyMessage(file)));
      // Whoever copies the database file alone has it whole.
      try {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // Somebody reads it: the WAL stays beside it, and nothing is lost.
      }
      db.close();
    },
  };
}

function openDatabase(file: string, schema: string[], migrations: string[]): Database.Database {
  const schemaVersion = migrations.length + 1;
  let db: Database.Database;
  try {
    if (file !== IN_MEMORY) ownFile(file);
    db = new Database(file);
    db.exec(`PRAGMA busy_timeout = ${OPEN_TIMEOUT_MS}`);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000;');
    // Pages that many commits change are copied back once: 16 MB of log instead of 4.
    db.exec('PRAGMA wal_autocheckpoint = 4000');
    const found = Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
    if (found > schemaVersion) {
      db.close();
      throw new StoreError(
        `${file} was written by a newer mbc-flow (format ${found}; this version supports up to ${schemaVersion}): update mbc-flow, or use another --data-dir`,
        undefined,
      );
    }
    const older = found === 0 ? [] : migrations.slice(found - 1);
    db.exec(`BEGIN; ${[...older, ...schema].join(';\n')}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
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

function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(code);
}

const busyMessage = (file: string): string =>
  `the database ${file} is locked by another program: end its transaction and try again`;

function diskFailureMessage(file: string, error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string };
  if (isBusy(error)) return busyMessage(file);
  if (code.startsWith('SQLITE_FULL')) return `the disk is full: ${file} cannot be written`;
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return `the database ${file} is damaged (${message}): move it away, or use another --data-dir`;
  }
  return `the database ${file} cannot be used: ${message}`;
}
