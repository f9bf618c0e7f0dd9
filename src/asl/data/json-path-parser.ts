import type { Json } from '../../json/json.js';
import {
  compileRegularExpression,
  type RegularExpression,
  UnsupportedExpression,
} from './regular-expression.js';
import { MAX_EXPRESSION_DEPTH, OverLimit } from './work-limit.js';

/** Syntax of the JSONPath dialect that AWS speaks (a subset of Jayway's). */
export interface Path {
  text: string;
  /** `$`: the input, `$$`: the context object, else the name of a variable. */
  root: string;
  segments: Segment[];
  /** Selects at most one node (`$.a[0]`), so a miss is an error; otherwise the answer is a list. */
  definite: boolean;
  /** A path of ASL's Reference Path form: names and non-negative indexes only. */
  reference: boolean;
}

export type Segment =
  | { kind: 'name'; name: string }
  | { kind: 'names'; names: string[] }
  | { kind: 'index'; index: number }
  | { kind: 'indexes'; indexes: number[] }
  | { kind: 'slice'; from?: number; to?: number }
  | { kind: 'wildcard' }
  /** `..`: this node and all that it contains. */
  | { kind: 'descend' }
  | { kind: 'filter'; test: Test };

export type Test =
  | { kind: 'or' | 'and'; left: Test; right: Test }
  | { kind: 'not'; test: Test }
  | { kind: 'exists'; operand: Operand }
  | { kind: 'compare'; operator: string; left: Operand; right: Operand };

export type Operand =
  | { kind: 'literal'; value: Json }
  | { kind: 'regex'; regex: RegularExpression }
  /** `@…` starts at the candidate node, `$…` at the root of the document. */
  | { kind: 'path'; from: '@' | '$'; segments: Segment[] };

const cache = new Map<string, Path>();
/** Paths come from definitions, so they are few; the bound only keeps a fuzzer from filling the memory. */
const CACHE_LIMIT = 10_000;

/** Parses once per text. Throws a SyntaxError that says where the path went wrong. */
export function parsePath(text: string): Path {
  const known = cache.get(text);
  if (known) return known;
  const path = new PathParser(text).path();
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, path);
  return path;
}

export function isPath(text: string): boolean {
  try {
    parsePath(text);
    return true;
  } catch {
    return false;
  }
}

const NAME_END = /[.[\]()\s,'"]/;
const OPERATORS = ['==', '!=', '<=', '>=', '=~', '<', '>', 'nin', 'in', 'contains', 'size'] as const;

/** Recursive descent over one path; a class because the position is shared by all of its rules. */
class PathParser {
  private at = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  path(): Path {
    const root = this.root();
    const segments = this.segments();
    this.space();
    if (this.at < this.text.length) this.fail('unexpected character');
    const definite = segments.every((s) => s.kind === 'name' || s.kind === 'index');
    const reference = definite && segments.every((s) => s.kind !== 'index' || s.index >= 0);
    return { text: this.text, root, segments, definite, reference };
  }

  private root(): string {
    if (this.text[this.at] !== '$') this.fail("a path starts with '$'");
    this.at++;
    if (this.text[this.at] === '$') {
      this.at++;
      return '$$';
    }
    const variable = /^[\p{ID_Start}_][\p{ID_Continue}]*/u.exec(this.text.slice(this.at));
    if (!variable) return '$';
    this.at += variable[0].length;
    return variable[0];
  }

  private segments(): Segment[] {
    const found: Segment[] = [];
    while (this.at < this.text.length) {
      const next = this.text[this.at];
      if (next === '.') {
        this.at++;
        if (this.text[this.at] === '.') {
          this.at++;
          found.push({ kind: 'descend' });
        }
        // A bracket may follow a dot.
        if (this.text[this.at] === '[') continue;
        found.push(this.dotted());
      } else if (next === '[') {
        this.at++;
        found.push(this.bracketed());
        this.space();
        this.expect(']');
      } else break;
    }
    return found;
  }

  private dotted(): Segment {
    if (this.text[this.at] === '*') {
      this.at++;
      return { kind: 'wildcard' };
    }
    let name = '';
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? '';
      if (character === '\\' && this.at + 1 < this.text.length) {
        name += this.text[this.at + 1];
        this.at += 2;
        continue;
      }
      // An operator of a filter may follow a name without a blank.
      if (NAME_END.test(character) || /[=!<>&|]/.test(character)) break;
      name += character;
      this.at++;
    }
    if (name === '') this.fail('a name is missing');
    return { kind: 'name', name };
  }

  private bracketed(): Segment {
    this.space();
    const next = this.text[this.at];
    if (next === '*') {
      this.at++;
      return { kind: 'wildcard' };
    }
    if (next === '?') {
      this.at++;
      this.space();
      this.expect('(');
      const test = this.or();
      this.space();
      this.expect(')');
      return { kind: 'filter', test };
    }
    if (next === "'" || next === '"') {
      const names = this.list(() => this.quoted());
      return names.length === 1 && names[0] !== undefined
        ? { kind: 'name', name: names[0] }
        : { kind: 'names', names };
    }
    return this.numbers();
  }

  private numbers(): Segment {
    const slice = /^\s*(-?\d+)?\s*:\s*(-?\d+)?/.exec(this.text.slice(this.at));
    if (slice) {
      this.at += slice[0].length;
      return { kind: 'slice', from: integer(slice[1]), to: integer(slice[2]) };
    }
    const indexes = this.list(() => {
      const number = /^-?\d+/.exec(this.text.slice(this.at));
      if (!number) return this.fail('an index is missing');
      this.at += number[0].length;
      return Number(number[0]);
    });
    return indexes.length === 1 && indexes[0] !== undefined
      ? { kind: 'index', index: indexes[0] }
      : { kind: 'indexes', indexes };
  }

  private list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.space();
      items.push(item());
      this.space();
    } while (this.take(','));
    return items;
  }

  private or(): Test {
    let left = this.and();
    while (this.spacedTake('||')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Test {
    let left = this.term();
    while (this.spacedTake('&&')) left = { kind: 'and', left, right: this.term() };
    return left;
  }

  private term(): Test {
    if (++this.depth > MAX_EXPRESSION_DEPTH) this.fail('nested too deeply');
    const test = this.unnestedTerm();
    this.depth--;
    return test;
  }

  private unnestedTerm(): Test {
    if (this.spacedTake('!')) return { kind: 'not', test: this.term() };
    if (this.spacedTake('(')) {
      const test = this.or();
      this.space();
      this.expect(')');
      return test;
    }
    const left = this.operand();
    this.space();
    const operator = OPERATORS.find((name) => this.text.startsWith(name, this.at));
    if (!operator) return { kind: 'exists', operand: left };
    this.at += operator.length;
    return { kind: 'compare', operator, left, right: this.operand() };
  }

  private operand(): Operand {
    this.space();
    if (++this.depth > MAX_EXPRESSION_DEPTH) this.fail('nested too deeply');
    const operand = this.unnestedOperand();
    this.depth--;
    return operand;
  }

  private unnestedOperand(): Operand {
    const next = this.text[this.at];
    if (next === '@' || next === '$') {
      this.at++;
      return { kind: 'path', from: next, segments: this.segments() };
    }
    if (next === '/') return { kind: 'regex', regex: this.regex() };
    if (next === "'" || next === '"') return { kind: 'literal', value: this.quoted() };
    if (next === '[') {
      this.at++;
      const value = this.list(() => {
        const item = this.operand();
        return item.kind === 'literal' ? item.value : this.fail('a literal is missing');
      });
      this.expect(']');
      return { kind: 'literal', value };
    }
    const word = /^[\w.+-]+/.exec(this.text.slice(this.at))?.[0];
    if (!word) return this.fail('an operand is missing');
    this.at += word.length;
    // A bare word is a string: definitions in the wild leave its quotes out.
    const json = /^(true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?)$/.test(word);
    return { kind: 'literal', value: json ? (JSON.parse(word) as Json) : word };
  }

  private regex(): RegularExpression {
    const found = /^\/((?:[^/\\]|\\.)*)\/([ims]*)/.exec(this.text.slice(this.at));
    if (!found) return this.fail('a regular expression is not closed');
    this.at += found[0].length;
    return runnable(found[1] ?? '', found[2]);
  }

  private quoted(): string {
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') return this.fail('a quote is missing');
    let value = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.text[this.at];
      if (character === quote) {
        this.at++;
        return value;
      }
      // As recorded on AWS: a backslash before anything else than the quote stands for itself.
      if (character === '\\' && this.text[this.at + 1] === quote) this.at++;
      value += this.text[this.at] ?? '';
    }
    return this.fail('a quote is not closed');
  }

  private space(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private spacedTake(token: string): boolean {
    this.space();
    return this.take(token);
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail(`'${token}' is missing`);
  }

  private fail(why: string): never {
    throw new SyntaxError(`Invalid path '${this.text}': ${why} at character ${this.at + 1}`);
  }
}

/** One that AWS takes and this matcher does not run fails the state that asks for it, not the definition. */
function runnable(source: string, flags: string | undefined): RegularExpression {
  try {
    return compileRegularExpression(source, flags);
  } catch (error) {
    if (!(error instanceof UnsupportedExpression)) throw error;
    const fail = (): never => {
      throw new OverLimit(error.message);
    };
    return { matches: fail, isFoundIn: fail };
  }
}

function integer(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
