import type { Json, JsonObject } from './json.js';
import { parseJson, TOO_DEEP, tooDeepAt } from './parse.mjs';

/** Where a value stands in its text: offsets in UTF-16 units, `end` exclusive. */
export interface SourceNode {
  start: number;
  end: number;
  /** Of an object's member: where its name begins. */
  keyStart?: number;
  /** By name or index. */
  members?: Map<string | number, SourceNode>;
}

/** A text that is no JSON; the message is the one of the parser that AWS uses, without its place. */
export class JsonSyntaxError extends SyntaxError {
  constructor(
    message: string,
    /** Where the parser stopped reading; */
    readonly offset: number,
    /** where what cannot stand there begins. */
    readonly start = offset,
  ) {
    super(message);
  }
}

/** Parses JSON and remembers where everything stood. Throws a JsonSyntaxError; `unique`: of a name that comes twice, too. */
export function parseJsonSource(text: string, { unique = false } = {}): { value: Json; root: SourceNode } {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) throw new JsonSyntaxError(TOO_DEEP, tooDeep);
  return new JsonReader(text, unique).document();
}

/** Offset of the first character that cannot stand where it does; undefined when the text is JSON. */
export function jsonErrorOffset(text: string): number | undefined {
  return problemOf(text)?.start;
}

/** What AWS's parser says of a text; undefined when it is JSON. */
export function jsonProblem(text: string): string | undefined {
  return problemOf(text)?.message;
}

function problemOf(text: string): JsonSyntaxError | undefined {
  try {
    parseJson(text);
    return undefined;
  } catch {
    try {
      parseJsonSource(text);
      // A byte order mark, which only files of people's own may begin with.
      return new JsonSyntaxError("Unexpected character ('\ufeff' (code 65279))", 0);
    } catch (error) {
      if (error instanceof JsonSyntaxError) return error;
      throw error;
    }
  }
}

/** Line and column of an offset, both from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /[\p{ID_Continue}$]+/uy;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*("?)/y;
const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

const shown = (code: number): string => `'${String.fromCodePoint(code)}' (code ${code})`;

class JsonReader {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly unique: boolean,
  ) {
    if (text.startsWith('\ufeff')) this.at = 1;
  }

  document(): { value: Json; root: SourceNode } {
    const found = this.value();
    this.space();
    if (this.at < this.text.length) this.word('was expecting end of input');
    return { value: found.value, root: found.node };
  }

  private value(within?: 'Object' | 'Array'): { value: Json; node: SourceNode } {
    if (within) this.entry(within);
    else this.space();
    const start = this.at;
    const members = new Map<string | number, SourceNode>();
    switch (this.text[start]) {
      case '{': {
        const value = this.object(members);
        return { value, node: { start, end: this.at, members } };
      }
      case '[': {
        const value = this.array(members);
        return { value, node: { start, end: this.at, members } };
      }
      default:
        return { value: this.scalar(), node: { start, end: this.at } };
    }
  }

  private object(members: Map<string | number, SourceNode>): JsonObject {
    const start = this.at++;
    const entries: [string, Json][] = [];
    for (let first = true; ; first = false) {
      if (first) {
        this.space('Object', start);
        if (this.take('}')) break;
      } else this.entry('Object');
      const keyStart = this.at;
      if (this.text[this.at] !== '"') this.unexpected('double-quote to start field name');
      const key = this.string('name');
      if (this.unique && members.has(key))
        throw new JsonSyntaxError(`Duplicate field '${key}'`, this.at, keyStart);
      this.space('Object', start);
      if (!this.take(':')) this.unexpected('a colon to separate field name and value');
      const { value, node } = this.value('Object');
      members.set(key, { ...node, keyStart });
      entries.push([key, value]);
      this.space('Object', start);
      if (this.take('}')) break;
      if (!this.take(',')) this.unexpected('comma to separate Object entries');
    }
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(entries);
  }

  private array(members: Map<string | number, SourceNode>): Json[] {
    const start = this.at++;
    const items: Json[] = [];
    for (let first = true; ; first = false) {
      if (first) {
        this.space('Array', start);
        if (this.take(']')) break;
      }
      const { value, node } = this.value('Array');
      members.set(items.length, node);
      items.push(value);
      this.space('Array', start);
      if (this.take(']')) break;
      if (!this.take(',')) this.unexpected('comma to separate Array entries');
    }
    return items;
  }

  private scalar(): Json {
    if (this.text[this.at] === '"') return this.string();
    const number = this.match(NUMBER);
    if (number !== undefined) {
      if (/^-?0$/.test(number) && /\d/.test(this.text[this.at] ?? ''))
        throw new JsonSyntaxError('Invalid numeric value: Leading zeroes not allowed', this.at);
      return Number(number);
    }
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      WORD.lastIndex = this.at;
      if (WORD.exec(this.text)?.[0] === word) {
        this.at += word.length;
        return value;
      }
    }
    return this.word();
  }

  private string(what: 'name' | 'string value' = 'string value'): string {
    STRING.lastIndex = this.at;
    const [found = '', closing = ''] = STRING.exec(this.text) ?? [];
    if (closing === '') throw this.badString(this.at + found.length, what);
    this.at += found.length;
    return JSON.parse(found) as string;
  }

  private badString(at: number, what: 'name' | 'string value'): JsonSyntaxError {
    const [character, escaped] = this.text.slice(at, at + 2);
    if (character === undefined)
      return new JsonSyntaxError(
        `Unexpected end-of-input${what === 'name' ? ' in field name' : ': was expecting closing quote for a string value'}`,
        this.at,
      );
    if (character !== '\\')
      return new JsonSyntaxError(
        `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be escaped using backslash to be included in ${what}`,
        at,
      );
    const hex = escaped === 'u' ? /^[0-9a-fA-F]*/.exec(this.text.slice(at + 2))?.[0].length : undefined;
    const end = at + 1 + (hex === undefined ? 0 : hex + 1);
    const code = this.text.codePointAt(end);
    if (code === undefined)
      return new JsonSyntaxError('Unexpected end-of-input in character escape sequence', end);
    return new JsonSyntaxError(
      hex === undefined
        ? `Unrecognized character escape ${shown(code)}`
        : `Unexpected character (${shown(code)}): expected a hex-digit for character escape sequence`,
      end,
    );
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private word(
    expected = `expected a ${this.text[this.at] === '}' ? 'value' : `valid value ${VALUES}`}`,
  ): never {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0];
    if (word === undefined) throw this.unexpectedCharacter(expected);
    const start = this.at;
    this.at += word.length;
    if (word === 'NaN' || word === 'Infinity')
      throw new JsonSyntaxError(
        `Non-standard token '${word}': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow`,
        this.at,
        start,
      );
    throw new JsonSyntaxError(`Unrecognized token '${word}': was expecting ${VALUES}`, this.at, start);
  }

  private unexpected(expected: string): never {
    throw this.unexpectedCharacter(`was expecting ${expected}`);
  }

  private unexpectedCharacter(expected: string): JsonSyntaxError {
    const code = this.text.codePointAt(this.at);
    return code === undefined
      ? new JsonSyntaxError('Unexpected end-of-input', this.at)
      : new JsonSyntaxError(`Unexpected character (${shown(code)}): ${expected}`, this.at);
  }

  /** Inside of a container the text must not end. */
  private space(container?: 'Object' | 'Array', start = 0): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'end')) this.at++;
    if (container === undefined || this.at < this.text.length) return;
    const { line, column } = positionOf(this.text, start);
    throw new JsonSyntaxError(
      `Unexpected end-of-input: expected close marker for ${container} (start marker at line: ${line}, column: ${column})`,
      this.at,
    );
  }

  /** Behind a comma or colon something must follow. */
  private entry(container: 'Object' | 'Array'): void {
    this.space();
    if (this.at >= this.text.length)
      throw new JsonSyntaxError(`Unexpected end-of-input within/between ${container} entries`, this.at);
  }

  private take(token: string): boolean {
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }
}
