import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { entriesOf, jsonText, objectOf, parseWritten } from '../../json/written.js';
import { equal } from './json-path.js';
import { Room, spendOn } from './room.js';
import type { Work } from './work.js';

type Intrinsic = (args: Json[], random: () => number) => Json;

/** The `States.*` functions of JSONPath definitions, without their prefix. Wrong arguments throw an Error. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Format', (args) => format(text(args[0]), args.slice(1))],
  ['StringToJson', ([value]) => parse(text(value))],
  ['JsonToString', (args) => jsonText(one(args))],
  ['Array', (args) => args],
  ['ArrayPartition', (args) => partition(array(args[0]), integer(args[1]))],
  ['ArrayContains', (args) => array(args[0]).some((item) => equal(item, args[1]))],
  ['ArrayRange', (args) => range(integer(args[0]), integer(args[1]), integer(args[2]))],
  ['ArrayGetItem', (args) => getItem(array(args[0]), integer(args[1]))],
  ['ArrayLength', (args) => array(one(args)).length],
  ['ArrayUnique', (args) => unique(array(one(args)))],
  ['Base64Encode', (args) => Buffer.from(short(one(args))).toString('base64')],
  ['Base64Decode', (args) => Buffer.from(short(one(args)), 'base64').toString()],
  ['Hash', (args) => hash(args[0], text(args[1]))],
  ['JsonMerge', (args) => merge(args)],
  ['MathRandom', (args, random) => mathRandom(args, random)],
  ['MathAdd', (args) => integer(args[0]) + integer(args[1])],
  ['StringSplit', (args) => split(text(args[0]), text(args[1]))],
  ['UUID', (_args, random) => uuid(random)],
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

/** @throws OverLimit where more is made, or more is done, than a state's data gives reason to */
export function callIntrinsic(
  name: string,
  args: Json[],
  { random, work }: { random: () => number; work: Work },
): Json {
  const intrinsic = INTRINSICS.get(name);
  if (!intrinsic) throw new Error(`States.${name} is no intrinsic function`);
  if (!LOOK_AWAY.has(name)) for (const arg of args) spendOn(arg, work, false);
  const result = intrinsic(args, random);
  spendOn(result, work, true);
  return result;
}

/** `{}` takes the next argument; `\{`, `\}` and `\\` are literal. */
function format(template: string, args: Json[]): string {
  let next = 0;
  const room = Room.onTheWay();
  const text = template.replace(/\\(.)|\{\}/gs, (_braces, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (next >= args.length) throw new Error('there are more {} than arguments');
    const piece = shown(args[next++] ?? null);
    room.take(piece.length);
    return piece;
  });
  if (next < args.length) throw new Error('there are more arguments than {}');
  return text;
}

/** AWS prints objects the way Java prints a map, strings bare at the top and inside. */
function shown(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map((item) => shown(item)).join(', ')}]`;
  if (isObject(value))
    return `{${entriesOf(value)
      .map(([key, item]) => `${key}=${shown(item)}`)
      .join(', ')}}`;
  return jsonText(value);
}

function parse(value: string): Json {
  try {
    return parseWritten(value);
  } catch {
    throw new Error('the argument is not a JSON text');
  }
}

function partition(items: Json[], size: number): Json {
  if (size < 1) throw new Error('the chunk size must be positive');
  const chunks: Json[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

function range(first: number, last: number, step: number): Json {
  if (step === 0) throw new Error('the increment must not be 0');
  const size = Math.max(0, Math.floor((last - first) / step) + 1);
  if (size > 1000) throw new Error('the range has more than 1000 elements');
  return Array.from({ length: size }, (_, i) => first + i * step);
}

function getItem(items: Json[], index: number): Json {
  const item = index < 0 ? undefined : items[index];
  if (item === undefined) throw new Error(`the index ${index} is outside of the array`);
  return item;
}

function unique(items: Json[]): Json {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = canonical(item);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** JSON text with sorted keys: equal values, equal texts. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, item: Json) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

const ALGORITHMS: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function hash(data: Json | undefined, algorithm: string): string {
  const name = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  if (!name || data === undefined) throw new Error(`the algorithm '${algorithm}' is not known`);
  const bytes = typeof data === 'string' ? data : jsonText(data);
  if (bytes.length > 10_000) throw new Error('the data has more than 10,000 characters');
  return createHash(name).update(bytes).digest('hex');
}

function merge(args: Json[]): JsonObject {
  const [left, right, deep] = args;
  if (!isObject(left) || !isObject(right)) throw new Error('JSON objects are expected');
  if (deep !== false)
    throw new Error('only the shallow merge is supported: the third argument must be false');
  return objectOf([...entriesOf(left), ...entriesOf(right)]);
}

function mathRandom(args: Json[], random: () => number): number {
  const start = integer(args[0]);
  const end = integer(args[1]);
  if (end <= start) throw new Error('the end must be above the start');
  const at = args.length > 2 ? seeded(integer(args[2])) : random();
  return start + Math.floor(at * (end - start));
}

/** Any fixed function of the seed will do: AWS promises only that the same seed gives the same number. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}

/** Each character of `separators` separates; empty pieces are dropped. */
function split(value: string, separators: string): Json {
  if (separators === '') return [value];
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

function one(args: Json[]): Json {
  if (args.length !== 1 || args[0] === undefined) throw new Error('one argument is expected');
  return args[0];
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('a string is expected');
  return value;
}

function short(value: Json): string {
  const string = text(value);
  if (string.length > 10_000) throw new Error('the data has more than 10,000 characters');
  return string;
}

function array(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new Error('an array is expected');
  return value;
}

/** AWS rounds fractions to the nearest integer. */
function integer(value: Json | undefined): number {
  if (typeof value !== 'number') throw new Error('a number is expected');
  return Math.round(value);
}
