import { randomBytes } from 'node:crypto';
import type { Topic, TopicMessage } from '../api.js';

/** What fills a topic. A row is replaced when it changes, never changed. */
export interface Feed<Row = unknown, Facts = unknown> {
  /** The whole of it: what is not among them is gone. */
  replace(rows: Iterable<readonly [key: string, row: Row]>): void;
  put(key: string, row: Row): void;
  remove(key: string): void;
  tell(facts: Facts): void;
}

/** The rows of one topic, each with the version at which it changed, so that any reader gets what it lacks. */
export interface LiveTopic extends Feed {
  readonly topic: Topic;
  /** Messages that bring a reader from its version to this one; none where it is there already. */
  since(version: string | undefined): TopicMessage[];
  /** Calls back at every change; returns how to stop. */
  onChange(listener: () => void): () => void;
}

interface Held {
  row: unknown;
  text: string;
  /** Number of the change that brought it. */
  at: number;
}

/** Of a message: a long list comes in several. */
const MOST_ROWS = 500;
/** Names of rows that are gone; a reader that is further behind begins anew. */
const MOST_GONE = 20_000;

export function createLiveTopic(topic: Topic): LiveTopic {
  let epoch = newEpoch();
  let count = 0;
  let factsAt = 0;
  let facts: unknown;
  let factsText = '';
  const rows = new Map<string, Held>();
  const gone = new Map<string, number>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const put = (key: string, row: unknown): boolean => {
    const before = rows.get(key);
    if (before?.row === row) return false;
    const text = JSON.stringify(row);
    if (before?.text === text) return false;
    rows.set(key, { row, text, at: ++count });
    gone.delete(key);
    return true;
  };
  const remove = (key: string): boolean => {
    if (!rows.delete(key)) return false;
    gone.set(key, ++count);
    if (gone.size > MOST_GONE) {
      gone.clear();
      epoch = newEpoch();
    }
    return true;
  };
  return {
    topic,
    replace(all) {
      const seen = new Set<string>();
      let any = false;
      for (const [key, row] of all) {
        seen.add(key);
        if (put(key, row)) any = true;
      }
      for (const key of rows.keys()) if (!seen.has(key) && remove(key)) any = true;
      if (any) changed();
    },
    put(key, row) {
      if (put(key, row)) changed();
    },
    remove(key) {
      if (remove(key)) changed();
    },
    tell(next) {
      const text = JSON.stringify(next);
      if (text === factsText) return;
      factsText = text;
      facts = next;
      factsAt = ++count;
      changed();
    },
    since(version) {
      const [of, number] = (version ?? '').split('.');
      const known = of === epoch ? Number(number) : Number.NaN;
      const fresh = !(known <= count);
      if (!fresh && known === count) return [];
      const from = fresh ? -1 : known;
      const newer = [...rows].flatMap(([key, { row, at }]): [string, unknown][] =>
        at > from ? [[key, row]] : [],
      );
      const left = fresh ? [] : [...gone].flatMap(([key, at]) => (at > from ? [key] : []));
      const messages: TopicMessage[] = [];
      for (let at = 0; at === 0 || at < newer.length; at += MOST_ROWS) {
        const last = at + MOST_ROWS >= newer.length;
        messages.push({
          topic,
          version: last ? `${epoch}.${count}` : '',
          fresh: fresh && at === 0,
          rows: newer.slice(at, at + MOST_ROWS),
          gone: at === 0 ? left : [],
          ...(last && factsAt > from && { facts }),
        });
      }
      return messages;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const newEpoch = (): string => randomBytes(6).toString('hex');
