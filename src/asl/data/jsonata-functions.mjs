// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { javaRandom } from './java-random.mjs';
import { ELEMENT_BYTES, OUT_OF_MEMORY, OverLimit, VALUE_BYTES } from './jsonata-limits.mjs';

/**
 * The functions that Step Functions adds to JSONata's own, and those that must not read the machine's clock, with
 * their signatures: JSONata judges the arguments by them. One that it takes away is bound to nothing.
 * @param {() => number} clock epoch milliseconds
 * @returns {Promise<[name: string, signature: string, implementation: (...args: any[]) => unknown][]>}
 */
export async function awsFunctions(clock) {
  const fromMillis = await formatter;
  return [
    ['partition', '<xn?:a>', partition],
    ['range', '<nnn?:a>', range],
    ['hash', '<ss:s>', hash],
    ['random', '<n?:n>', random],
    ['uuid', '<:s>', () => randomUUID()],
    ['parse', '<s:x>', parse],
    ['millis', '<:n>', clock],
    ['now', '<s?s?:s>', (picture, timezone) => fromMillis(clock(), picture, timezone)],
  ];
}

/** @type {Readonly<Record<string, undefined>>} */
export const TAKEN_AWAY = { eval: undefined };

/**
 * JSONata's own `$fromMillis`, which knows its pictures.
 * @type {Promise<(millis: number, picture?: string, timezone?: string) => string>}
 */
const formatter = jsonata('$fromMillis')
  .evaluate(undefined)
  .then(({ implementation }) => implementation);

/** Everywhere: what is missing makes nothing of it, and a fraction loses what comes after its point. */

/**
 * @param {unknown} items
 * @param {number} [size]
 */
function partition(items, size) {
  if (items === undefined) return undefined;
  // A signature would make an array of it. AWS says no more of the type, either.
  if (!Array.isArray(items)) throw { code: 'T0412', index: 1, value: items };
  if (size === undefined) return [items];
  const step = Math.trunc(size);
  if (step < 1) return undefined;
  const chunks = [];
  for (let from = 0; from < items.length; from += step) chunks.push(items.slice(from, from + step));
  return chunks;
}

/** What the numbers take while they are put together, measured on AWS: 200,000 have room, 500,000 have not. */
const MOST_IN_RANGE = VALUE_BYTES / (2 * ELEMENT_BYTES);

/**
 * As on AWS, one number alone is that number, not an array of it.
 * @param {number} [first]
 * @param {number} [last]
 * @param {number} [delta]
 */
function range(first, last, delta) {
  if (first === undefined || last === undefined || delta === undefined) return undefined;
  const [from, to, step] = [Math.trunc(first), Math.trunc(last), Math.trunc(delta)];
  if (step === 0) return undefined;
  const size = Math.max(0, Math.floor((to - from) / step) + 1);
  if (size > MOST_IN_RANGE) throw new OverLimit(OUT_OF_MEMORY);
  const numbers = Array.from({ length: size }, (_, index) => from + index * step);
  return numbers.length > 1 ? numbers : numbers[0];
}

const ALGORITHMS = new Map([
  ['SHA-1', 'sha1'],
  ['SHA-384', 'sha384'],
  ['SHA-256', 'sha256'],
  ['SHA-512', 'sha512'],
  ['MD5', 'md5'],
]);

/**
 * @param {string} [data]
 * @param {string} [algorithm]
 */
function hash(data, algorithm) {
  if (data === undefined || algorithm === undefined) return undefined;
  const name = ALGORITHMS.get(algorithm);
  if (!name) {
    const known = [...ALGORITHMS.keys()].join(', ');
    throw { code: 'D3137', message: `Hash algorithm '${algorithm}' must be one of ${known}` };
  }
  return createHash(name).update(data).digest('hex');
}

/** @param {number} [seed] */
function random(seed) {
  return seed === undefined ? Math.random() : javaRandom(Math.trunc(seed)).double();
}

/** @param {string} [text] */
function parse(text) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw { code: 'D3137', message: 'Invalid JSON' };
  }
}
