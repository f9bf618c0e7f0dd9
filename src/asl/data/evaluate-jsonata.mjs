// @ts-check
// Plain JavaScript, since it runs in a worker: there, nothing turns TypeScript into it.
import { randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { tooDeepAt } from '../../json/parse.mjs';
import { awsFunctions, TAKEN_AWAY } from './jsonata-functions.mjs';
import {
  cpuMilliseconds,
  ELEMENT_BYTES,
  EVALUATION_CPU_MS,
  OUT_OF_MEMORY,
  OUT_OF_TIME,
  OverLimit,
  VALUE_BYTES,
} from './jsonata-limits.mjs';

/**
 * @import { Evaluation } from '../engine/protocol.js'
 * @import { QueryAnswer } from './jsonata-query.js'
 */

/** AWS's limit of nested evaluations. */
const DEPTH = 100;
/** How many nodes of an expression are evaluated between two looks at the time. */
const NODES_PER_LOOK = 256;

/** @type {Map<string, jsonata.Expression>} */
const compiled = new Map();
const CACHE_LIMIT = 1000;

const THREW = 'threw an error during evaluation';
const STACK = `${THREW}: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.`;
const TOO_DEEP = `${STACK} Depth=${DEPTH + 1} max=${DEPTH}`;

/** Expressions of one evaluation run one after the other, and nothing beside them. */
const running = { at: 0, cpuAtStart: 0, nodes: 0 };

const functions = awsFunctions(() => running.at);

/**
 * Evaluates the expressions one after the other, within AWS's limits as far as JSONata can be watched from inside:
 * what loops, recurses or grows without end. What cannot be seen there (a regular expression that backtracks, many
 * small values) is for the caller, who can kill the process: `answered` tells how far it came.
 * @param {Evaluation} evaluation
 * @param {(answer: QueryAnswer) => void} [answered]
 * @returns {Promise<QueryAnswer[]>}
 */
export async function evaluateJsonata({ expressions, states, variables, at }, answered = () => {}) {
  const answers = [];
  const bindings = { ...TAKEN_AWAY, ...variables, states };
  running.at = at;
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
    running.cpuAtStart = cpuMilliseconds();
    return answerOf(await (await compile(text)).evaluate(undefined, bindings));
  } catch (error) {
    return { failure: thrown(error) };
  }
}

/** @param {string} text */
async function compile(text) {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text, { stack: DEPTH, sequence: VALUE_BYTES / ELEMENT_BYTES });
  expression.assign(AFTER_NODE, looked);
  for (const [name, signature, implementation] of await functions)
    expression.registerFunction(name, implementation, signature);
  if (compiled.size >= CACHE_LIMIT) compiled.clear();
  compiled.set(text, expression);
  return expression;
}

/** JSONata calls what is bound to it after each node of an expression. */
const AFTER_NODE = /** @type {any} */ (Symbol.for('jsonata.__evaluate_exit'));

/**
 * @param {unknown} _node
 * @param {unknown} _input
 * @param {unknown} _environment
 * @param {unknown} result
 */
function looked(_node, _input, _environment, result) {
  if (bytesOf(result) > VALUE_BYTES) throw new OverLimit(OUT_OF_MEMORY);
  if (++running.nodes % NODES_PER_LOOK > 0) return;
  if (cpuMilliseconds() - running.cpuAtStart > EVALUATION_CPU_MS) throw new OverLimit(OUT_OF_TIME);
}

/** @param {unknown} value */
function bytesOf(value) {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.length * ELEMENT_BYTES : 0;
}

/**
 * @param {unknown} result
 * @returns {QueryAnswer}
 */
function answerOf(result) {
  if (result === undefined) return { failure: 'returned nothing (undefined).' };
  if (isFunction(result)) return { failure: 'returned an unsupported result type.' };
  // Through text: JSONata marks its arrays, and a function inside of a structure is no JSON.
  const text = JSON.stringify(result, (_key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return isFunction(value) ? undefined : value;
  });
  if (tooDeepAt(text) !== undefined) return { failure: `${THREW}: The result is nested too deeply.` };
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
  if (error?.code === 'D2014' || error?.code === 'D2015') return OUT_OF_MEMORY;
  if (error instanceof OverLimit) return error.message;
  // V8's own borders: its stack, and the longest text or array that it can make.
  if (error instanceof RangeError) return /call stack/.test(error.message) ? STACK : OUT_OF_MEMORY;
  if (typeof error?.code !== 'string')
    return `threw an internal error during evaluation. ${randomUUID()} (${String(error?.message ?? error)})`;
  return `${THREW}. ${error.code}: ${String(error.message)}`;
}
