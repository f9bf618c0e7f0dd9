import { AwsError } from '../ports.js';

export const invalidPattern = (message = 'Invalid filter pattern'): AwsError =>
  new AwsError('InvalidParameterException', message);

/** Reads a filter pattern from left to right. */
export class Scanner {
  private position = 0;

  constructor(private readonly text: string) {}

  /** What `expression` (sticky) matches here, blanks before it skipped. */
  take(expression: RegExp): RegExpExecArray | undefined {
    const blanks = /\s*/y;
    blanks.lastIndex = this.position;
    blanks.exec(this.text);
    expression.lastIndex = blanks.lastIndex;
    const match = expression.exec(this.text);
    if (!match) return undefined;
    this.position = expression.lastIndex;
    return match;
  }

  expect(expression: RegExp): RegExpExecArray {
    const match = this.take(expression);
    if (!match) throw invalidPattern();
    return match;
  }

  atEnd(): boolean {
    return this.text.slice(this.position).trim() === '';
  }

  /** A term that is not quoted holds letters, digits and underscores; this tells what it holds instead. */
  invalidTerm(): AwsError {
    const rest = this.text.slice(this.position).trimStart();
    const characters = /^[\p{L}\p{N}_]*([^\p{L}\p{N}_\s]+)/u.exec(rest)?.[1] ?? rest;
    return invalidPattern(`Invalid character(s) in term '${characters}'`);
  }
}

/** `"…"`, in which a backslash takes the next character as it is. */
export const quoted = /"((?:[^"\\]|\\.)*)"/y;
export const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** `%…%`, where `\%` does not end it. */
export const betweenPercents = /%((?:[^%\\]|\\.)*)%/y;

/** What AWS does not take in a regular expression: groups, most symbols, all but ASCII. */
const notAllowed = /[^\w\s:#=@/;,\-^$?[\]{}|\\*+.]+/;

export function regularExpression(source: string): RegExp {
  const [odd] = notAllowed.exec(source.replace(/\\x[0-9A-Fa-f]{2}/g, '')) ?? [];
  if (odd !== undefined) throw invalidPattern(`Invalid character(s) in term '${odd}'`);
  // AWS lets the least count of a repetition be left out, and a blank stand in it.
  const counts = source.replace(
    /\{\s*(\d*)\s*,\s*(\d*)\s*\}/g,
    (_, least, most) => `{${least || 0},${most}}`,
  );
  try {
    return new RegExp(counts);
  } catch {
    throw invalidPattern();
  }
}
