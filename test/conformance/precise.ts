import { type ExactJson, ExactNumber, parseExact } from '../../src/json/exact.js';

/** JSON whose numbers keep the digits that JavaScript would lose: those alone are ExactNumbers. */
export type Precise = null | boolean | string | number | ExactNumber | Precise[] | { [key: string]: Precise };

/** @throws SyntaxError */
export const parsePrecise = (text: string): Precise => reduced(parseExact(text));

function reduced(value: ExactJson): Precise {
  if (value instanceof ExactNumber)
    return String(Number(value.text)) === value.text ? Number(value.text) : value;
  if (Array.isArray(value)) return value.map(reduced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reduced(item)]));
}

export const isMembers = (value: unknown): value is { [key: string]: Precise } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** The same number; `asWritten`: 1 is not 1.0, but which way a fraction's exponent is written is the recorder's. */
export function sameNumber(
  one: number | ExactNumber,
  other: number | ExactNumber,
  asWritten = true,
): boolean {
  const [a, b] = [one, other].map((number) => (typeof number === 'number' ? String(number) : number.text));
  const fractions = [a, b].every((text) => /[.eE]/.test(text ?? ''));
  return a === b || ((fractions || !asWritten) && Number(a) === Number(b));
}

export const isNumber = (value: unknown): value is number | ExactNumber =>
  typeof value === 'number' || value instanceof ExactNumber;
