import { matchesParts } from '../../../asl/data/wildcard.js';
import { betweenPercents, quoted, regularExpression, type Scanner, unescaped } from './scanner.js';

/** A comparison with what stands in a field of a log event. */
export type ValueTest = (value: string | number | boolean) => boolean;

/** No two of its repetitions may meet: a text of digits alone would be parted between them in every way. */
const numeric = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** `= 4*`, `!= "text"`, `> 3`, `= %regex%`. `bare`: what an unquoted value may be here (sticky). */
export function takeComparison(scanner: Scanner, bare: RegExp): ValueTest {
  const [operator] = scanner.expect(/!=|>=|<=|=|>|</y);
  if (operator === '=' || operator === '!=') {
    const equal = takeEqual(scanner, bare);
    return operator === '=' ? equal : (value) => !equal(value);
  }
  const [text] = scanner.expect(bare);
  const limit = Number(text);
  if (!numeric.test(text)) throw scanner.invalidTerm();
  return (value) => {
    const number = numberOf(value);
    if (number === undefined) return false;
    if (operator === '>') return number > limit;
    if (operator === '<') return number < limit;
    return operator === '>=' ? number >= limit : number <= limit;
  };
}

function takeEqual(scanner: Scanner, bare: RegExp): ValueTest {
  const expression = scanner.take(betweenPercents);
  if (expression) {
    const regex = regularExpression(expression[1] ?? '');
    return (value) => regex(String(value));
  }
  const text = scanner.take(quoted);
  if (text) {
    const matches = wildcard(text[1] ?? '');
    return (value) => typeof value === 'string' && matches(value);
  }
  const plain = scanner.take(bare)?.[0].trim();
  if (!plain) throw scanner.invalidTerm();
  const matches = wildcard(plain);
  if (!numeric.test(plain)) return (value) => matches(String(value));
  return (value) => (typeof value === 'number' ? value === Number(plain) : matches(String(value)));
}

/** A test for a text in which `*` stands for any characters (`\*` for itself). */
function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.split(/(?<!\\)\*/).map(unescaped);
  return (text) => matchesParts(parts, text);
}

function numberOf(value: string | number | boolean): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && numeric.test(value) ? Number(value) : undefined;
}

/** `a && b || c`, && before ||, parentheses around it: the same in both kinds of patterns. */
export function takeCondition<T>(
  scanner: Scanner,
  takeSimple: () => (subject: T) => boolean,
): (subject: T) => boolean {
  const either = [takeAll(scanner, takeSimple)];
  while (scanner.take(/\|\|/y)) either.push(takeAll(scanner, takeSimple));
  return either.length === 1 && either[0] ? either[0] : (subject) => either.some((test) => test(subject));
}

function takeAll<T>(scanner: Scanner, takeSimple: () => (subject: T) => boolean): (subject: T) => boolean {
  const all = [takeGroup(scanner, takeSimple)];
  while (scanner.take(/&&/y)) all.push(takeGroup(scanner, takeSimple));
  return all.length === 1 && all[0] ? all[0] : (subject) => all.every((test) => test(subject));
}

function takeGroup<T>(scanner: Scanner, takeSimple: () => (subject: T) => boolean): (subject: T) => boolean {
  if (!scanner.take(/\(/y)) return takeSimple();
  const inner = scanner.nested(() => takeCondition(scanner, takeSimple));
  scanner.expect(/\)/y);
  return inner;
}
