import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Topic, TopicFacts, TopicMessage, Topics } from '../../api.js';
import { ApiError, request } from './api.js';
import { locked } from './token.js';

/** `away`: it is looked for again until it is back. */
export const connection = signal<'connecting' | 'open' | 'away'>('connecting');

/** The rows of a topic as the server has them; `changes` counts what came. */
export interface LiveRows<Row, Facts = TopicFacts> {
  readonly rows: ReadonlyMap<string, Row>;
  /** Read it to be drawn again when rows come. */
  readonly changes: Signal<number>;
  readonly facts: Signal<Facts | undefined>;
  /** All that was there has come. */
  readonly ready: Signal<boolean>;
}

interface Held extends LiveRows<unknown, unknown> {
  rows: Map<string, unknown>;
  version: string;
  readers: number;
}

const held = new Map<Topic, Held>();
let stream: AbortController | undefined;
let asked = '';

/** Milliseconds without a byte after which the stream counts as dead; the server writes more often. */
const SILENCE = 25_000;
const PAUSES = [300, 700, 1_500, 3_000];

/** A topic, live as long as the component is there. Undefined: none. */
export function useTopic<K extends keyof Topics>(topic: K): LiveRows<Topics[K]['row'], Topics[K]['facts']>;
export function useTopic<Row, Facts = TopicFacts>(topic: Topic): LiveRows<Row, Facts>;
export function useTopic(topic: Topic): LiveRows<unknown, unknown> {
  const one = useMemo(() => heldOf(topic), [topic]);
  useEffect(() => {
    held.set(topic, one);
    one.readers++;
    renew();
    return () => {
      one.readers--;
      renew();
    };
  }, [topic, one]);
  return one;
}

/** All who read a topic in one page read the same rows. */
function heldOf(topic: Topic): Held {
  const known = held.get(topic);
  if (known) return known;
  const one: Held = {
    rows: new Map(),
    changes: signal(0),
    facts: signal(undefined),
    ready: signal(false),
    version: '',
    readers: 0,
  };
  held.set(topic, one);
  return one;
}

let renewing: ReturnType<typeof setTimeout> | undefined;

/** Pages change several topics at once: what is wanted is known a moment later. */
function renew(): void {
  clearTimeout(renewing);
  renewing = setTimeout(() => {
    const wanted = [...held].filter(([, { readers }]) => readers > 0);
    const names = wanted.map(([topic]) => topic).sort();
    const asks = names.join('\n');
    if (asks === asked && stream) return;
    asked = asks;
    stream?.abort();
    stream = undefined;
    // A page that is left is not kept in memory.
    for (const [topic, { readers }] of held) if (readers === 0) held.delete(topic);
    if (names.length > 0) void follow(names);
  }, 0);
}

/** Once the page has its token. */
export const reconnect = (): void => {
  asked = '';
  renew();
};

async function follow(names: Topic[]): Promise<void> {
  const stop = new AbortController();
  stream = stop;
  for (let failures = 0; !stop.signal.aborted && !locked.value; failures++) {
    try {
      await listen(names, stop.signal, () => {
        failures = 0;
        connection.value = 'open';
      });
    } catch (error) {
      if (stop.signal.aborted || (error instanceof ApiError && error.status === 401)) return;
    }
    if (stop.signal.aborted) return;
    connection.value = 'away';
    await sleep(PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 0, stop.signal);
  }
}

async function listen(names: Topic[], signal: AbortSignal, onOpen: () => void): Promise<void> {
  const query = new URLSearchParams();
  for (const topic of names) {
    query.append('topic', topic);
    query.append('since', held.get(topic)?.version ?? '');
  }
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE);
  try {
    const response = await request(`/api/events?${query}`, {
      signal: AbortSignal.any([signal, silent.signal]),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE);
      onOpen();
      text += value;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) take(event);
    }
  } finally {
    clearTimeout(timer);
  }
}

function take(event: string): void {
  const data = event
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6))
    .join('\n');
  if (data === '') return;
  const message = JSON.parse(data) as TopicMessage;
  const one = held.get(message.topic);
  if (!one) return;
  if (message.fresh) one.rows.clear();
  for (const key of message.gone) one.rows.delete(key);
  for (const [key, row] of message.rows) one.rows.set(key, row);
  one.version = message.version;
  if (message.facts !== undefined) one.facts.value = message.facts;
  if (message.version !== '') one.ready.value = true;
  one.changes.value++;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
