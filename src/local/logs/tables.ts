import type Database from 'libsql';
import { statement } from '../store/statements.js';

/** Events lie in the order of their group's time, so that a search is one walk. */
export const logsSchema = `
CREATE TABLE IF NOT EXISTS log_groups (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, retention_days INTEGER,
  tags TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS log_streams (
  id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
  first_event INTEGER, last_event INTEGER, last_ingestion INTEGER, last_id INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0, UNIQUE (group_id, name));
CREATE TABLE IF NOT EXISTS log_events (
  group_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, id INTEGER NOT NULL, stream_id INTEGER NOT NULL,
  ingested INTEGER NOT NULL, message TEXT NOT NULL, PRIMARY KEY (group_id, timestamp, id)) WITHOUT ROWID;
`;

export interface LogGroupRow {
  id: number;
  name: string;
  created: number;
  retention_days: number | null;
  /** JSON object. */
  tags: string;
}

export interface LogStreamRow {
  id: number;
  group_id: number;
  name: string;
  created: number;
  first_event: number | null;
  last_event: number | null;
  last_ingestion: number | null;
  bytes: number;
}

/** Where an event stands in its group. */
export interface Position {
  timestamp: number;
  id: number;
}

export interface LogEventRow extends Position {
  stream_id: number;
  ingested: number;
  message: string;
}

export function groupByName(db: Database.Database, name: string): LogGroupRow | undefined {
  return statement(db, 'SELECT * FROM log_groups WHERE name = ?').get(name) as LogGroupRow | undefined;
}

export function insertGroup(db: Database.Database, name: string, created: number, tags = '{}'): number {
  const sql = 'INSERT INTO log_groups (name, created, tags) VALUES (?, ?, ?)';
  return Number(statement(db, sql).run(name, created, tags).lastInsertRowid);
}

export function streamByName(db: Database.Database, groupId: number, name: string): LogStreamRow | undefined {
  return statement(db, 'SELECT * FROM log_streams WHERE group_id = ? AND name = ?').get(groupId, name) as
    | LogStreamRow
    | undefined;
}

export function insertStream(db: Database.Database, groupId: number, name: string, created: number): void {
  statement(db, 'INSERT INTO log_streams (group_id, name, created) VALUES (?, ?, ?)').run(
    groupId,
    name,
    created,
  );
}

export function deleteGroup(db: Database.Database, id: number): void {
  statement(db, 'DELETE FROM log_events WHERE group_id = ?').run(id);
  statement(db, 'DELETE FROM log_streams WHERE group_id = ?').run(id);
  statement(db, 'DELETE FROM log_groups WHERE id = ?').run(id);
}

export function deleteStream(db: Database.Database, { id, group_id }: LogStreamRow): void {
  statement(db, 'DELETE FROM log_events WHERE group_id = ? AND stream_id = ?').run(group_id, id);
  statement(db, 'DELETE FROM log_streams WHERE id = ?').run(id);
}

export interface EventRange {
  groupId: number;
  streamId?: number;
  /** The first and the last timestamp, both included. */
  from: number;
  to: number;
  /** Events after this place only (before it, when reading backwards). */
  beyond?: Position;
  backwards?: boolean;
}

/** Events of a group in the order of their time, a page at a time. */
export function* eventsIn(db: Database.Database, range: EventRange): Generator<LogEventRow> {
  const { groupId, streamId, backwards = false } = range;
  const page = 500;
  const [order, beyond] = backwards ? ['DESC', '<'] : ['', '>'];
  const sql = `SELECT timestamp, id, stream_id, ingested, message FROM log_events
    WHERE group_id = ? AND timestamp BETWEEN ? AND ? AND (timestamp, id) ${beyond} (?, ?)
    ${streamId === undefined ? '' : 'AND stream_id = ?'}
    ORDER BY timestamp ${order}, id ${order} LIMIT ${page}`;
  let last = range.beyond ?? { timestamp: backwards ? Number.MAX_SAFE_INTEGER : -1, id: 0 };
  for (;;) {
    const from = backwards ? range.from : Math.max(range.from, last.timestamp);
    const to = backwards ? Math.min(range.to, last.timestamp) : range.to;
    const stream = streamId === undefined ? [] : [streamId];
    const rows = statement(db, sql).all(
      groupId,
      from,
      to,
      last.timestamp,
      last.id,
      ...stream,
    ) as LogEventRow[];
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < page) return;
    last = end;
  }
}
