import type Database from 'libsql';

const cache = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** The prepared statement of `sql`: preparing costs more than most of our statements take to run. */
export function statement(db: Database.Database, sql: string): Database.Statement {
  let statements = cache.get(db);
  if (!statements) {
    statements = new Map();
    cache.set(db, statements);
  }
  let prepared = statements.get(sql);
  if (!prepared) {
    prepared = db.prepare(sql);
    statements.set(sql, prepared);
  }
  return prepared;
}
