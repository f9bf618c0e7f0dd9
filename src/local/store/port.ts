import type Database from 'libsql';

/**
 * The server's only durable memory. Writes of one turn of the event loop share one transaction and one fsync
 * (group commit); a write's promise resolves when it is on disk. A unit of work is synchronous, touches the
 * database only, and may be run a second time when another unit of its group failed.
 */
export interface Store {
  /**
   * Waits while another program holds the database: for `patienceMs` (default: 5 seconds, for requests that may be
   * refused), then it rejects with a StoreBusyError and nothing was written.
   */
  write<T>(work: (db: Database.Database) => T, patienceMs?: number): Promise<T>;
  /**
   * Within a unit of work: what the units of one transaction gather under a key, made for the first of them. It is
   * written before the commit, so that a hundred rows are one statement.
   */
  gathered<T>(key: object, make: () => T, write: (db: Database.Database, gathered: T) => void): T;
  /** Sees everything that was committed. */
  read<T>(work: (db: Database.Database) => T): T;
}

/** The disk refused (full, I/O error, damaged file): nothing after this can be promised. */
export class StoreError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
  }
}

/** Another program held the database for too long; the next write may pass. */
export class StoreBusyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StoreBusyError';
  }
}

/** The one error that must end the server: whatever else goes wrong is the fault of what was being done. */
export const isStoreLoss = (error: unknown): boolean => error instanceof StoreError;

/** For writes that memory has run ahead of: they can't be taken back, so they wait until they pass. */
export const UNTIL_WRITTEN = Number.POSITIVE_INFINITY;
