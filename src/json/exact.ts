import { parseJson } from './text.mjs';

/** A number as it was written: DynamoDB's have 38 digits, JavaScript's 17. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

export type ExactJson = null | boolean | string | ExactNumber | ExactJson[] | { [key: string]: ExactJson };

/** Strings (group 1, with the colon after a member's name), and numbers outside of them. */
const SCALARS = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;

/** JSON.parse, but for its numbers. @throws SyntaxError */
export function parseExact(text: string): ExactJson {
  parseJson(text);
  // Each scalar says by its first letter what it was: JSON.parse alone would have rounded the numbers by now.
  const told = text.replace(SCALARS, (token: string, colon?: string) => {
    if (!token.startsWith('"')) return `"N${token}"`;
    return colon === undefined ? `"S${token.slice(1)}` : token;
  });
  return JSON.parse(told, (_, value) => {
    if (typeof value !== 'string') return value;
    return value.startsWith('N') ? new ExactNumber(value.slice(1)) : value.slice(1);
  }) as ExactJson;
}
