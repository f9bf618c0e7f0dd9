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

const ROWS_AT_ONCE = 64;

/** Inserts rows, many in one statement: a call costs more than a row. @param into `table (column, …)` */
export function insertRows(db: Database.Database, into: string, rows: (string | number)[][]): void {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const marks = some.map((row) => `(${row.map(() => '?').join(',')})`).join(',');
    statement(db, `INSERT INTO ${into} VALUES ${marks}`).run(...some.flat());
  }
}
