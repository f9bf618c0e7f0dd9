import { endOfString, isIndex, TOO_DEEP, tooDeepAt } from './parse.mjs';
import type { Json, JsonObject } from './value.js';

/**
 * JSON as it was written. JavaScript forgets two things of it: the digits of a number (`0.0`, 64 bits and more) and the
 * place of a key that looks like an index (`{"b":1,"1":2}`). `parseWritten` keeps both, for the few values that need it,
 * and `jsonText` writes them back; all other values are plain, and JSON.stringify takes even these, with doubles.
 */
class WrittenNumber {
  // Private, so that those who look into objects find nothing here.
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    met = true;
  }

  get text(): string {
    return this.#text;
  }

  valueOf(): number {
    return Number(this.#text);
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): number | string {
    if (!writing) return this.valueOf();
    marked = true;
    return NUMBER + this.#text;
  }
}

// No text from outside can have these in it.
const nonce = globalThis.crypto.randomUUID();
const NUMBER = `${nonce}=`;
const KEY = `${nonce}:`;
const MARKS = new RegExp(`"${NUMBER}([^"]*)"|${KEY}`, 'g');

/** Whether this process has met a number that is kept as it was written. */
let met = false;
let writing = false;
let marked = false;

/** JSON text of a value, its numbers and its keys as they were written. */
export function jsonText(value: unknown, space?: number): string {
  writing = true;
  marked = false;
  let text: string;
  try {
    text = JSON.stringify(value, undefined, space);
  } finally {
    writing = false;
  }
  return marked ? text.replace(MARKS, '$1') : text;
}

/** As parseJson, for a text from outside; keeps what was written. @throws SyntaxError */
export function parseWritten(text: string): Json {
  if (tooDeepAt(text) !== undefined) throw new SyntaxError(TOO_DEEP);
  return parseOwn(text);
}

/** As JSON.parse, for a text that was looked at before; keeps what was written. */
export function parseOwn(text: string): Json {
  const plain = JSON.parse(text) as Json;
  const told = withMarks(text);
  return told === undefined ? plain : (JSON.parse(told, revive) as Json);
}

/** A JSON text with marks before what would be lost; undefined where nothing would, as nearly always. */
function withMarks(text: string): string | undefined {
  let told = '';
  let copied = 0;
  const { length } = text;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      let end = text.indexOf('"', at + 1);
      if (text.charCodeAt(end - 1) === BACKSLASH) end = endOfString(text, at);
      if (end - at <= 11 && isDigit(text.charCodeAt(at + 1)) && isIndexKey(text, at + 1, end)) {
        told += text.slice(copied, at + 1) + KEY;
        copied = at + 1;
      }
      at = end;
    } else if (code === MINUS || isDigit(code)) {
      let end = endOfNumber(text, at);
      if (end < 0) {
        end = -end;
        const token = text.slice(at, end);
        if (String(Number(token)) !== token) {
          told += `${text.slice(copied, at)}"${NUMBER}${token}"`;
          copied = end;
        }
      }
      at = end - 1;
    }
  }
  return copied === 0 ? undefined : told + text.slice(copied);
}

// Of its own: where the bundle is split an import is a call.
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const isDigit = (code: number): boolean => code >= ZERO && code <= 0x39;

/** Behind the number that begins at `start`; negative where a double may not print as it is written. */
function endOfNumber(text: string, start: number): number {
  let at = start;
  let point = -1;
  let plain = true;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) continue;
    if (code === POINT) point = at;
    // `e`, `E`, `+`, and a `-` that is not the first.
    else if (code === 0x65 || code === 0x45 || code === 0x2b || (code === MINUS && at > start)) plain = false;
    else if (code !== MINUS) break;
  }
  const decimals = point < 0 ? 0 : at - point - 1;
  if (at - start > 15 || decimals > 6 || (decimals > 0 && text.charCodeAt(at - 1) === ZERO)) plain = false;
  // `-0`
  if (at - start === 2 && text.charCodeAt(at - 1) === ZERO && text.charCodeAt(start) === MINUS) plain = false;
  return plain ? at : -at;
}

function isIndexKey(text: string, start: number, end: number): boolean {
  if (!isIndex(text.slice(start, end))) return false;
  let after = end + 1;
  while (' \t\r\n'.includes(text[after] ?? 'end')) after++;
  return text[after] === ':';
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(NUMBER) ? new WrittenNumber(value.slice(NUMBER.length)) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value) as [string, Json][];
  if (!entries.some(([key]) => key.startsWith(KEY))) return value;
  return objectOf(entries.map(([key, item]) => [key.startsWith(KEY) ? key.slice(KEY.length) : key, item]));
}

export const isWritten = (value: unknown): value is WrittenNumber => met && value instanceof WrittenNumber;

/** The number that a value is, as a double; undefined for all that is none. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isWritten(value) ? value.valueOf() : undefined;
}

/** The value itself, a number as the double that is computed with. */
export const computable = (value: Json): Json => (isWritten(value) ? value.valueOf() : value);

/** The value with all of its numbers as doubles; what holds no others is shared. */
export const allComputable = (value: Json): Json => (met ? inDoubles(value) : value);

function inDoubles(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isWritten(value)) return value.valueOf();
  if (Array.isArray(value)) {
    const items = value.map(inDoubles);
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  const entries = entriesOf(value);
  const made = entries.map(([key, item]): [string, Json] => [key, inDoubles(item)]);
  return made.every(([, item], at) => item === entries[at]?.[1]) ? value : objectOf(made);
}

/** Keys in the order in which they were written, of objects for which JavaScript has another. */
const orders = new WeakMap<object, string[]>();

const inOrder = Object.create(Object.prototype, {
  toJSON: {
    value(this: JsonObject) {
      if (!writing) return this;
      marked = true;
      return Object.fromEntries(entriesOf(this).map(([key, item]) => [isIndex(key) ? KEY + key : key, item]));
    },
  },
}) as object;

/** An object with its members in this order; a name that comes again keeps its first place, with its last value. */
export function objectOf(entries: [string, Json][]): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of entries) {
    // A name that an assignment takes for something else, or that JavaScript moves.
    if (key === '__proto__' || isIndex(key))
      return ordered(Object.fromEntries(entries) as JsonObject, entries);
    object[key] = value;
  }
  return object;
}

function ordered(object: JsonObject, entries: [string, Json][]): JsonObject {
  const order = [...new Set(entries.map(([key]) => key))];
  if (Object.keys(object).every((key, at) => key === order[at])) return object;
  orders.set(object, order);
  return Object.setPrototypeOf(object, inOrder) as JsonObject;
}

export const keysOf = (object: JsonObject): string[] => orders.get(object) ?? Object.keys(object);

export const entriesOf = (object: JsonObject): [string, Json][] => {
  const order = orders.get(object);
  return order ? order.map((key) => [key, object[key] ?? null]) : Object.entries(object);
};

export const valuesOf = (object: JsonObject): Json[] => {
  const order = orders.get(object);
  return order ? order.map((key) => object[key] ?? null) : Object.values(object);
};

/** A copy of `object` in which `key` is `value`. */
export function withMember(object: JsonObject | undefined, key: string, value: Json): JsonObject {
  if (object && (isIndex(key) || orders.has(object))) return objectOf([...entriesOf(object), [key, value]]);
  return { ...object, [key]: value };
}
