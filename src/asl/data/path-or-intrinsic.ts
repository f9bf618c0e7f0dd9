import type { Json } from '../../json/json.js';
import { parseWritten } from '../../json/lossless.js';
import { callIntrinsic, INTRINSICS, InvalidCall } from './intrinsics.js';
import { evaluatePath, type Path, PathNotFound, parsePath } from './json-path.js';
import type { Scope } from './scope.js';
import { runtimeError } from './state-error.js';
import { fromJson, jsonOf, textOf, type Value } from './value.js';

/** The right side of a `"key.$"`: a path, or an intrinsic function over paths and literals. */
export type Expression = { kind: 'path'; path: Path } | { kind: 'literal'; value: Json } | Call;

interface Call {
  kind: 'call';
  name: string;
  args: Expression[];
  /** The whole expression that it is a part of. */
  text: string;
}

const cache = new Map<string, Expression>();
const CACHE_LIMIT = 10_000;

/** Parses once per text; throws a SyntaxError. */
export function parseExpression(text: string): Expression {
  const known = cache.get(text);
  if (known) return known;
  const expression: Expression = text.startsWith('States.')
    ? new CallParser(text).whole()
    : { kind: 'path', path: parsePath(text) };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, expression);
  return expression;
}

/** As evaluateExpression; a whole document is that document, unread. */
export function expressionValue(expression: Expression, scope: Scope, field: string): Value {
  if (expression.kind === 'path' && expression.path.segments.length === 0) {
    const { root } = expression.path;
    if (root === '$') return scope.input;
    if (root === '$$') return scope.context();
  }
  return fromJson(evaluateExpression(expression, scope, field));
}

/** `field` names the place in the definition for the error's text (`value.$`, `CausePath`). */
export function evaluateExpression(expression: Expression, scope: Scope, field: string): Json {
  try {
    return resultOf(expression, scope);
  } catch (error) {
    if (error instanceof PathNotFound && expression.kind === 'path')
      throw runtimeError(
        `The JSONPath '${expression.path.text}' specified for the field '${field}' could not be found in the input '${textOf(scope.input)}'`,
      );
    if (expression.kind !== 'call') throw error;
    if (error instanceof MissingArgument)
      throw runtimeError(
        `The function '${expression.text}' had the following error: The JsonPath argument for the field '${error.path}' could not be found in the input '${textOf(scope.input)}'`,
      );
    if (error instanceof InvalidCall)
      throw runtimeError(
        `There was an error while evaluating the intrinsic function: ${expression.text}. ${error.message}`,
      );
    throw error;
  }
}

class MissingArgument extends Error {
  constructor(readonly path: string) {
    super();
  }
}

function resultOf(expression: Expression, scope: Scope): Json {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'path') return lookUpOrNull(expression.path, scope);
  const args = expression.args.map((arg) => {
    try {
      return resultOf(arg, scope);
    } catch (error) {
      if (error instanceof PathNotFound && arg.kind === 'path') throw new MissingArgument(arg.path.text);
      throw error;
    }
  });
  return callIntrinsic(expression.name, args, scope);
}

/** As AWS reads a path for its value: an array has null behind its end. */
export function lookUpOrNull(path: Path, scope: Scope): Json {
  try {
    return lookUp(path, scope);
  } catch (error) {
    if (error instanceof PathNotFound && error.behindEnd) return null;
    throw error;
  }
}

/** The node or nodes that `path` selects; throws `PathNotFound`. */
export function lookUp(path: Path, scope: Scope): Json {
  if (path.root === '$') return evaluatePath(path, jsonOf(scope.input), scope.work);
  if (path.root === '$$') return evaluatePath(path, jsonOf(scope.context()), scope.work);
  const variable = scope.variable(path.root);
  if (variable === undefined) throw new PathNotFound(`No results for path: $${path.root}`);
  return evaluatePath(path, variable, scope.work);
}

/** AWS's limit of calls in one field. */
const MOST_CALLS = 10;

/** `States.Name(argument, …)`; arguments are calls, paths, 'strings', numbers, true, false, null. */
class CallParser {
  private at = 0;
  private calls = 0;
  constructor(private readonly text: string) {}

  whole(): Expression {
    const call = this.call();
    this.space();
    if (this.at < this.text.length) this.fail('unexpected text after the call');
    return call;
  }

  private call(): Expression {
    if (++this.calls > MOST_CALLS) this.fail(`more than ${MOST_CALLS} functions are called`);
    const name = /^States\.(\w+)/.exec(this.text.slice(this.at));
    if (!name?.[1]) return this.fail('a function is missing');
    if (!INTRINSICS.has(name[1])) return this.fail(`'${name[0]}' is no intrinsic function`);
    this.at += name[0].length;
    this.space();
    if (this.text[this.at] !== '(') return this.fail("'(' is missing");
    this.at++;
    const args: Expression[] = [];
    this.space();
    if (this.text[this.at] === ')') this.at++;
    else
      for (let more = true; more; ) {
        args.push(this.argument());
        this.space();
        const next = this.text[this.at];
        if (next !== ',' && next !== ')') this.fail("',' or ')' is missing");
        more = next === ',';
        this.at++;
      }
    return { kind: 'call', name: name[1], args, text: this.text };
  }

  private argument(): Expression {
    this.space();
    const next = this.text[this.at];
    if (next === "'") return { kind: 'literal', value: this.string() };
    if (next === '$') return { kind: 'path', path: parsePath(this.pathText()) };
    if (this.text.startsWith('States.', this.at)) return this.call();
    const word = /^(true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?)/.exec(this.text.slice(this.at));
    if (!word) return this.fail('an argument is missing');
    this.at += word[0].length;
    return { kind: 'literal', value: parseWritten(word[0]) };
  }

  /** `\'`, `\\` lose their backslash here; `\{` and `\}` keep it, since only Format gives braces a meaning. */
  private string(): string {
    let value = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] ?? '';
      if (character === "'") {
        this.at++;
        return value;
      }
      if (character === '\\') {
        const escaped = this.text[++this.at] ?? '';
        value += escaped === "'" ? escaped : `\\${escaped}`;
      } else value += character;
    }
    return this.fail('a string is not closed');
  }

  /** A path ends at the comma or parenthesis that is outside of its own brackets and quotes. */
  private pathText(): string {
    const start = this.at;
    let depth = 0;
    let quote = '';
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] ?? '';
      if (character === '\\') this.at++;
      else if (quote) quote = character === quote ? '' : quote;
      else if (character === '[' || character === '(') depth++;
      else if (depth > 0 && (character === "'" || character === '"')) quote = character;
      else if (depth > 0 && (character === ']' || character === ')')) depth--;
      else if (depth === 0 && (character === ',' || character === ')')) break;
    }
    return this.text.slice(start, this.at).trimEnd();
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private fail(why: string): never {
    throw new SyntaxError(`Invalid intrinsic '${this.text}': ${why} at character ${this.at + 1}`);
  }
}
