import type Database from 'libsql';
import type { Clock } from '../clock.js';
import type { LogEvent } from '../ports.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { groupByName, insertGroup } from './tables.js';

/** An event on its way to those who watch live. */
export interface TailedEvent extends LogEvent {
  group: string;
  stream: string;
  ingested: number;
}

/** Writes log events, for the API as for what the server logs itself. */
export class LogStore {
  private readonly listeners = new Set<(event: TailedEvent) => void>();
  private nextId: number;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.nextId = store.read((db) => {
      const row = statement(db, 'SELECT max(last_id) AS last FROM log_streams').get() as {
        last: number | null;
      };
      return (row.last ?? 0) + 1;
    });
  }

  /** Within a transaction; group and stream are made where they are missing. */
  append(db: Database.Database, group: string, stream: string, events: LogEvent[]): void {
    if (events.length === 0) return;
    const now = this.clock.now();
    const groupId = groupByName(db, group)?.id ?? insertGroup(db, group, now);
    const times = events.map(({ timestamp }) => timestamp);
    const first = this.nextId;
    this.nextId += events.length;
    const { id: streamId } = statement(
      db,
      `INSERT INTO log_streams (group_id, name, created, first_event, last_event, last_ingestion, last_id, bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (group_id, name) DO UPDATE SET
         first_event = min(coalesce(first_event, excluded.first_event), excluded.first_event),
         last_event = max(coalesce(last_event, 0), excluded.last_event),
         last_ingestion = excluded.last_ingestion, last_id = excluded.last_id, bytes = bytes + excluded.bytes
       RETURNING id`,
    ).get(
      groupId,
      stream,
      now,
      times.reduce((a, b) => Math.min(a, b)),
      times.reduce((a, b) => Math.max(a, b)),
      now,
      this.nextId - 1,
      events.reduce((sum, { message }) => sum + message.length + eventOverhead, 0),
    ) as { id: number };
    const insert = statement(
      db,
      'INSERT INTO log_events (group_id, timestamp, id, stream_id, ingested, message) VALUES (?, ?, ?, ?, ?, ?)',
    );
    events.forEach(({ timestamp, message }, index) => {
      insert.run(groupId, timestamp, first + index, streamId, now, message);
      for (const listen of this.listeners) listen({ group, stream, timestamp, message, ingested: now });
    });
  }

  groupExists(name: string): boolean {
    return this.store.read((db) => groupByName(db, name)) !== undefined;
  }

  ensureGroup(name: string): Promise<void> {
    return this.store.write((db) => {
      if (!groupByName(db, name)) insertGroup(db, name, this.clock.now());
    });
  }

  /** As `append`, in a transaction of its own; resolves when it is durable. */
  write(group: string, stream: string, events: LogEvent[]): Promise<void> {
    return this.store.write((db) => this.append(db, group, stream, events));
  }

  /** Calls back with each event from now on; returns a function that ends it. */
  listen(listener: (event: TailedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** What AWS counts for each event beside its message, in bytes. */
export const eventOverhead = 26;
