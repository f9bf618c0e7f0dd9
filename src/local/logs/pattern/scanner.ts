import { compileRegularExpression } from '../../../asl/data/regular-expression.js';
import { MAX_EXPRESSION_DEPTH, TooMuchWork, Work } from '../../../asl/data/work-limit.js';
import { AwsError } from '../../ports.js';

export const invalidPattern = (message = 'Invalid filter pattern'): AwsError =>
  new AwsError('InvalidParameterException', message);

/** Whether an event's message is what a filter pattern looks for. */
export type Matcher = (message: string) => boolean;

/** Reads a filter pattern from left to right. */
export class Scanner {
  private position = 0;
  private depth = 0;

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

  /** Parentheses that are nested without end must not end the stack. */
  nested<T>(inner: () => T): T {
    if (++this.depth > MAX_EXPRESSION_DEPTH) throw invalidPattern();
    const found = inner();
    this.depth--;
    return found;
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

/** A test whether a text holds what `source` describes; one that takes too many steps does not match. */
export function regularExpression(source: string): (text: string) => boolean {
  const [odd] = notAllowed.exec(source.replace(/\\x[0-9A-Fa-f]{2}/g, '')) ?? [];
  if (odd !== undefined) throw invalidPattern(`Invalid character(s) in term '${odd}'`);
  // AWS lets the least count of a repetition be left out, and a blank stand in it.
  const counts = source.replace(
    /\{\s*(\d*)\s*,\s*(\d*)\s*\}/g,
    (_, least, most) => `{${least || 0},${most}}`,
  );
  try {
    const expression = compileRegularExpression(counts);
    return (text) => isFound(() => expression.isFoundIn(text, new Work(20_000_000)));
  } catch {
    throw invalidPattern();
  }
}

function isFound(search: () => boolean): boolean {
  try {
    return search();
  } catch (error) {
    if (error instanceof TooMuchWork) return false;
    throw error;
  }
}
