// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';

/**
 * The functions that Step Functions adds to JSONata's own, and those that it takes away or that must not read the
 * machine's clock.
 * @param {number} at epoch milliseconds
 * @returns {Promise<Record<string, unknown>>}
 */
export async function awsFunctions(at) {
  const fromMillis = await formatter;
  return {
    partition,
    range,
    hash,
    random,
    uuid: () => randomUUID(),
    /** @param {unknown} text */
    parse: (text) => JSON.parse(string('parse', text)),
    eval: undefined,
    millis: () => at,
    /** @type {(picture?: string, timezone?: string) => string} */
    now: (picture, timezone) => fromMillis(at, picture, timezone),
  };
}

/**
 * JSONata's own `$fromMillis`, which knows its pictures.
 * @type {Promise<(millis: number, picture?: string, timezone?: string) => string>}
 */
const formatter = jsonata('$fromMillis')
  .evaluate(undefined)
  .then(({ implementation }) => implementation);

/**
 * @param {unknown} items
 * @param {unknown} size
 */
function partition(items, size) {
  if (items === undefined) return undefined;
  const array = Array.isArray(items) ? items : [items];
  const step = Math.floor(number('partition', size));
  if (step < 1) throw new Error('The chunk size of $partition must be positive');
  const chunks = [];
  for (let from = 0; from < array.length; from += step) chunks.push(array.slice(from, from + step));
  return chunks;
}

/**
 * As on AWS, one number alone is that number, not an array of it.
 * @param {unknown} first
 * @param {unknown} last
 * @param {unknown} delta
 */
function range(first, last, delta) {
  const [from, to, step] = [number('range', first), number('range', last), number('range', delta)];
  if (step === 0) throw new Error('The delta of $range must not be 0');
  const size = Math.max(0, Math.floor((to - from) / step) + 1);
  if (size > 1_000_000) throw new Error('The range of $range has too many elements');
  const numbers = Array.from({ length: size }, (_, index) => from + index * step);
  return numbers.length > 1 ? numbers : numbers[0];
}

const ALGORITHMS = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/**
 * @param {unknown} data
 * @param {unknown} algorithm
 */
function hash(data, algorithm) {
  const name = ALGORITHMS.get(string('hash', algorithm));
  if (!name) throw new Error(`The algorithm '${String(algorithm)}' of $hash is not known`);
  return createHash(name).update(string('hash', data)).digest('hex');
}

/**
 * With a seed, always the same number for the same seed.
 * @param {unknown} seed
 */
function random(seed) {
  if (seed === undefined) return Math.random();
  const digest = createHash('sha256').update(String(number('random', seed)));
  return digest.digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function number(name, value) {
  if (typeof value !== 'number') throw new Error(`$${name} expects a number`);
  return value;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function string(name, value) {
  if (typeof value !== 'string') throw new Error(`$${name} expects a string`);
  return value;
}
