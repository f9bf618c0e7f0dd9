import { isObject, type Json } from '../../src/json/json.js';
import { jsonText, numberIn, parseWritten } from '../../src/json/lossless.js';

/** JSON whose numbers keep the digits that JavaScript would lose. */
export type Precise = Json;

/** @throws SyntaxError */
export const parsePrecise = parseWritten;

export const isMembers = (value: unknown): value is { [key: string]: Precise } => isObject(value as Json);

/** The same number; `asWritten`: 1 is not 1.0, but which way a fraction's exponent is written is the recorder's. */
export function sameNumber(one: number, other: number, asWritten = true): boolean {
  const [a, b] = [jsonText(one), jsonText(other)];
  const fractions = [a, b].every((text) => /[.eE]/.test(text));
  return a === b || ((fractions || !asWritten) && Number(a) === Number(b));
}

/** Some are kept as they were written, which no `typeof` tells. */
export const isNumber = (value: unknown): value is number => numberIn(value) !== undefined;
