import type Database from 'libsql';
import type { Store } from '../../store/port.js';
import { statement } from '../../store/statements.js';
import {
  type ExecutionRow,
  executionOf,
  mostAgeOfRedrive,
  mostEventsOfRedrive,
} from '../execution-tables.js';
import type { Amount, MapRunProgress } from './progress.js';
import type { MapRun } from './run.js';

/** Redriving a map run: its children that did not succeed begin again, before the items that have none yet. */

const unsuccessful = "map_run_id = ? AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED')";
const redrivable = `stop_date > ? AND
  (SELECT coalesce(max(last_event), 0) FROM steps WHERE execution_id = executions.id) < ${mostEventsOfRedrive}`;

/**
 * Marks the children that wait for their redrive. Those that are too old or too long keep their failure, and it
 * counts. @returns the run's progress from here
 */
export function beginRedrive(
  db: Database.Database,
  run: MapRun,
  redriveCount: number,
  now: number,
): MapRunProgress {
  statement(
    db,
    "UPDATE map_runs SET status = 'RUNNING', stop_date = NULL, redrive_count = ?, redrive_date = ? WHERE id = ?",
  ).run(redriveCount, now, run.id);
  statement(
    db,
    `UPDATE executions SET status = 'PENDING_REDRIVE' WHERE ${unsuccessful} AND ${redrivable}`,
  ).run(run.id, now - mostAgeOfRedrive);
  const groups = statement(
    db,
    `SELECT status, count(*) AS children, sum(coalesce(item_count, 1)) AS items FROM executions
     WHERE map_run_id = ? GROUP BY status`,
  ).all(run.id) as ({ status: string } & Amount)[];
  const amount = (...statuses: string[]): Amount => {
    const found = groups.filter(({ status }) => statuses.includes(status));
    return {
      children: found.reduce((total, { children }) => total + children, 0),
      items: found.reduce((total, { items }) => total + items, 0),
    };
  };
  const counts = (of: keyof Amount) => ({
    succeeded: amount('SUCCEEDED')[of],
    failed: amount('FAILED')[of],
    timedOut: amount('TIMED_OUT')[of],
    aborted: amount('ABORTED')[of],
  });
  const progress: MapRunProgress = {
    ...run.progress,
    redrive: { count: redriveCount, date: now, children: run.progress.children },
    ended: { children: counts('children'), items: counts('items') },
    pendingRedrive: amount('PENDING_REDRIVE'),
    notRedrivable: amount('FAILED', 'TIMED_OUT', 'ABORTED'),
  };
  statement(db, 'UPDATE map_runs SET progress = ? WHERE id = ?').run(JSON.stringify(progress), run.id);
  return progress;
}

/** Children that wait for their redrive, in the order of their items; each is told once. */
export function* pendingRedrives(store: Store, mapRunId: number): Generator<ExecutionRow> {
  let after = -1;
  for (;;) {
    const [row] = store.read((db) =>
      statement(
        db,
        `SELECT * FROM executions WHERE map_run_id = ? AND map_index > ? AND status = 'PENDING_REDRIVE'
           ORDER BY map_index LIMIT 1`,
      )
        .all(mapRunId, after)
        .map(executionOf),
    );
    if (!row) return;
    yield row;
    after = row.map_index ?? after;
  }
}

/** The map run ends before all were redriven: they are aborted, as what still ran is. */
export function abortPendingRedrives(db: Database.Database, mapRunId: number): void {
  statement(
    db,
    "UPDATE executions SET status = 'ABORTED' WHERE map_run_id = ? AND status = 'PENDING_REDRIVE'",
  ).run(mapRunId);
}
