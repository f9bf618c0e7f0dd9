import type Database from 'libsql';
import { statement } from './statements.js';

export function savedSetting(db: Database.Database, name: string): string | undefined {
  const found = statement(db, 'SELECT value FROM settings WHERE name = ?').get(name) as
    | { value: string }
    | undefined;
  return found?.value;
}

/** The setting of that name, made where there is none. */
export function setting(db: Database.Database, name: string, make: () => string): string {
  const found = savedSetting(db, name);
  if (found !== undefined) return found;
  const value = make();
  saveSetting(db, name, value);
  return value;
}

export function saveSetting(db: Database.Database, name: string, value: string): void {
  statement(db, 'INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value);
}
