import type Database from 'libsql';
import type { MapRunSpec } from '../../asl/engine/protocol.js';
import type { ObjectStore } from '../ports.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import type { ExecutionRow, MapRunRow } from './execution-tables.js';
import { resultFolder } from './map-runs/results.js';

/** Executions looked at in one transaction: others get their turn between two of them. */
const pageSize = 200;

type Candidate = Pick<ExecutionRow, 'id' | 'status' | 'start_date' | 'stop_date' | 'map_run_id'>;

/**
 * Removes executions that ended before `before` (epoch milliseconds), with their histories, their map runs, and what
 * those wrote. Children stay as long as their map run may still read them.
 */
export async function expireExecutions(store: Store, objects: ObjectStore, before: number): Promise<void> {
  const newest = store.read(
    (db) =>
      statement(
        db,
        'SELECT (SELECT max(id) FROM executions) AS execution, (SELECT max(id) FROM map_runs) AS mapRun',
      ).get() as { execution: number | null; mapRun: number | null },
  );
  // Of those that an earlier sweep kept as the newest.
  await store.write((db) =>
    statement(
      db,
      'DELETE FROM map_runs WHERE stop_date < ? AND id IS NOT ? AND execution_id NOT IN (SELECT id FROM executions)',
    ).run(before, newest.mapRun),
  );
  let after = 0;
  for (;;) {
    // Ids rise with the time of the start, so the first one that is young enough ends the walk.
    const page = store.read(
      (db) =>
        statement(
          db,
          'SELECT id, status, start_date, stop_date, map_run_id FROM executions WHERE id > ? ORDER BY id LIMIT ?',
        ).all(after, pageSize) as Candidate[],
    );
    const old = page.filter(({ start_date: started }) => started < before);
    // The newest one stays: its number must not be given again, as task tokens hold it.
    const ended = old.filter(
      ({ id, stop_date: stopped }) => id !== newest.execution && stopped !== null && stopped < before,
    );
    const folders = await store.write((db) =>
      ended.flatMap((row) => (isReadByMapRun(db, row) ? [] : remove(db, row.id, newest.mapRun))),
    );
    for (const { bucket, prefix } of folders) await empty(objects, bucket, prefix);
    const last = old.at(-1);
    if (!last || old.length < pageSize) return;
    after = last.id;
  }
}

function isReadByMapRun(db: Database.Database, { map_run_id: id }: Candidate): boolean {
  if (id === null) return false;
  const run = statement(db, "SELECT 1 FROM map_runs WHERE id = ? AND status = 'RUNNING'").get(id);
  return run !== undefined;
}

interface Folder {
  bucket: string;
  prefix: string;
}

/** @returns where its map runs wrote their results */
function remove(db: Database.Database, id: number, newestMapRun: number | null): Folder[] {
  const runs = statement(db, 'SELECT * FROM map_runs WHERE execution_id = ?').all(id) as MapRunRow[];
  statement(db, 'DELETE FROM map_runs WHERE execution_id = ? AND id IS NOT ?').run(id, newestMapRun);
  statement(db, 'DELETE FROM steps WHERE execution_id = ?').run(id);
  statement(db, 'DELETE FROM redrives WHERE execution_id = ?').run(id);
  statement(db, 'DELETE FROM executions WHERE id = ?').run(id);
  return runs.flatMap(({ arn, spec }) => {
    const { resultWriter: writer } = JSON.parse(spec) as MapRunSpec;
    return writer?.bucket ? [{ bucket: writer.bucket, prefix: resultFolder(arn, writer) }] : [];
  });
}

async function empty(objects: ObjectStore, bucket: string, prefix: string): Promise<void> {
  for (;;) {
    const keys = objects.list(bucket, { prefix, limit: pageSize }).map(({ key }) => key);
    if (keys.length === 0) return;
    await objects.remove(bucket, keys);
  }
}
