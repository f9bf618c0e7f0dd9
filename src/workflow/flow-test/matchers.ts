import { isObject, type Json, parsedAsWritten } from '../../json/json.js';
import { jsonText, numberIn } from '../../json/lossless.js';
import type { MemberPath } from '../../json/schema.js';

/** Where data is not what was expected. */
export interface Mismatch {
  /** In what was expected. */
  at: MemberPath;
  /** JSONPath in the data. */
  path: string;
  /** Undefined: nothing. */
  expected?: Json;
  actual?: Json;
}

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', 'uuid', 'time'] as const;
const matchers = ['$any', '$absent', '$type', '$regex', '$contains', '$json', '$literal'] as const;
type Matcher = { name: (typeof matchers)[number]; operand: Json };

/** `{"$regex": "^A"}`: an object with a matcher's name alone; all others are data. */
function matcherIn(value: Json): Matcher | undefined {
  if (!isObject(value)) return undefined;
  const [key = '', another] = Object.keys(value);
  if (another !== undefined || !key.startsWith('$')) return undefined;
  const name = matchers.find((one) => one === key);
  return name === undefined ? undefined : { name, operand: value[name] ?? null };
}

interface MatcherFault {
  path: MemberPath;
  message: string;
}

/** The first matcher that can't be used, and why. */
export function matcherFault(value: Json | undefined): MatcherFault | undefined {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = matcherFault(value[index]);
      if (fault) return { ...fault, path: [index, ...fault.path] };
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const matcher = matcherIn(value);
  if (matcher?.name === '$literal') return undefined;
  const message = matcher && operandFault(matcher);
  if (matcher && message !== undefined) return { path: [matcher.name], message };
  for (const key of Object.keys(value)) {
    const fault = matcherFault(value[key]);
    if (fault) return { ...fault, path: [key, ...fault.path] };
  }
  return undefined;
}

function operandFault({ name, operand }: Matcher): string | undefined {
  if (name === '$type' && !types.some((type) => type === operand))
    return `must be one of ${types.join(', ')}`;
  if (name === '$regex' && !(typeof operand === 'string' && compiles(operand)))
    return 'must be a regular expression';
  return (name === '$any' || name === '$absent') && operand !== true ? 'must be true' : undefined;
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** The same data without a matcher in it, as most is: told without the paths that a difference needs. */
function isJust(expected: Json, actual: Json | undefined): boolean {
  if (expected === actual) return true;
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => isJust(item, actual[index]))
    );
  if (!isObject(expected) || !isObject(actual)) return false;
  const keys = Object.keys(expected);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => !key.startsWith('$') && isJust(expected[key] ?? null, own(actual, key)))
  );
}

/** Where `actual` differs from what was expected; numbers count by value, members whatever their order. */
export function mismatches(
  expected: Json,
  actual: Json | undefined,
  at: MemberPath = [],
  path = '$',
): Mismatch[] {
  if (isJust(expected, actual)) return [];
  const matcher = matcherIn(expected);
  if (matcher) return matched(matcher, expected, actual, at, path);
  return compared(expected, actual, at, path, mismatches, false);
}

type Compare = typeof mismatches;

function matched(
  { name, operand }: Matcher,
  expected: Json,
  actual: Json | undefined,
  at: MemberPath,
  path: string,
): Mismatch[] {
  const inner = [...at, name];
  const unless = (fits: boolean): Mismatch[] => (fits ? [] : [{ at, path, expected, actual }]);
  switch (name) {
    case '$any':
      return unless(actual !== undefined);
    case '$absent':
      return unless(actual === undefined);
    case '$type':
      return unless(actual !== undefined && isOf(String(operand), actual));
    case '$regex':
      return unless(typeof actual === 'string' && new RegExp(String(operand), 'u').test(actual));
    case '$literal':
      return compared(operand, actual, inner, path, literally, false);
    case '$json': {
      const value = typeof actual === 'string' ? parsedAsWritten(actual) : undefined;
      return value === undefined ? unless(false) : mismatches(operand, value, inner, path);
    }
    case '$contains':
      if (typeof operand === 'string' && typeof actual === 'string') return unless(actual.includes(operand));
      if (!Array.isArray(operand) && Array.isArray(actual))
        return unless(actual.some((item) => partly(operand, item).length === 0));
      return partly(operand, actual, inner, path);
  }
}

const literally: Compare = (expected, actual, at = [], path = '$') =>
  compared(expected, actual, at, path, literally, false);

/** Objects may have other members, arrays other items, at every depth. */
const partly: Compare = (expected, actual, at = [], path = '$') => {
  const matcher = matcherIn(expected);
  if (matcher) return matched(matcher, expected, actual, at, path);
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.flatMap((item, index) =>
      actual.some((one) => partly(item, one).length === 0)
        ? []
        : [{ at: [...at, index], path, expected: item, actual }],
    );
  return compared(expected, actual, at, path, partly, true);
};

function compared(
  expected: Json,
  actual: Json | undefined,
  at: MemberPath,
  path: string,
  compare: Compare,
  partial: boolean,
): Mismatch[] {
  if (isObject(expected) && isObject(actual)) {
    const found = Object.keys(expected).flatMap((key) =>
      compare(expected[key] ?? null, own(actual, key), [...at, key], path + member(key)),
    );
    const more = partial ? [] : Object.keys(actual).filter((key) => !Object.hasOwn(expected, key));
    const extra = more.map((key) => ({ at: [...at, key], path: path + member(key), actual: actual[key] }));
    return [...found, ...extra];
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) => {
      const [item, place, where] = [expected[index], [...at, index], `${path}[${index}]`];
      return item === undefined
        ? [{ at: place, path: where, actual: actual[index] }]
        : compare(item, actual[index], place, where);
    });
  }
  return same(expected, actual) ? [] : [{ at, path, expected, actual }];
}

function same(expected: Json, actual: Json | undefined): boolean {
  if (actual === undefined) return false;
  if (expected === actual) return true;
  const [a, b] = [numberIn(expected), numberIn(actual)];
  if (a !== undefined || b !== undefined)
    return jsonText(expected) === jsonText(actual) || (a === b && Number.isSafeInteger(Math.trunc(a ?? 0)));
  return false;
}

const own = (object: Record<string, Json>, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const member = (key: string): string =>
  /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;

function isOf(type: string, value: Json): boolean {
  const number = numberIn(value);
  switch (type) {
    case 'number':
      return number !== undefined;
    case 'integer':
      return number !== undefined && Number.isInteger(number);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'null':
      return value === null;
    case 'uuid':
      return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
    case 'time':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
    default:
      return typeof value === type;
  }
}
