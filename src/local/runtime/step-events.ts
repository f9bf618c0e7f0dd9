import { randomUUID } from 'node:crypto';
import { composed, type Value, writtenOf } from '../../asl/data/value.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Effect, Stimulus } from '../../asl/engine/protocol.js';
import type { ExecutionRow, StepRow } from './execution-tables.js';

/** Shorter texts are not worth a look. */
const SHORTEST = 100;
/** In the place of the execution's input, and of the output that came. No JSON text has control characters in it. */
const INPUT = '\u0001';
const OUTPUT = '\u0002';
/** Stands for a mark in a text that is not JSON yet; none from outside has it in it. */
const nonce = randomUUID();
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
const MARKS = /[\u0001\u0002]/g;

/**
 * A step's events as they are stored: the execution's input stands in up to four of them, what a Task answered in three,
 * and both stand beside them already.
 * @param effects of the same step: what a Task is called with stands in an event, and is known here in its parts
 */
export function packEvents(
  { input }: Pick<ExecutionRow, 'input'>,
  stimulus: Stimulus,
  events: HistoryEvent[],
  effects: Effect[] = [],
): string {
  const known = [
    { text: input, place: `${nonce}1`, mark: INPUT },
    { text: outputOf(stimulus), place: `${nonce}2`, mark: OUTPUT },
  ].filter(({ text }) => text.length >= SHORTEST);
  if (known.length === 0) return JSON.stringify(events);
  const shortest = known.reduce((least, { text }) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
  const calls = effects.filter((effect) => effect.type === 'InvokeTask').map(({ parameters }) => parameters);
  // Before anything is escaped: what is left to be written is short.
  const replaced = (text: string): string => {
    if (text.length < shortest) return text;
    const call = calls.find((call) => call.members && call.text === text);
    if (call) return inParts(call);
    return known.reduce(
      (rest, { text, place }) => (rest === text ? place : rest.replaceAll(text, place)),
      text,
    );
  };
  // Its whole text is never put together.
  const inParts = (value: Value): string =>
    value.members ? composed(value.members, inParts) : replaced(writtenOf(value));
  const packed = JSON.stringify(withTexts(events, replaced));
  return known.reduce((rest, { place, mark }) => rest.replaceAll(place, mark), packed);
}

/** A copy with other texts: a replacer of JSON.stringify would be asked for each value. */
function withTexts(value: unknown, replaced: (text: string) => string): unknown {
  if (typeof value === 'string') return replaced(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withTexts(item, replaced));
  // What writes itself is left to itself.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = withTexts(member, replaced);
  return copy;
}

export function unpackEvents(
  { input }: Pick<ExecutionRow, 'input'>,
  { stimulus, events }: Pick<StepRow, 'stimulus' | 'events'>,
): HistoryEvent[] {
  const text = events.replace(MARKS, (mark) =>
    escaped(mark === INPUT ? input : outputOf(JSON.parse(stimulus) as Stimulus)),
  );
  return JSON.parse(text) as HistoryEvent[];
}

const outputOf = (stimulus: Stimulus): string => ('output' in stimulus ? stimulus.output : '');

/** As it stands within another JSON text. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
