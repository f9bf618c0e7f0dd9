import { isObject, type Json } from '../../json/json.js';
import { entriesOf, isWritten, numberIn } from '../../json/lossless.js';

// AWS runs on the JVM, and some of its answers show it: the order of a HashMap, the text that toString gives.

const WHOLE = /^-?\d+$/;

/** The digits of a number that Java reads as an Integer, a Long or a BigInteger; undefined for a Double. */
function wholeDigits(value: Json): string | undefined {
  const text = String(value);
  if (isWritten(value)) return WHOLE.test(text) ? String(BigInt(text)) : undefined;
  return Number.isInteger(value) && WHOLE.test(text) ? text : undefined;
}

/** A Double as its toString writes it: below 0.001 and from ten million on with an exponent. */
function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** A value as Java prints it: strings bare at the top and inside, objects as `{key=value}`. */
export function javaText(value: Json): string {
  if (typeof value === 'string') return value;
  const number = numberIn(value);
  if (number !== undefined) return wholeDigits(value) ?? doubleText(number);
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (!isObject(value)) return String(value);
  return `{${entriesOf(value)
    .map(([name, member]) => `${name}=${javaText(member)}`)
    .join(', ')}}`;
}

/** `names` in the order in which a HashMap holds them. */
export const hashOrder = (names: readonly string[]): string[] =>
  inHashOrder(names, textHash, DEFAULT_CAPACITY);

/** Values that differ from each other, in the order of a HashSet that was made of `length` values. */
export function hashSetOrder(values: readonly Json[], length: number): Json[] {
  return inHashOrder(values, javaHash, Math.max(DEFAULT_CAPACITY, Math.floor(length / LOAD) + 1));
}

const DEFAULT_CAPACITY = 16;
/** A table grows to twice its size once it is fuller than this. */
const LOAD = 0.75;

/** By bucket, and within one by the order of arrival. */
function inHashOrder<T>(values: readonly T[], hash: (value: T) => number, capacity: number): T[] {
  let size = DEFAULT_CAPACITY;
  while (size < capacity || values.length > LOAD * size) size *= 2;
  const placed = values.map((value) => {
    const code = hash(value);
    return { value, bucket: (code ^ (code >>> 16)) & (size - 1) };
  });
  return placed.sort((a, b) => a.bucket - b.bucket).map(({ value }) => value);
}

/** `hashCode` of a JSON value as Java holds it: String, a number, Boolean, List, Map or null. */
function javaHash(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') return textHash(value);
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  const number = numberIn(value);
  if (number !== undefined) return numberHash(number, wholeDigits(value));
  if (Array.isArray(value))
    return value.reduce((code: number, item) => (Math.imul(31, code) + javaHash(item)) | 0, 1);
  return Object.entries(value).reduce(
    (code, [name, member]) => (code + (textHash(name) ^ javaHash(member))) | 0,
    0,
  );
}

function textHash(text: string): number {
  let code = 0;
  for (let at = 0; at < text.length; at++) code = (Math.imul(31, code) + text.charCodeAt(at)) | 0;
  return code;
}

function numberHash(value: number, digits: string | undefined): number {
  const view = new DataView(new ArrayBuffer(8));
  if (digits === undefined) view.setFloat64(0, value);
  else if (Object.is(value | 0, value)) return value;
  else {
    const whole = BigInt(digits);
    if (whole !== BigInt.asIntN(64, whole)) return bigHash(whole);
    view.setBigInt64(0, whole);
  }
  return view.getInt32(0) ^ view.getInt32(4);
}

function bigHash(value: bigint): number {
  const negative = value < 0n;
  const hex = (negative ? -value : value).toString(16);
  const words = hex.padStart(Math.ceil(hex.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  const code = words.reduce((code, word) => (Math.imul(31, code) + Number.parseInt(word, 16)) | 0, 0);
  return negative ? -code | 0 : code;
}
