import type { Json, JsonObject } from '../../json/json.js';
import { parsePath } from '../data/json-path.js';
import { parseExpression } from '../data/path-or-intrinsic.js';
import { parseTimestamp } from '../data/timestamp.js';
import type { Fields } from './compile-fields.js';
import {
  fieldsOf,
  list,
  nullablePath,
  number,
  object,
  optionalText,
  queryLanguage,
  text,
} from './compile-fields.js';
import { compileMap } from './compile-map.js';
import type {
  Catcher,
  ChoiceRule,
  Condition,
  FailText,
  Integration,
  QueryLanguage,
  Retrier,
  State,
  StateMachine,
  Workflow,
} from './machine.js';

/**
 * Makes a definition ready to run. It must have passed validation before (a child of a Distributed Map has,
 * as part of its parent); nothing is checked here.
 */
export function compileMachine(definition: JsonObject): StateMachine {
  const language = queryLanguage(definition, 'JSONPath');
  return { ...workflow(definition, language), definition, timeoutSeconds: number(definition.TimeoutSeconds) };
}

/** States of branches and processors inherit the query language of the machine, not of the state around them. */
function workflow(definition: JsonObject, machine: QueryLanguage): Workflow {
  const states = new Map<string, State>();
  for (const [name, state] of Object.entries(object(definition.States)))
    states.set(name, compileState(name, object(state), machine));
  return { startAt: text(definition.StartAt), states };
}

function compileState(name: string, state: JsonObject, machine: QueryLanguage): State {
  const fields = fieldsOf(queryLanguage(state, machine));
  const common = {
    name,
    language: fields.language,
    next: optionalText(state.Next),
    inputPath: nullablePath(state.InputPath),
    outputPath: nullablePath(state.OutputPath),
    output: fields.template(state.Output, 'Output'),
    assign: fields.template(state.Assign, 'Assign'),
  };
  const result = {
    ...common,
    parameters: fields.template(state.Parameters ?? state.Arguments, 'Arguments'),
    resultSelector: fields.template(state.ResultSelector, 'ResultSelector'),
    resultPath: nullablePath(state.ResultPath),
  };
  const errors = {
    ...result,
    retry: list(state.Retry).map(retrier),
    catch: list(state.Catch).map((catcher, index) =>
      compileCatcher(object(catcher), fields, `Catch[${index}]`),
    ),
  };
  switch (state.Type) {
    case 'Pass':
      return { type: 'Pass', ...result, result: state.Result };
    case 'Task': {
      const resource = text(state.Resource);
      return {
        type: 'Task',
        ...errors,
        resource,
        integration: integrationOf(resource),
        timeout: fields.setting(state, 'TimeoutSeconds'),
        heartbeat: fields.setting(state, 'HeartbeatSeconds'),
        credentials: fields.template(state.Credentials, 'Credentials'),
      };
    }
    case 'Choice':
      return {
        type: 'Choice',
        ...common,
        next: optionalText(state.Default),
        rules: list(state.Choices).map((rule, index) =>
          choiceRule(object(rule), fields, `Choices[${index}]`),
        ),
      };
    case 'Wait':
      return {
        type: 'Wait',
        ...common,
        seconds: fields.setting(state, 'Seconds'),
        timestamp:
          (typeof state.Timestamp === 'string' ? parseTimestamp(state.Timestamp) : undefined) ??
          fields.setting(state, 'Timestamp'),
      };
    case 'Succeed':
      return { type: 'Succeed', ...common };
    case 'Fail':
      return {
        type: 'Fail',
        ...common,
        error: failText(state, 'Error', fields),
        cause: failText(state, 'Cause', fields),
      };
    case 'Parallel':
      return {
        type: 'Parallel',
        ...errors,
        branches: list(state.Branches).map((branch) => workflow(object(branch), machine)),
      };
    default:
      return compileMap(state, fields, errors, machine, workflow);
  }
}

function failText(state: JsonObject, field: string, fields: Fields): FailText | undefined {
  const byPath = optionalText(state[`${field}Path`]);
  return (
    fields.query(state[field], field) ??
    optionalText(state[field]) ??
    (byPath === undefined ? undefined : parseExpression(byPath))
  );
}

const SERVICE = /^arn:[^:]*:states:[^:]*:[^:]*:(?!activity:)((?:aws-sdk:)?[^:]+):(.+)$/;

/** `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, a function's ARN, or an activity's. */
export function integrationOf(resource: string): Integration {
  const service = SERVICE.exec(resource);
  if (service?.[1] && service[2]) {
    const pattern = /\.waitForTaskToken$/.test(service[2])
      ? 'waitForTaskToken'
      : /\.sync(:2)?$/.test(service[2])
        ? 'sync'
        : 'call';
    return { kind: 'service', resourceType: service[1], resource: service[2], pattern };
  }
  return { kind: /^arn:[^:]*:states:[^:]*:[^:]*:activity:/.test(resource) ? 'activity' : 'lambda' };
}

function retrier(json: Json): Retrier {
  const source = object(json);
  return {
    errorEquals: list(source.ErrorEquals).map(text),
    intervalSeconds: number(source.IntervalSeconds) ?? 1,
    maxAttempts: number(source.MaxAttempts) ?? 3,
    backoffRate: number(source.BackoffRate) ?? 2,
    maxDelaySeconds: number(source.MaxDelaySeconds),
    fullJitter: source.JitterStrategy === 'FULL',
  };
}

function compileCatcher(source: JsonObject, fields: Fields, at: string): Catcher {
  return {
    errorEquals: list(source.ErrorEquals).map(text),
    next: text(source.Next),
    resultPath: nullablePath(source.ResultPath),
    output: fields.template(source.Output, `${at}/Output`),
    assign: fields.template(source.Assign, `${at}/Assign`),
  };
}

function choiceRule(source: JsonObject, fields: Fields, at: string): ChoiceRule {
  return {
    condition: fields.query(source.Condition, `${at}/Condition`) ?? condition(source),
    next: text(source.Next),
    output: fields.template(source.Output, `${at}/Output`),
    assign: fields.template(source.Assign, `${at}/Assign`),
  };
}

const NOT_OPERATORS = new Set(['Variable', 'Next', 'Comment', 'Assign']);

function condition(source: JsonObject): Condition {
  // JSONata: a condition may be a plain `true` or `false`.
  if (typeof source.Condition === 'boolean') return { kind: 'constant', value: source.Condition };
  if (source.And) return { kind: 'and', conditions: list(source.And).map((rule) => condition(object(rule))) };
  if (source.Or) return { kind: 'or', conditions: list(source.Or).map((rule) => condition(object(rule))) };
  if (source.Not) return { kind: 'not', condition: condition(object(source.Not)) };
  const [key = '', operand = null] = Object.entries(source).find(([name]) => !NOT_OPERATORS.has(name)) ?? [];
  const byPath = key.endsWith('Path');
  return {
    kind: 'compare',
    variable: parsePath(text(source.Variable)),
    operator: byPath ? key.slice(0, -4) : key,
    operand: byPath ? parsePath(text(operand)) : operand,
    byPath,
  } as Condition;
}
