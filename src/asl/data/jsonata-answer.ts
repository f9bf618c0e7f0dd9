import { isObject, type Json } from '../../json/json.js';
import { allComputable, jsonText } from '../../json/lossless.js';
import type { Query, QueryAnswer } from './jsonata-query.js';
import type { Scope } from './scope.js';
import { StateError } from './state-error.js';

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

/** The value of a query that was prepared for this scope. */
export function queryValue(query: Query, scope: Scope): Json {
  const answer = scope.answers?.get(query) ?? answerSimply(query, scope);
  if (!answer) throw new Error(`The query at ${query.location} was not prepared`);
  if ('failure' in answer) throw queryError(query, answer.failure);
  return answer.value;
}

function queryError(query: Query, failure: string): StateError {
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
