import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from '../../src/json/json.js';
import type { Made } from './live.js';
import type { RecordedEvent } from './record.js';

/** A number from 0 to below `below`. */
export type Draw = (below: number) => number;

type Fault = (made: Made, draw: Draw) => Made | undefined;

const pick = <T>(items: T[], draw: Draw): T | undefined => items[draw(items.length)];

/** Faults of an engine, by name; undefined where there is nothing to put this one into. */
export const FAULTS: Record<string, Fault> = {
  'an event dropped': (made, draw) => {
    const gone = pick(made.history, draw);
    if (!gone) return undefined;
    const rest = made.history.filter((event) => event !== gone);
    // Either it leaves a gap, or all that follow move up.
    return { ...made, history: draw(2) === 0 ? rest : renumbered(rest, gone) };
  },
  'an event twice': (made, draw) => {
    const at = draw(made.history.length || 1);
    const twice = made.history[at];
    return twice && { ...made, history: made.history.toSpliced(at, 0, structuredClone(twice)) };
  },
  'a detail changed': (made, draw) => changedEvent(made, draw, changed),
  'a detail missing': (made, draw) => changedEvent(made, draw, lessened),
  'two swapped': (made, draw) => {
    const at = draw(Math.max(made.history.length - 1, 1));
    const [one, other] = made.history.slice(at, at + 2);
    if (!one || !other || isDeepStrictEqual(bare(one), bare(other))) return undefined;
    const swapped = [
      { ...one, ...place(other) },
      { ...other, ...place(one) },
    ].toReversed() as RecordedEvent[];
    return { ...made, history: made.history.toSpliced(at, 2, ...swapped) };
  },
  'one relinked': (made, draw) => {
    const event = pick(made.history, draw);
    if (!event || event.id < 2) return undefined;
    const previousEventId = draw(event.id);
    if (previousEventId === event.previousEventId) return undefined;
    const relinked = { ...event, previousEventId };
    return { ...made, history: made.history.map((one) => (one === event ? relinked : one)) };
  },
  'a wrong payload': (made, draw) => {
    const at = draw(made.sent.length || 1);
    const event = made.sent[at];
    const wrong = event === undefined ? undefined : changed(event, draw);
    return typeof wrong === 'string' ? { ...made, sent: made.sent.with(at, wrong) } : undefined;
  },
  'an answer changed': (made, draw) => {
    if (!isObject(made.answer)) return undefined;
    const { billingDetails: _, ...answer } = made.answer;
    const wrong = changed(answer, draw);
    return wrong === undefined ? undefined : { ...made, answer: wrong };
  },
  'a line of the log changed': (made, draw) => {
    const at = draw(made.log.length || 1);
    const line = made.log[at];
    const wrong = line === undefined ? undefined : changed(line, draw);
    return wrong === undefined ? undefined : { ...made, log: made.log.with(at, wrong) };
  },
  'a line of the log missing': (made, draw) =>
    made.log.length > 0 ? { ...made, log: made.log.toSpliced(draw(made.log.length), 1) } : undefined,
};

const place = ({ id, previousEventId, timestamp }: RecordedEvent) => ({ id, previousEventId, timestamp });
const bare = (event: RecordedEvent) => ({ ...event, id: 0, previousEventId: 0, timestamp: 0 });

function renumbered(events: RecordedEvent[], gone: RecordedEvent): RecordedEvent[] {
  const moved = (id: number): number => (id > gone.id ? id - 1 : id);
  return events.map((event) => {
    const before = event.previousEventId === gone.id ? gone.previousEventId : event.previousEventId;
    return { ...event, id: moved(event.id), previousEventId: moved(before) };
  });
}

type Change = (value: Json, draw: Draw) => Json | undefined;

function changedEvent(made: Made, draw: Draw, change: Change): Made | undefined {
  const event = pick(made.history, draw);
  const key = event && Object.keys(event).find((name) => name.endsWith('EventDetails'));
  const details = key === undefined ? undefined : change(event?.[key] ?? null, draw);
  if (!event || key === undefined || details === undefined) return undefined;
  return {
    ...made,
    history: made.history.map((one) => (one === event ? { ...event, [key]: details } : one)),
  };
}

/** What an HTTP client says of one call is no fact of the engine. */
const NOISE = /^Sdk(?:Http|Response)Metadata$|^ResponseMetadata$|^\$metadata$/;

/** One value in it is another. */
function changed(value: Json, draw: Draw): Json | undefined {
  const members = entries(value);
  const member = pick(members, draw);
  if (member) {
    const inner = changed(member[1], draw);
    return inner === undefined ? undefined : withMember(value, member[0], inner);
  }
  if (typeof value === 'string') {
    const json = value.startsWith('{') ? jsonIn(value) : undefined;
    const inner = json === undefined ? undefined : changed(json, draw);
    return inner === undefined ? wrongText(value, draw) : JSON.stringify(inner);
  }
  if (typeof value === 'number') return value + 1 + draw(3);
  if (typeof value === 'boolean') return !value;
  return value === null ? 0 : [value];
}

/** One member or item is missing in it. */
function lessened(value: Json, draw: Draw): Json | undefined {
  const members = entries(value);
  const member = pick(members, draw);
  if (!member) return undefined;
  const [name, item] = member;
  const inner = draw(2) === 0 ? lessened(item, draw) : undefined;
  if (inner !== undefined) return withMember(value, name, inner);
  if (Array.isArray(value)) return value.toSpliced(Number(name), 1);
  return Object.fromEntries(Object.entries(value as object).filter(([key]) => key !== name));
}

const entries = (value: Json): [string, Json][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).filter(([name]) => !NOISE.test(name))
    : [];

function withMember(value: Json, name: string, item: Json): Json {
  if (Array.isArray(value)) return value.with(Number(name), item);
  return { ...(value as { [name: string]: Json }), [name]: item };
}

/** A letter more, less or another. */
function wrongText(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  const kind = text === '' ? 0 : draw(3);
  if (kind === 0 || at === text.length) return `${text.slice(0, at)}~${text.slice(at)}`;
  return `${text.slice(0, at)}${kind === 1 ? '' : '~'}${text.slice(at + 1)}`;
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
