import { evaluatePath, PathNotFound, parsePath } from '../../asl/data/json-path.js';
import { queryText } from '../../asl/data/jsonata-query.js';
import { type Expression, parseExpression } from '../../asl/data/path-or-intrinsic.js';
import { OverLimit } from '../../asl/data/work-limit.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';

/** Something that a state's field asks of the state's input and that is not there. */
export interface MissingPath {
  path: string;
  /** `Parameters/bucket.$`, as AWS writes places within a state. */
  field: string;
}

/** Fields of a state that are not about its input before its work begins. */
const later = new Set([
  ...['ResultPath', 'ResultSelector', 'OutputPath', 'Output', 'Assign', 'Retry', 'Catch', 'ResultWriter'],
  ...['ItemProcessor', 'Iterator', 'Branches', 'ItemSelector'],
  // Of these, which is asked for depends on those before it.
  'Choices',
]);

/** What the fields of a state, as it is defined, miss in its input. */
export function missingPaths(state: JsonObject, language: string, input: Json): MissingPath[] {
  const jsonata = (state.QueryLanguage ?? language) === 'JSONata';
  const { InputPath: inputPath } = state;
  if (!jsonata && typeof inputPath === 'string') {
    const selected = found(inputPath, input);
    if (selected === undefined) return [{ path: inputPath, field: 'InputPath' }];
    return inFields(state, selected, ['InputPath'], missingInPaths);
  }
  return inFields(state, input, [], jsonata ? missingInQuery : missingInPaths);
}

type Look = (key: string, text: string, input: Json) => string[];

function inFields(state: JsonObject, input: Json, done: string[], look: Look): MissingPath[] {
  const walk = (value: Json, key: string, field: string): MissingPath[] => {
    if (typeof value === 'string') return look(key, value, input).map((path) => ({ path, field }));
    if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, '', `${field}[${index}]`));
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([name, item]) => walk(item, name, `${field}/${name}`));
  };
  return Object.entries(state)
    .filter(([key]) => !later.has(key) && !done.includes(key))
    .flatMap(([key, value]) => walk(value, key, key));
}

function missingInPaths(key: string, text: string, input: Json): string[] {
  if (!key.endsWith('.$') && !key.endsWith('Path')) return [];
  return pathsOf(expressionOf(text)).filter((path) => found(path, input) === undefined);
}

function expressionOf(text: string): Expression | undefined {
  try {
    return parseExpression(text);
  } catch {
    return undefined;
  }
}

/** Those into the input: the context object and variables are another matter. */
function pathsOf(expression: Expression | undefined): string[] {
  if (expression?.kind === 'path') return expression.path.root === '$' ? [expression.path.text] : [];
  return expression?.kind === 'call' ? expression.args.flatMap(pathsOf) : [];
}

function found(path: string, input: Json): Json | undefined {
  try {
    return evaluatePath(parsePath(path), input);
  } catch (error) {
    // A value is asked of an array behind its end: it is null.
    if (error instanceof PathNotFound) return error.behindEnd ? null : undefined;
    // Whether it leads somewhere is not known; the execution will say so.
    if (error instanceof OverLimit) return null;
    throw error;
  }
}

const PLAIN = /^\$states\.input((?:\.[A-Za-z_]\w*)+)$/;

/** An expression that is a plain path from object to object; where JSONata has rules of its own, nothing is said. */
function missingInQuery(_key: string, text: string, input: Json): string[] {
  const [path, names] = PLAIN.exec(queryText(text) ?? '') ?? [];
  if (path === undefined || names === undefined) return [];
  let node: Json | undefined = input;
  for (const name of names.slice(1).split('.')) {
    if (!isObject(node)) return node === undefined || Array.isArray(node) ? [] : [path];
    if (!Object.hasOwn(node, name)) return [path];
    node = node[name];
  }
  return [];
}
