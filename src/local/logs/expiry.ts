import type Database from 'libsql';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { oldestKept } from './request.js';
import type { LogGroupRow, Position } from './tables.js';

/** Events removed in one transaction. */
const pageSize = 2000;

/** Removes events that are past their group's retention, or older than `before`; and streams that are all past. */
export async function expireLogs(store: Store, now: number, before: number): Promise<void> {
  const groups = store.read((db) => statement(db, 'SELECT * FROM log_groups').all() as LogGroupRow[]);
  for (const group of groups) {
    const limit = Math.max(before, oldestKept(group, now));
    if (limit <= 0) continue;
    while (await store.write((db) => removeSome(db, group.id, limit)));
    await store.write((db) =>
      statement(db, 'DELETE FROM log_streams WHERE group_id = ? AND last_event < ? AND created < ?').run(
        group.id,
        limit,
        limit,
      ),
    );
  }
}

/** @returns whether there may be more */
function removeSome(db: Database.Database, groupId: number, before: number): boolean {
  const end = statement(
    db,
    `SELECT timestamp, id FROM log_events WHERE group_id = ? AND timestamp < ?
     ORDER BY timestamp, id LIMIT 1 OFFSET ?`,
  ).get(groupId, before, pageSize) as Position | undefined;
  if (end) {
    statement(db, 'DELETE FROM log_events WHERE group_id = ? AND (timestamp, id) < (?, ?)').run(
      groupId,
      end.timestamp,
      end.id,
    );
  } else {
    statement(db, 'DELETE FROM log_events WHERE group_id = ? AND timestamp < ?').run(groupId, before);
  }
  return end !== undefined;
}
