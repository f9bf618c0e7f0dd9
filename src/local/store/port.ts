import type Database from 'libsql';

/**
 * The server's only durable memory. Writes of one turn of the event loop share one transaction and one fsync
 * (group commit); a write's promise resolves when it is on disk. A unit of work is synchronous, touches the
 * database only, and may be run a second time when another unit of its group failed.
 */
export interface Store {
  write<T>(work: (db: Database.Database) => T): Promise<T>;
  /** Sees everything that was committed. */
  read<T>(work: (db: Database.Database) => T): T;
}
