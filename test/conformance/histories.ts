import { difference, type Omit } from './compare.js';
import { inTodaysForm } from './forms.js';
import { type Bound, maskedIn } from './placeholders.js';
import type { Precise } from './precise.js';
import { detailsOf, type RecordedEvent } from './record.js';

const PLACE: readonly string[] = ['id', 'previousEventId', 'timestamp'];
/** How many candidates are tried before a history is given up: those of our recordings need less than 3,000. */
const PATIENCE = 50_000;

/** A recording from which the ids of parallel events were taken, and with them some of the events. */
const isMasked = ({ id }: RecordedEvent): boolean => typeof id !== 'number';

/** How much of a recorded history cannot be compared: values, and the places of events without an id. */
export const maskedEvents = (events: RecordedEvent[]): number =>
  events.filter(isMasked).length + events.reduce((sum, event) => sum + maskedIn(contents(event)), 0);

interface Search {
  expected: RecordedEvent[];
  actual: RecordedEvent[];
  omit: Omit;
  /** Expected id → our event. */
  partners: Map<number, RecordedEvent>;
  used: Set<RecordedEvent>;
  tried: number;
  /** The difference that stood furthest in. */
  deepest: { index: number; why: string };
}

/**
 * Whether ours is AWS's history: the same events with the same details, each after the same one, in the same order
 * but for events of different branches. `bound` learns what placeholders stand for. Answers with the difference.
 */
export function historyDifference(
  recorded: RecordedEvent[],
  actual: RecordedEvent[],
  recordedDate: string,
  bound: Bound,
): string | undefined {
  const { events: expected, omit } = inTodaysForm(recorded, recordedDate);
  const search: Search = {
    expected,
    actual,
    omit,
    partners: new Map(),
    used: new Set(),
    tried: 0,
    deepest: { index: -1, why: '' },
  };
  const found = assign(search, 0, bound);
  if (!found) return search.deepest.why;
  for (const [label, text] of found) bound.set(label, text);
  const last = expected.at(-1);
  const lost = expected.some(isMasked) ? (last?.id ?? 0) - expected.length : 0;
  const more = actual.filter((event) => !search.used.has(event));
  // Some were recorded while the execution went on.
  if (more.length > lost && /^Execution(?!Started|Redriven)/.test(last?.type ?? ''))
    return `unexpected ${JSON.stringify(more[0])}`;
  return undefined;
}

function assign(search: Search, index: number, bound: Bound): Bound | undefined {
  const event = search.expected[index];
  if (!event) return bound;
  const candidates = search.actual.filter(({ type }) => type === event.type);
  // The one in its place first.
  candidates.sort((one, other) => Number(other.id === event.id) - Number(one.id === event.id));
  for (const candidate of candidates) {
    if (search.used.has(candidate) || search.tried > PATIENCE) continue;
    search.tried++;
    const trial = new Map(bound);
    const why =
      linkDifference(search, event, candidate) ??
      difference(contents(event), contents(candidate), trial, search.omit);
    if (why) {
      miss(search, index, `${event.type} ${event.id}<${event.previousEventId}: ${why}`);
      continue;
    }
    search.used.add(candidate);
    if (!isMasked(event)) search.partners.set(event.id, candidate);
    const found = assign(search, index + 1, trial);
    if (found) return found;
    search.used.delete(candidate);
    search.partners.delete(event.id);
  }
  miss(
    search,
    index,
    `no ${event.type} is left for ${event.id}<${event.previousEventId} ${JSON.stringify(contents(event))}`,
  );
  return undefined;
}

function miss({ deepest }: Search, index: number, why: string): void {
  if (index > deepest.index) Object.assign(deepest, { index, why });
}

const contents = (event: RecordedEvent): Precise =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !PLACE.includes(name))) as Precise;

function linkDifference(
  { expected, actual, partners }: Search,
  event: RecordedEvent,
  candidate: RecordedEvent,
): string | undefined {
  if (isMasked(event)) return undefined;
  const parallel = forked(expected);
  if (!parallel && event.id !== candidate.id) return `ours is ${candidate.id}`;
  const before = partners.get(event.previousEventId);
  if ((event.previousEventId === 0 ? 0 : before?.id) === candidate.previousEventId) return undefined;
  // Which of several branches ended last is of one run.
  if (parallel && JOINS.test(event.type) && isLast(expected, event) && isLast(actual, candidate))
    return undefined;
  if (event.previousEventId !== 0 && !before) return undefined;
  const typeAt = (id: number): string => `${actual.find((one) => one.id === id)?.type ?? 'nothing'} ${id}`;
  return `follows ${typeAt(before?.id ?? 0)}, ours ${typeAt(candidate.previousEventId)}`;
}

/** Whether branches may have run side by side. */
const forked = (events: RecordedEvent[]): boolean =>
  events.some(
    (event) =>
      event.type === 'ParallelStateStarted' ||
      (event.type === 'MapStateStarted' && Number(detailsOf(event).length) > 1),
  );

const JOINS =
  /^(?:Map|Parallel)State(?:Succeeded|Failed|Exited|Aborted)$|^MapIteration(?:Started|Aborted)$|StateAborted$/;
const MARKERS = /^MapIteration(?:Succeeded|Failed)$|^(?:Map|Parallel)State(?:Succeeded|Failed)$/;

/** Whether an event follows the last one before it that is none of the marks of a branch's end. */
function isLast(events: RecordedEvent[], event: RecordedEvent): boolean {
  const before = events.filter(({ id, type }) => id < event.id && !MARKERS.test(type));
  return before.at(-1)?.id === event.previousEventId;
}
