import { integrationOf } from './compile.js';
import { parseExpression } from './expression.js';
import type { Findings } from './findings.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { isPath, parsePath } from './json-path.js';
import { parseTimestamp } from './timestamp.js';

/** Rules on single fields. `at` is the location of the object that holds the field. */

export function add(
  findings: Findings,
  message: string,
  location: string,
  code = 'SCHEMA_VALIDATION_FAILED',
): void {
  findings.errors.push({ code, message, location });
}

export function unsupported(findings: Findings, message: string, location: string): void {
  findings.unsupported.push({ code: 'SCHEMA_VALIDATION_FAILED', message, location });
}

export function knownFields(
  findings: Findings,
  holder: JsonObject,
  known: ReadonlySet<string>,
  at: string,
): void {
  for (const field of Object.keys(holder))
    if (!known.has(field)) add(findings, `Field '${field}' is not supported`, at);
}

export function required(findings: Findings, holder: JsonObject, fields: string[], at: string): boolean {
  const missing = fields.filter((field) => holder[field] === undefined);
  if (missing.length > 0) add(findings, `These fields are required: [${missing.join(', ')}]`, at);
  return missing.length === 0;
}

/** At most one of them; answers how many there are. */
export function onlyOneOf(findings: Findings, holder: JsonObject, fields: string[], at: string): number {
  const there = fields.filter((field) => holder[field] !== undefined);
  if (there.length > 1)
    add(findings, `There should only be one of the following fields: [${fields.join(', ')}]`, at);
  return there.length;
}

export function string(findings: Findings, holder: JsonObject, field: string, at: string): void {
  const value = holder[field];
  if (value !== undefined && typeof value !== 'string')
    add(findings, 'Expected value of type String', `${at}/${field}`);
}

export function integer(
  findings: Findings,
  holder: JsonObject,
  field: string,
  at: string,
  minimum: number,
  maximum = Number.POSITIVE_INFINITY,
): void {
  const value = holder[field];
  if (value === undefined) return;
  const where = `${at}/${field}`;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    add(findings, 'Expected value of type Integer', where);
    return;
  }
  if (value < minimum) add(findings, `Minimum value is ${minimum}`, where);
  if (value > maximum) add(findings, `Maximum value is ${maximum}`, where);
}

export function nextOrEnd(findings: Findings, state: JsonObject, at: string): void {
  if (state.End !== undefined && typeof state.End !== 'boolean') {
    add(findings, 'Expected value of type Boolean', `${at}/End`);
    return;
  }
  string(findings, state, 'Next', at);
  if (state.Next === undefined && state.End === undefined)
    add(findings, 'These fields are required: [Next, End]', at);
  else if (state.Next !== undefined && state.End === true) onlyOneOf(findings, state, ['Next', 'End'], at);
  else if (state.Next === undefined && state.End === false)
    add(findings, 'These fields are required: [Next]', at);
}

export function nullablePath(findings: Findings, holder: JsonObject, field: string, at: string): void {
  const value = holder[field];
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || !isPath(value))
    add(findings, 'Value is not a valid JSONPath', `${at}/${field}`);
}

export function nullableReferencePath(
  findings: Findings,
  holder: JsonObject,
  field: string,
  at: string,
): void {
  if (holder[field] !== null) referencePath(findings, holder, field, at);
}

export function referencePath(
  findings: Findings,
  holder: JsonObject,
  field: string,
  at: string,
  allowContext = false,
): void {
  const value = holder[field];
  if (value === undefined) return;
  if (typeof value !== 'string' || !isReferencePath(value, allowContext))
    add(findings, 'Value is not a Reference Path', `${at}/${field}`);
}

function isReferencePath(text: string, allowContext: boolean): boolean {
  if (!isPath(text)) return false;
  const path = parsePath(text);
  return path.definite && (allowContext || path.root !== '$$');
}

/** A literal field and its `…Path`: only one of them, each in its form. */
export function integerOrPath(
  findings: Findings,
  holder: JsonObject,
  field: string,
  at: string,
  minimum: number,
  maximum?: number,
): void {
  onlyOneOf(findings, holder, [field, `${field}Path`], at);
  integer(findings, holder, field, at, minimum, maximum);
  referencePath(findings, holder, `${field}Path`, at);
}

export function template(findings: Findings, holder: JsonObject, field: string, at: string): void {
  const value = holder[field];
  if (value !== undefined) payload(findings, value, `${at}/${field}`);
}

function payload(findings: Findings, value: Json, at: string): void {
  if (Array.isArray(value)) for (const item of value) payload(findings, item, at);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!key.endsWith('.$')) payload(findings, item, at);
    else if (typeof item !== 'string' || !isExpression(item))
      add(
        findings,
        `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
        at,
      );
  }
}

function isExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}

const RETRIER = new Set([
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
]);
const CATCHER = new Set(['Comment', 'ErrorEquals', 'Next', 'ResultPath', 'Assign']);

export function errorHandlers(findings: Findings, state: JsonObject, at: string): void {
  for (const field of ['Retry', 'Catch'] as const) {
    const handlers = state[field];
    if (handlers === undefined) continue;
    if (!Array.isArray(handlers)) {
      add(findings, 'Expected value of type Array', `${at}/${field}`);
      continue;
    }
    for (const [index, handler] of handlers.entries()) {
      const where = `${at}/${field}[${index}]`;
      if (isObject(handler)) {
        errorEquals(findings, handler, where, index === handlers.length - 1);
        if (field === 'Retry') retrier(findings, handler, where);
        else catcher(findings, handler, where);
      } else add(findings, 'Expected value of type Object', where);
    }
  }
}

function errorEquals(findings: Findings, handler: JsonObject, at: string, last: boolean): void {
  if (!required(findings, handler, ['ErrorEquals'], at)) return;
  const names = handler.ErrorEquals;
  const where = `${at}/ErrorEquals`;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    add(findings, 'Expected value of type Array of String', where);
    return;
  }
  if (names.length === 0) {
    add(findings, 'Value cannot be empty', where);
    return;
  }
  if (!names.includes('States.ALL')) return;
  if (names.length > 1) add(findings, 'States.ALL must appear alone in ErrorEquals', where);
  if (!last) add(findings, 'States.ALL must appear in the last Retrier or Catcher', where);
}

function retrier(findings: Findings, handler: JsonObject, at: string): void {
  knownFields(findings, handler, RETRIER, at);
  integer(findings, handler, 'IntervalSeconds', at, 1, 99_999_999);
  integer(findings, handler, 'MaxAttempts', at, 0, 99_999_999);
  integer(findings, handler, 'MaxDelaySeconds', at, 1, 31_622_400);
  const { BackoffRate: rate, JitterStrategy: jitter } = handler;
  if (rate !== undefined && (typeof rate !== 'number' || rate < 1))
    add(findings, 'Minimum value is 1.0', `${at}/BackoffRate`);
  if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE')
    add(
      findings,
      "The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
      `${at}/JitterStrategy`,
    );
}

function catcher(findings: Findings, handler: JsonObject, at: string): void {
  knownFields(findings, handler, CATCHER, at);
  required(findings, handler, ['Next'], at);
  string(findings, handler, 'Next', at);
  nullableReferencePath(findings, handler, 'ResultPath', at);
  template(findings, handler, 'Assign', at);
}

export function task(findings: Findings, state: JsonObject, at: string): void {
  integerOrPath(findings, state, 'TimeoutSeconds', at, 1, 99_999_999);
  integerOrPath(findings, state, 'HeartbeatSeconds', at, 1, 99_999_999);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat, Credentials: credentials } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout)
    add(findings, 'HeartbeatSeconds must be smaller than TimeoutSeconds', `${at}/HeartbeatSeconds`);
  if (isObject(credentials) && credentials.RoleArn === undefined && credentials['RoleArn.$'] === undefined)
    add(findings, "The field 'RoleArn' is required but was missing", `${at}/Credentials`);
  if (!required(findings, state, ['Resource'], at)) return;
  const where = `${at}/Resource`;
  if (typeof state.Resource !== 'string') {
    add(findings, 'Expected value of type String', where);
    return;
  }
  if (!/^arn:[^:]+:[^:]+:/.test(state.Resource)) {
    add(findings, 'Value is not a valid resource ARN', where);
    return;
  }
  if (findings.type !== 'EXPRESS') return;
  const integration = integrationOf(state.Resource);
  if (integration.kind === 'activity')
    add(findings, 'Express state machine does not support Activity ARN', where);
  if (integration.kind !== 'service') return;
  // The trailing blank is AWS's own.
  if (integration.pattern === 'waitForTaskToken')
    add(findings, "Express state machine does not support '.waitForTaskToken' service integration ", where);
  if (integration.pattern === 'sync')
    add(findings, "Express state machine does not support '.sync' service integration", where);
}

export function wait(findings: Findings, state: JsonObject, at: string): void {
  const ways = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];
  if (onlyOneOf(findings, state, ways, at) === 0)
    add(findings, `One of these fields is required: [${ways.join(', ')}]`, at);
  integer(findings, state, 'Seconds', at, 0, 99_999_999);
  for (const field of ['SecondsPath', 'TimestampPath']) referencePath(findings, state, field, at, true);
  const timestamp = state.Timestamp;
  if (timestamp !== undefined && (typeof timestamp !== 'string' || parseTimestamp(timestamp) === undefined))
    add(findings, 'String does not match RFC3339 timestamp', `${at}/Timestamp`);
}

export function fail(findings: Findings, state: JsonObject, at: string): void {
  for (const field of ['Error', 'Cause']) {
    onlyOneOf(findings, state, [field, `${field}Path`], at);
    string(findings, state, field, at);
    const path = state[`${field}Path`];
    if (path !== undefined && (typeof path !== 'string' || !isExpression(path)))
      add(findings, 'Value is not a Reference Path', `${at}/${field}Path`);
  }
}
