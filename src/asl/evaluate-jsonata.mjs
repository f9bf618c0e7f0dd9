// @ts-check
// Plain JavaScript, since it runs in a worker: there, nothing turns TypeScript into it.
import jsonata from 'jsonata';
import { awsFunctions } from './jsonata-functions.mjs';

/**
 * @import { Evaluation } from './execution.js'
 * @import { QueryAnswer } from './query.js'
 */

/** AWS's limits for one expression: milliseconds, and nested evaluations. */
export const EVALUATION_TIMEOUT = 1000;
const DEPTH = 100;

/** @type {Map<string, jsonata.Expression>} */
const compiled = new Map();
const CACHE_LIMIT = 1000;

const THREW = 'threw an error during evaluation';
const TOO_LONG = `${THREW}: Expression evaluation timeout: Check for infinite loop`;
const TOO_DEEP = `${THREW}: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive. Depth=${DEPTH + 1} max=${DEPTH}`;

/**
 * Evaluates the expressions one after the other. JSONata's own checks end what loops or recurses without end; what
 * they cannot see (a regular expression that backtracks, a string that grows) is for the caller, who can kill the
 * worker: `answered` tells how far it came.
 * @param {Evaluation} evaluation
 * @param {(answer: QueryAnswer) => void} [answered]
 * @returns {Promise<QueryAnswer[]>}
 */
export async function evaluateJsonata({ expressions, states, variables, at }, answered = () => {}) {
  const answers = [];
  const bindings = { ...(await awsFunctions(at)), ...variables, states };
  for (const expression of expressions) {
    const answer = await evaluate(expression, bindings);
    answers.push(answer);
    answered(answer);
  }
  return answers;
}

/**
 * @param {string} text
 * @param {Record<string, unknown>} bindings
 * @returns {Promise<QueryAnswer>}
 */
async function evaluate(text, bindings) {
  try {
    return answerOf(await compile(text).evaluate(undefined, bindings));
  } catch (error) {
    return { failure: thrown(error) };
  }
}

/** @param {string} text */
function compile(text) {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text, { timeout: EVALUATION_TIMEOUT, stack: DEPTH });
  if (compiled.size >= CACHE_LIMIT) compiled.clear();
  compiled.set(text, expression);
  return expression;
}

/**
 * @param {unknown} result
 * @returns {QueryAnswer}
 */
function answerOf(result) {
  if (result === undefined) return { failure: 'returned nothing (undefined).' };
  if (isFunction(result)) return { failure: 'returned an unsupported result type.' };
  // Through text: JSONata marks its arrays, and a function inside of a structure is no JSON.
  const text = JSON.stringify(result, (_key, value) => (isFunction(value) ? undefined : value));
  return { value: JSON.parse(text) };
}

/** @param {unknown} value */
function isFunction(value) {
  if (typeof value === 'function') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    ('_jsonata_lambda' in value || '_jsonata_function' in value)
  );
}

/** @param {any} error JSONata throws objects with a code; whatever else is thrown has at most a message. */
function thrown(error) {
  if (error?.code === 'D1011') return TOO_DEEP;
  if (error?.code === 'D1012') return TOO_LONG;
  if (typeof error?.code !== 'string') return `${THREW}: ${String(error?.message ?? error)}`;
  return `${THREW}. ${error.code}: ${String(error.message)}`;
}
