import { isObject, type Json } from '../../json/json.js';
import { allComputable, entriesOf, jsonText } from '../../json/written.js';
import { type Scope, StateError } from './expression.js';
import type { Template } from './template.js';

/** A `{% … %}` of a JSONata state: its text without the marks, and where it stands (`Choices[0]/Condition`). */
export interface Query {
  text: string;
  location: string;
  /** Variables that the text may ask for. */
  variables: string[];
  /** Set where the text is no more than a literal or a path of plain names. */
  simple?: Simple;
}

type Simple = { kind: 'literal'; value: Json } | { kind: 'path'; root: string; names: string[] };

/** What came of a query. `failure` goes on from "The JSONata expression 'x' specified for the field 'y' ". */
export type QueryAnswer = { value: Json } | { failure: string };

/** Makes a field of a JSONata state ready: every string `{% … %}` in it is a query, the rest is itself. */
export function compileQueries(json: Json, location: string): Template {
  if (typeof json === 'string') {
    const text = queryText(json);
    return text === undefined
      ? { kind: 'constant', value: json }
      : { kind: 'query', query: parseQuery(text, location) };
  }
  if (Array.isArray(json)) {
    const items = json.map((item, index) => compileQueries(item, `${location}[${index}]`));
    return items.every(isConstant) ? { kind: 'constant', value: json } : { kind: 'array', items };
  }
  if (!isObject(json)) return { kind: 'constant', value: json };
  const fixed = entriesOf(json).map(([key, value]): [string, Template] => [
    key,
    compileQueries(value, `${location}/${key}`),
  ]);
  return fixed.every(([, value]) => isConstant(value))
    ? { kind: 'constant', value: json }
    : { kind: 'object', fixed, dynamic: [] };
}

const isConstant = ({ kind }: Template): boolean => kind === 'constant';

/** The expression inside of `{% … %}`; undefined for any other text. */
export function queryText(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4
    ? text.slice(2, -2).trim()
    : undefined;
}

function parseQuery(text: string, location: string): Query {
  const names = [...text.matchAll(/\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu)].map(([, name]) => name ?? '');
  const variables = [...new Set(names)].filter((name) => name !== 'states');
  return { text, location, variables, simple: simple(text) };
}

const SIMPLE_PATH = /^\$[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const SIMPLE_LITERAL = /^(true|false|null|-?(0|[1-9]\d{0,14})|'[^'\\]*'|"[^"\\]*")$/;
/** Words that JSONata reads as something else than a name. */
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

function simple(text: string): Simple | undefined {
  if (SIMPLE_LITERAL.test(text))
    return {
      kind: 'literal',
      value: /^['"]/.test(text) ? text.slice(1, -1) : (JSON.parse(text) as Json),
    };
  if (!SIMPLE_PATH.test(text)) return undefined;
  const [root = '', ...names] = text.slice(1).split('.');
  return names.some((name) => WORDS.has(name)) ? undefined : { kind: 'path', root, names };
}

/**
 * Answers at once what needs no JSONata: literals, and paths that go from object to object. Anything else (an
 * array on the way, a name that is missing) is left to JSONata, which has rules of its own for it. As from JSONata,
 * numbers come as doubles.
 */
export function answerSimply({ simple }: Query, scope: Scope): QueryAnswer | undefined {
  if (!simple) return undefined;
  if (simple.kind === 'literal') return { value: simple.value };
  let node = simple.root === 'states' ? scope.states() : scope.variable(simple.root);
  for (const name of simple.names) {
    if (!isObject(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return node === undefined ? undefined : { value: allComputable(node) };
}

/** All queries of a template, in the order in which they stand. */
export function queriesIn(template: Template): Query[] {
  switch (template.kind) {
    case 'constant':
      return [];
    case 'query':
      return [template.query];
    case 'array':
      return template.items.flatMap(queriesIn);
    case 'object':
      return template.fixed.flatMap(([, value]) => queriesIn(value));
  }
}

/** The value of a query that was prepared for this scope. */
export function queryValue(query: Query, scope: Scope): Json {
  const answer = scope.answers?.get(query) ?? answerSimply(query, scope);
  if (!answer) throw new Error(`The query at ${query.location} was not prepared`);
  if ('failure' in answer) throw queryError(query, answer.failure);
  return answer.value;
}

export function queryError(query: Query, failure: string): StateError {
  const { text, location } = query;
  return valueError(
    query,
    `The JSONata expression '${text}' specified for the field '${location}' ${failure}`,
  );
}

/** A query that gave a value which its field does not take. */
export const valueError = ({ location }: Query, reason: string): StateError =>
  new StateError('States.QueryEvaluationError', reason, location);

/** A query that gave a value of another type than its field takes. */
export function unexpectedType(query: Query, expected: string, value: Json): StateError {
  return queryError(
    query,
    `returned an unexpected result type. Expected '${expected}', but was '${typeOf(value)}' for value: ${jsonText(value)}`,
  );
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
