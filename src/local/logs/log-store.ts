import type Database from 'libsql';
import type { Clock } from '../clock.js';
import type { LogEvent } from '../ports.js';
import type { Store } from '../store/port.js';
import { insertRows, statement } from '../store/statements.js';
import { groupByName, insertGroup, streamByName } from './tables.js';

/** An event on its way to those who watch live. */
export interface TailedEvent extends LogEvent {
  group: string;
  stream: string;
  ingested: number;
}

type Line = Omit<TailedEvent, 'ingested'>;

/** Lines of one transaction, and the streams that are made in it for their first line alone. */
interface Gathered {
  lines: Line[];
  once: Set<string>;
}

/** What one transaction adds to a stream. */
interface StreamNews {
  group: string;
  stream: string;
  first: number;
  last: number;
  lastId: number;
  bytes: number;
}

/** Writes log events, for the API as for what the server logs itself. */
export class LogStore {
  private readonly listeners = new Set<(event: TailedEvent) => void>();
  /** Streams that were seen to be there. */
  private readonly known = new Set<string>();
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

  /** Within a transaction, before whose end it is written; group and stream are made where they are missing. */
  append(group: string, stream: string, events: LogEvent[]): void {
    if (events.length === 0) return;
    const { lines } = this.gathered();
    for (const { timestamp, message } of events) lines.push({ group, stream, timestamp, message });
  }

  /** As `append`, where the stream is not there yet. */
  appendOnce(db: Database.Database, group: string, stream: string, event: LogEvent): void {
    const name = nameOf(group, stream);
    const { once } = this.gathered();
    if (this.known.has(name) || once.has(name)) return;
    const found = groupByName(db, group);
    if (found && streamByName(db, found.id, stream)) {
      this.known.add(name);
      return;
    }
    once.add(name);
    this.append(group, stream, [event]);
  }

  /** Writes what this transaction has appended so far, for who changes groups or streams. */
  flush(db: Database.Database): void {
    this.known.clear();
    this.writeOut(db, this.gathered());
  }

  private gathered(): Gathered {
    return this.store.gathered(
      this,
      () => ({ lines: [], once: new Set<string>() }),
      (db, gathered: Gathered) => this.writeOut(db, gathered),
    );
  }

  private writeOut(db: Database.Database, { lines: gathered, once }: Gathered): void {
    const lines = gathered.splice(0);
    once.clear();
    if (lines.length === 0) return;
    const ingested = this.clock.now();
    const first = this.nextId;
    this.nextId += lines.length;
    const streams = new Map<string, StreamNews>();
    lines.forEach((line, index) => {
      const name = nameOf(line.group, line.stream);
      const news = streams.get(name) ?? streamNews(line);
      streams.set(name, news);
      count(news, line, first + index);
    });
    const ids = new Map([...streams].map(([name, news]) => [name, noteStream(db, news, ingested)]));
    const rows = lines.map(({ group, stream, timestamp, message }, index) => {
      const { groupId = 0, id = 0 } = ids.get(nameOf(group, stream)) ?? {};
      return [groupId, timestamp, first + index, id, ingested, message];
    });
    insertRows(db, 'log_events (group_id, timestamp, id, stream_id, ingested, message)', rows);
    for (const listen of this.listeners) for (const line of lines) listen({ ...line, ingested });
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
    return this.store.write(() => this.append(group, stream, events));
  }

  /** Calls back with each event from now on; returns a function that ends it. */
  listen(listener: (event: TailedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** No name has a line break in it. */
const nameOf = (group: string, stream: string): string => `${group}\n${stream}`;

const streamNews = ({ group, stream, timestamp }: Line): StreamNews => ({
  group,
  stream,
  first: timestamp,
  last: timestamp,
  lastId: 0,
  bytes: 0,
});

function count(news: StreamNews, { timestamp, message }: Line, id: number): void {
  news.first = Math.min(news.first, timestamp);
  news.last = Math.max(news.last, timestamp);
  news.lastId = id;
  news.bytes += message.length + eventOverhead;
}

function noteStream(
  db: Database.Database,
  { group, stream, first, last, lastId, bytes }: StreamNews,
  now: number,
): { groupId: number; id: number } {
  const groupId = groupByName(db, group)?.id ?? insertGroup(db, group, now);
  const { id } = statement(
    db,
    `INSERT INTO log_streams (group_id, name, created, first_event, last_event, last_ingestion, last_id, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (group_id, name) DO UPDATE SET
       first_event = min(coalesce(first_event, excluded.first_event), excluded.first_event),
       last_event = max(coalesce(last_event, 0), excluded.last_event),
       last_ingestion = excluded.last_ingestion, last_id = excluded.last_id, bytes = bytes + excluded.bytes
     RETURNING id`,
  ).get(groupId, stream, now, first, last, now, lastId, bytes) as { id: number };
  return { groupId, id };
}

/** What AWS counts for each event beside its message, in bytes. */
export const eventOverhead = 26;
