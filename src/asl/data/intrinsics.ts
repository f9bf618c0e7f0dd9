import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { entriesOf, jsonText, keysOf, numberIn, objectOf, parseWritten } from '../../json/lossless.js';
import { Room, spendOn } from './data-limit.js';
import { hashOrder, hashSetOrder, javaText } from './java-hash-order.js';
import { javaRandom } from './java-random.mjs';
import type { Work } from './work-limit.js';

/** A function was called with what it does not take. The message is AWS's. */
export class InvalidCall extends Error {}

/** The part of the message that names the function is added where its name is known. */
class InvalidArguments extends Error {}

/** What a parameter takes, and what becomes of it. */
interface Kinds {
  any: Json;
  text: string;
  /** AWS's limit for what is encoded or hashed. */
  shortText: string;
  list: Json[];
  object: JsonObject;
  /** A fraction loses what comes after its point. */
  whole: number;
  /** A whole number of 32 bits, to which a fraction is rounded. */
  int32: number;
}
type Kind = keyof Kinds;
type Arguments<K extends readonly Kind[]> = { [I in keyof K]: Kinds[K[I]] };

interface Intrinsic {
  kinds: readonly Kind[];
  /** How many of the last parameters may be left out. */
  optional: number;
  /** Whether any number of further arguments may follow. */
  more: boolean;
  run(args: Json[], more: Json[], random: () => number): Json;
}

function takes<const K extends readonly Kind[]>(
  kinds: K,
  run: (args: Arguments<K>, more: Json[], random: () => number) => Json,
  { optional = 0, more = false } = {},
): Intrinsic {
  return { kinds, optional, more, run: run as unknown as Intrinsic['run'] };
}

/** The `States.*` functions of JSONPath definitions, without their prefix. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Format', takes(['text'], ([template], values) => format(template, values), { more: true })],
  ['StringToJson', takes(['text'], ([text]) => parse(text))],
  ['JsonToString', takes(['any'], ([value]) => jsonText(value))],
  ['Array', takes([], (_, items) => items, { more: true })],
  ['ArrayPartition', takes(['list', 'whole'], ([items, size]) => partition(items, size))],
  ['ArrayContains', takes(['list', 'any'], ([items, value]) => contains(items, value))],
  ['ArrayRange', takes(['whole', 'whole', 'whole'], ([first, last, step]) => range(first, last, step))],
  ['ArrayGetItem', takes(['list', 'whole'], ([items, index]) => getItem(items, index))],
  ['ArrayLength', takes(['list'], ([items]) => items.length)],
  ['ArrayUnique', takes(['list'], ([items]) => unique(items))],
  ['Base64Encode', takes(['shortText'], ([text]) => Buffer.from(text).toString('base64'))],
  ['Base64Decode', takes(['shortText'], ([text]) => decode(text))],
  ['Hash', takes(['any', 'text'], ([data, algorithm]) => hash(data, algorithm))],
  ['JsonMerge', takes(['object', 'object', 'any'], ([left, right]) => merge(left, right))],
  [
    'MathRandom',
    takes(['whole', 'whole', 'whole'], ([start, end, seed], _, random) => draw(start, end, seed, random), {
      optional: 1,
    }),
  ],
  ['MathAdd', takes(['int32', 'int32'], ([left, right]) => READ.int32(left + right))],
  ['StringSplit', takes(['text', 'text'], ([text, separators]) => split(text, separators))],
  ['UUID', takes([], (_, __, random) => uuid(random), { more: true })],
]);

/** Functions that take their arguments as they are: what those hold costs nothing. */
const LOOK_AWAY = new Set([
  'Array',
  'ArrayGetItem',
  'ArrayLength',
  'ArrayRange',
  'MathAdd',
  'MathRandom',
  'UUID',
]);

/** @throws InvalidCall; OverLimit where more is made, or more is done, than a state's data gives reason to */
export function callIntrinsic(
  name: string,
  args: Json[],
  { random, work }: { random: () => number; work: Work },
): Json {
  const intrinsic = INTRINSICS.get(name);
  if (!intrinsic) throw new InvalidCall(`States.${name} is no intrinsic function`);
  if (!LOOK_AWAY.has(name)) for (const arg of args) spendOn(arg, work, false);
  try {
    const result = called(intrinsic, args, random);
    spendOn(result, work, true);
    return result;
  } catch (error) {
    if (!(error instanceof InvalidArguments)) throw error;
    const detail = name === 'JsonToString' ? ': only a single argument is allowed.' : '';
    throw new InvalidCall(error.message || `Invalid arguments in States.${name}${detail}`);
  }
}

function called({ kinds, optional, more, run }: Intrinsic, args: Json[], random: () => number): Json {
  const few = args.length < kinds.length - optional;
  if (few || (args.length > kinds.length && !more)) throw new InvalidArguments();
  const read = kinds.slice(0, args.length).map((kind, index) => READ[kind](args[index] ?? null));
  return run(read as Json[], args.slice(kinds.length), random);
}

const MOST_CHARACTERS = 10_000;
const MOST_IN_RANGE = 1000;

const READ: { [K in Kind]: (value: Json) => Kinds[K] } = {
  any: (value) => value,
  text: (value) => (typeof value === 'string' ? value : invalid()),
  shortText: (value) => (typeof value === 'string' && value.length <= MOST_CHARACTERS ? value : invalid()),
  list: (value) => (Array.isArray(value) ? value : invalid()),
  object: (value) => (isObject(value) ? value : invalid()),
  whole: (value) => Math.trunc(numberIn(value) ?? invalid()) + 0,
  int32: (value) => {
    const rounded = Math.round(numberIn(value) ?? invalid()) + 0;
    return rounded >= -(2 ** 31) && rounded < 2 ** 31 ? rounded : invalid();
  },
};

function invalid(message = ''): never {
  throw new InvalidArguments(message);
}

/** `{}` takes the next argument; `\{`, `\}` and `\\` are literal. */
function format(template: string, args: Json[]): string {
  let next = 0;
  const room = Room.onTheWay();
  const text = template.replace(/\\(.)|\{\}|[{}]/gs, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (found !== '{}') return unmatched(found);
    if (next >= args.length) invalid();
    const piece = javaText(args[next++] ?? null);
    room.take(piece.length);
    return piece;
  });
  if (next < args.length) invalid();
  return text;
}

function unmatched(brace: string): never {
  const other = brace === '{' ? '}' : '{';
  return invalid(`Invalid template in States.Format: matching '${other}' not found for '${brace}'.`);
}

function parse(text: string): Json {
  if (text.trim() === '') return null;
  try {
    return parseWritten(text);
  } catch {
    return invalid();
  }
}

function partition(items: Json[], size: number): Json {
  if (size < 1) invalid();
  const chunks: Json[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

/** As AWS compares, by text: `true` is in `["true"]`, and the order of an object's members counts. */
function contains(items: Json[], value: Json): boolean {
  const text = javaText(value);
  return items.some((item) => javaText(item) === text);
}

function range(first: number, last: number, step: number): Json {
  if (step === 0) invalid();
  const size = Math.max(0, Math.floor((last - first) / step) + 1);
  if (size > MOST_IN_RANGE) invalid();
  return Array.from({ length: size }, (_, index) => first + index * step);
}

function getItem(items: Json[], index: number): Json {
  // As recorded: an empty array has nothing everywhere, a full one ends.
  if (items.length === 0 && index >= 0) return null;
  return items[index] ?? (index >= 0 && index < items.length ? null : invalid());
}

function unique(items: Json[]): Json {
  const seen = new Map<string, Json>();
  for (const item of items) {
    const key = canonical(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return hashSetOrder([...seen.values()], items.length);
}

/** Equal values, equal texts: the order of an object's members does not count, and 1 is not 1.0. */
function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return javaText(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join()}}`;
}

const BASE64 = /^[A-Za-z0-9+/]*(={0,2})$/;

/** The padding may be missing, but not half of it. */
function decode(text: string): string {
  const padding = BASE64.exec(text)?.[1]?.length ?? invalid();
  const digits = text.length - padding;
  if (digits % 4 === 1 || (padding > 0 && (digits + padding) % 4 !== 0)) invalid();
  return Buffer.from(text, 'base64').toString();
}

const ALGORITHMS = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

function hash(data: Json, algorithm: string): string {
  const name = ALGORITHMS.get(algorithm) ?? invalid();
  const text = READ.shortText(typeof data === 'string' ? data : jsonText(data));
  return createHash(name).update(text).digest('hex');
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const merged = objectOf([...entriesOf(left), ...entriesOf(right)]);
  return objectOf(hashOrder(keysOf(merged)).map((name) => [name, merged[name] ?? null]));
}

function draw(start: number, end: number, seed: number | undefined, random: () => number): number {
  if (end <= start) invalid();
  const size = end - start;
  if (seed === undefined) return start + Math.floor(random() * size);
  const seeded = javaRandom(seed);
  return start + (size < 2 ** 31 ? seeded.below(size) : Math.floor(seeded.double() * size));
}

/** Each character of `separators` separates; empty pieces are dropped. */
function split(value: string, separators: string): Json {
  const set = new Set(separators);
  const parts: string[] = [''];
  for (const character of value) {
    if (set.has(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '');
}

function uuid(random: () => number): string {
  const bytes = Buffer.alloc(16);
  for (let at = 0; at < 16; at += 4) bytes.writeUInt32BE(Math.floor(random() * 2 ** 32), at);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
