import { exitCodes, FlowError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import { jsonText, numberIn } from '../json/lossless.js';

/** A value as DynamoDB's API has it, with its type. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  /** Base64. */
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] }
  | { L: AttributeValue[] }
  | { M: Attributes };
export type Attributes = { [name: string]: AttributeValue };

/** DynamoDB's limits of a number: significant digits, and the decimal exponent of the first of them. */
const MOST_DIGITS = 38;
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;

/** What DynamoDB's GetItem, Query and Scan answer with. */
const ANSWER = /^(?:Items?|Count|ScannedCount|ConsumedCapacity|LastEvaluatedKey|NextToken)$/;

/** The items of a document: itself, a list of them, or what `aws dynamodb get-item` (or `query`, `scan`) printed. */
export function itemsIn(document: Json): Json[] {
  if (Array.isArray(document)) return document;
  if (!isObject(document) || !Object.keys(document).every((name) => ANSWER.test(name))) return [document];
  const { Item, Items } = document;
  return Array.isArray(Items) ? Items : [Item ?? document];
}

/**
 * An item of a table, from plain JSON or from JSON that is marshalled already.
 * @param marshalled undefined: what it looks like
 * @throws FlowError 2 with the path of what is no item
 */
export function toAttributes(item: Json, marshalled?: boolean): Attributes {
  if (!isObject(item)) throw invalid('$', 'an item is a JSON object');
  const isMarshalled = marshalled ?? looksMarshalled(item);
  return mapMembers(item, (value, name) =>
    isMarshalled ? typed(value, `$.${name}`) : marshall(value, `$.${name}`),
  );
}

/** Every attribute of it is `{"S": …}` or another type with a fitting value. */
function looksMarshalled(item: JsonObject): boolean {
  const values = Object.values(item);
  try {
    return values.length > 0 && values.every((value) => typed(value, '$'));
  } catch {
    return false;
  }
}

function marshall(value: Json, path: string): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (numberIn(value) !== undefined) return { N: canonicalNumber(jsonText(value), path) };
  if (Array.isArray(value)) return { L: value.map((entry, index) => marshall(entry, `${path}[${index}]`)) };
  return { M: mapMembers(value as JsonObject, (entry, name) => marshall(entry, `${path}.${name}`)) };
}

/** Checks a marshalled value; numbers become what DynamoDB makes of them. */
function typed(value: Json, path: string): AttributeValue {
  const [[type = '', of] = [], ...others] = isObject(value) ? Object.entries(value) : [];
  const complain = (what: string): never => {
    throw invalid(path, what);
  };
  if (of === undefined || others.length > 0) return complain('is no value with its type, as {"S":"text"}');
  const strings = (check: (text: string) => string): string[] => {
    if (!Array.isArray(of) || of.length === 0) return complain(`${type} is a list of one or more`);
    const set = of.map((entry) =>
      typeof entry === 'string' ? check(entry) : complain(`${type} holds strings`),
    );
    return new Set(set).size === set.length ? set : complain(`${type} holds nothing twice`);
  };
  const base64 = (text: string): string =>
    /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(text) ? text : complain('binary data is base64');
  const number = (text: string): string => canonicalNumber(text, path);
  switch (type) {
    case 'S':
      return typeof of === 'string' ? { S: of } : complain('S is a string');
    case 'N':
      return typeof of === 'string' ? { N: number(of) } : complain('N is a number in quotes');
    case 'B':
      return typeof of === 'string' ? { B: base64(of) } : complain('B is a base64 string');
    case 'BOOL':
      return typeof of === 'boolean' ? { BOOL: of } : complain('BOOL is true or false');
    case 'NULL':
      return of === true ? { NULL: true } : complain('NULL is true');
    case 'SS':
      return { SS: strings((text) => text) };
    case 'NS':
      return { NS: strings(number) };
    case 'BS':
      return { BS: strings(base64) };
    case 'L':
      if (!Array.isArray(of)) return complain('L is a list');
      return { L: of.map((entry, index) => typed(entry, `${path}[${index}]`)) };
    case 'M':
      if (!isObject(of)) return complain('M is an object');
      return { M: mapMembers(of, (entry, name) => typed(entry, `${path}.${name}`)) };
    default:
      return complain(`${type} is no type of DynamoDB`);
  }
}

/** As DynamoDB gives a number back: without exponent and idle zeros, every digit kept. */
function canonicalNumber(text: string, path: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text.trim()) ?? [];
  if (whole + fraction === '') throw invalid(path, `${text} is no number`);
  const zeros = /^0*/.exec(whole + fraction)?.[0].length ?? 0;
  const digits = (whole + fraction).slice(zeros).replace(/0+$/, '');
  if (digits === '') return '0';
  /** How many of the digits stand before the point. */
  const point = whole.length - zeros + Number(power);
  if (digits.length > MOST_DIGITS) {
    throw invalid(path, `${text} has more than the ${MOST_DIGITS} significant digits that DynamoDB keeps`);
  }
  if (point - 1 > LARGEST_EXPONENT || point - 1 < SMALLEST_EXPONENT) {
    throw invalid(path, `${text} is beyond the numbers that DynamoDB keeps`);
  }
  const minus = sign === '-' ? '-' : '';
  if (point <= 0) return `${minus}0.${'0'.repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, '0');
  return minus + padded.slice(0, point) + (padded.length > point ? `.${padded.slice(point)}` : '');
}

/** An item as plain JSON: sets are lists, binary data stays base64. */
export const plainItem = (item: Attributes): JsonObject =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

function plain(value: AttributeValue): Json {
  if ('N' in value) return Number(value.N);
  if ('NS' in value) return value.NS.map(Number);
  if ('NULL' in value) return null;
  if ('L' in value) return value.L.map(plain);
  if ('M' in value) return plainItem(value.M);
  return Object.values(value)[0] as string | boolean | string[];
}

/** Bytes of an item by DynamoDB's rules: names and values in UTF-8, numbers by two digits a byte. */
export function attributesSize(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueSize(value), 0);
}

function valueSize(value: AttributeValue): number {
  const sum = <T>(values: T[], size: (one: T) => number): number =>
    values.reduce((total, one) => total + size(one), 0);
  if ('S' in value) return utf8(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return sum(value.SS, utf8);
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, binarySize);
  // Lists and maps: three bytes, and one more for each member.
  if ('L' in value) return 3 + sum(value.L, (one) => 1 + valueSize(one));
  if ('M' in value) return 3 + Object.keys(value.M).length + attributesSize(value.M);
  return 1;
}

/** Pairs of digits are counted from the point: 101 is `1 01`. */
function numberSize(number: string): number {
  const [whole = '', fraction = ''] = number.replace('-', '').split('.');
  const even = whole.length % 2 === 0 ? whole : `0${whole}`;
  const pairs = (even + fraction).match(/\d\d?/g) ?? [];
  const first = pairs.findIndex((pair) => !/^0+$/.test(pair));
  if (first < 0) return 1;
  const last = pairs.findLastIndex((pair) => !/^0+$/.test(pair));
  return 1 + (last - first + 1) + (number.startsWith('-') ? 1 : 0);
}

const utf8 = (text: string): number => new TextEncoder().encode(text).length;
const binarySize = (base64: string): number =>
  (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);

function mapMembers(members: JsonObject, change: (value: Json, name: string) => AttributeValue): Attributes {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value, name)]));
}

const invalid = (path: string, what: string): FlowError =>
  new FlowError(exitCodes.usage, 'InvalidItem', what, {
    where: path,
    hint: '{"pk":"SAMPLE#t1","sk":"A001@1","version":1}, or with types: {"pk":{"S":"SAMPLE#t1"}, …}',
  });
