import { jsonText } from '../../src/json/lossless.js';
import { type Bound, isPlaceholder, sameText } from './placeholders.js';
import { isMembers, isNumber, type Precise, parsePrecise, sameNumber } from './precise.js';

/** What a service's HTTP client says of itself: of one run. */
const NOISE = new Set(['SdkHttpMetadata', 'SdkResponseMetadata', 'ResponseMetadata', '$metadata']);

/** What is left out of both sides. */
export type Omit = ReadonlySet<string>;

interface Place {
  bound: Bound;
  omit: Omit;
  /** Whether it was read from a text of the service's: a number of an answer has no text. */
  inText: boolean;
  path: string;
}

/**
 * The first difference, with where it is, or undefined. Recordings have JSON inside of texts parsed; texts that they
 * left as they are must be the same letter by letter. `bound` learns what placeholders stand for.
 */
export function difference(
  expected: Precise | undefined,
  actual: unknown,
  bound: Bound,
  omit: Omit = new Set(),
): string | undefined {
  return valueDifference(expected, actual, { bound, omit, inText: false, path: '' });
}

function valueDifference(expected: Precise | undefined, given: unknown, place: Place): string | undefined {
  const parsed = typeof given === 'string' && typeof expected !== 'string' ? parsedText(given) : undefined;
  const actual = parsed === undefined ? given : parsed;
  const here = parsed === undefined ? place : { ...place, inText: true };
  if (isMembers(expected) && isMembers(actual)) return membersDifference(expected, actual, here);
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return first(expected, (item, index) =>
      valueDifference(item, actual[index], { ...here, path: `${here.path}[${index}]` }),
    );
  return same(expected, actual, here)
    ? undefined
    : `${place.path}: expected ${shown(expected)}, got ${shown(given)}`;
}

function same(expected: Precise | undefined, actual: unknown, { bound, inText }: Place): boolean {
  if (typeof expected === 'string') {
    if (typeof actual === 'string') return sameText(expected, actual, bound);
    // A number or a date that was taken out.
    const scalar = typeof actual === 'number' || actual instanceof Date;
    return scalar && isPlaceholder(expected) && sameText(expected, String(actual), bound);
  }
  if (isNumber(expected) && isNumber(actual)) return sameNumber(expected, actual, inText);
  return expected === actual;
}

function membersDifference(
  expected: { [key: string]: Precise },
  actual: { [key: string]: Precise },
  place: Place,
): string | undefined {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return first([...names], (name) => {
    if (place.omit.has(name) || NOISE.has(name)) return undefined;
    return valueDifference(expected[name], actual[name], { ...place, path: `${place.path}.${name}` });
  });
}

function first<T>(items: T[], look: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found) return found;
  }
  return undefined;
}

function parsedText(text: string): unknown {
  try {
    return parsePrecise(text);
  } catch {
    return undefined;
  }
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : jsonText(value));
