import type { Json, JsonObject } from '../../json/json.js';
import { computable, jsonText } from '../../json/lossless.js';
import type { Path } from '../data/json-path.js';
import { PathNotFound, writePath } from '../data/json-path.js';
import { queryValue, unexpectedType, valueError } from '../data/jsonata-answer.js';
import type { Query } from '../data/jsonata-query.js';
import { lookUp, lookUpOrNull } from '../data/path-or-intrinsic.js';
import { type Template, templateValue } from '../data/payload-template.js';
import type { Scope } from '../data/scope.js';
import { runtimeError } from '../data/state-error.js';
import { formatTimestamp } from '../data/timestamp.js';
import { fromJson, fromMembers, jsonOf, type Member, textOf, type Value } from '../data/value.js';
import { MOST_WORK, Work } from '../data/work-limit.js';
import type { Setting } from '../language/machine.js';
import { type Execution, type Frame, findVariable, type Standing } from './execution.js';

/** What a state's own part of the context object adds to it. */
export interface ContextExtras {
  taskToken?: string;
  /** `$$.Map.Item`. */
  item?: JsonObject;
  /** `$states.result` and `$states.errorOutput`, in the phases that have them. */
  result?: Value;
  errorOutput?: Value;
}

const WITH_RETRY_COUNT = new Set(['Task', 'Map', 'Parallel']);

/** `$$`, as AWS shapes it. */
export function contextObject(execution: Execution, standing: Standing, extras: ContextExtras = {}): Value {
  if (execution.probe) return fromJson(execution.probe.context);
  const { spec } = execution;
  const state: JsonObject = { Name: standing.state.name, EnteredTime: formatTimestamp(standing.enteredAt) };
  if (WITH_RETRY_COUNT.has(standing.state.type)) state.RetryCount = standing.retryCount;
  const executionMembers: Member[] = [
    ['Id', fromJson(spec.executionArn)],
    ['Input', execution.input],
    ['StartTime', fromJson(formatTimestamp(spec.startDate))],
    ['Name', fromJson(spec.name)],
    ['RoleArn', fromJson(spec.roleArn)],
  ];
  if (!spec.synchronous) executionMembers.push(['RedriveCount', fromJson(execution.redriveCount)]);
  if (execution.redriveDate !== undefined)
    executionMembers.push(['RedriveTime', fromJson(formatTimestamp(execution.redriveDate))]);
  const context: Member[] = [
    ['Execution', fromMembers(executionMembers)],
    ['StateMachine', fromJson({ Id: spec.stateMachineArn, Name: spec.stateMachineName })],
    ['State', fromJson(state)],
  ];
  if (extras.taskToken !== undefined) context.push(['Task', fromJson({ Token: extras.taskToken })]);
  if (extras.item) context.push(['Map', fromJson({ Item: extras.item })]);
  return fromMembers(context);
}

export function scopeOf(
  execution: Execution,
  frame: Frame,
  standing: Standing,
  input: Value,
  extras?: ContextExtras,
): Scope {
  let context: Value | undefined;
  const contextOnce = () => {
    context ??= contextObject(execution, standing, extras);
    return context;
  };
  return {
    input,
    context: contextOnce,
    states: () => statesObject(standing, contextOnce(), extras),
    variable: (name) => findVariable(frame.variables, name),
    random: () => execution.env.random(execution.randomsDrawn++),
    work: new Work(MOST_WORK, execution),
  };
}

/** `$states`: its `input` is the state's own, whatever has been made of it. */
function statesObject(standing: Standing, context: Value, extras: ContextExtras = {}): JsonObject {
  const states: JsonObject = { input: jsonOf(standing.input), context: jsonOf(context) };
  if (extras.result) states.result = jsonOf(extras.result);
  if (extras.errorOutput) states.errorOutput = jsonOf(extras.errorOutput);
  return states;
}

/** InputPath and OutputPath: `undefined` keeps the value, `null` makes it `{}`. */
export function applyPath(path: Path | null | undefined, value: Value, scope: Scope): Value {
  if (path === undefined) return value;
  if (path === null) return fromJson({});
  if (path.root === '$' && path.segments.length === 0 && value.text === value.written) return value;
  return fromJson(found(path, { ...scope, input: value }, lookUpOrNull));
}

export function applyTemplate(template: Template | undefined, value: Value, scope: Scope): Value {
  return template ? templateValue(template, { ...scope, input: value }) : value;
}

/** ResultPath: where in the state's input its result goes. */
export function applyResultPath(path: Path | null | undefined, input: Value, result: Value): Value {
  if (path === undefined) return result;
  if (path === null) return input;
  const output = writePath(path, jsonOf(input), jsonOf(result));
  if (output === undefined)
    throw runtimeError(`Unable to apply ReferencePath ${path.text} to input ${textOf(input)}`);
  return fromJson(output);
}

/** The node at `path`; a miss fails the execution with AWS's words. */
export const find = (path: Path, scope: Scope): Json => found(path, scope, lookUp);

function found(path: Path, scope: Scope, look: (path: Path, scope: Scope) => Json): Json {
  try {
    return look(path, scope);
  } catch (error) {
    if (error instanceof PathNotFound) throw runtimeError(`Invalid path '${path.text}' : ${error.message}`);
    throw error;
  }
}

/** A whole number that stands in the definition or, by `…Path`, in the input. */
export function integerSetting(setting: Setting, field: string, scope: Scope): number | undefined {
  return numberSetting(setting, field, 'integer', scope);
}

export function numberSetting(
  setting: Setting,
  field: string,
  kind: 'integer' | 'float',
  scope: Scope,
): number | undefined {
  if (setting === undefined || typeof setting === 'number') return setting;
  if ('kind' in setting) return queriedNumber(setting.query, field, kind, scope);
  const found = find(setting, scope);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : computable(found);
  if (typeof number === 'number' && Number.isFinite(number) && (kind === 'float' || Number.isInteger(number)))
    return number;
  const shown = typeof found === 'string' ? found : jsonText(found);
  throw runtimeError(
    `The ${field}Path field refers to value "${shown}" which is not a valid ${kind}: ${setting.text}`,
  );
}

/** AWS's limits of what JSONata makes of a time; those of a definition's own numbers are its validation's. */
const SECONDS = new Set(['TimeoutSeconds', 'HeartbeatSeconds', 'Seconds']);
const MOST_SECONDS = 99_999_999;

function queriedNumber(query: Query, field: string, kind: 'integer' | 'float', scope: Scope): number {
  const value = queryValue(query, scope);
  if (typeof value !== 'number') throw unexpectedType(query, 'number', value);
  if (kind === 'integer' && !Number.isInteger(value))
    throw valueError(query, `The ${field} field cannot be parsed as an integer: ${value}`);
  if (SECONDS.has(field) && (value < 0 || value > MOST_SECONDS))
    throw valueError(query, `${field} must be between 0 and ${MOST_SECONDS} but was: ${value}`);
  return value;
}
