import { integrationOf } from '../asl/language/compile.js';
import { isObject, type Json, type JsonObject } from '../json/json.js';
import { stringsOf } from './machine.js';

/** What the rules ask of a Task state. */
export interface TaskFacts {
  /** `lambda:invoke`, a function's ARN: it calls a function. */
  invokesLambda: boolean;
  /** `Resource` is the function's ARN: it gets the parameters as they are. */
  direct: boolean;
  /** It pauses until somebody answers: a task token, or an activity's worker. */
  pauses: boolean;
  callback: boolean;
  activity: boolean;
  /** `Parameters` or `Arguments`. */
  parameters: Json | undefined;
  /** What the function gets; undefined for the whole input. */
  payload: Json | undefined;
}

export function taskFacts(state: JsonObject): TaskFacts | undefined {
  if (state.Type !== 'Task' || typeof state.Resource !== 'string') return undefined;
  const integration = integrationOf(state.Resource);
  const optimized = integration.kind === 'service' && integration.resourceType === 'lambda';
  const callback = integration.kind === 'service' && integration.pattern === 'waitForTaskToken';
  const activity = integration.kind === 'activity';
  const parameters = state.Parameters ?? state.Arguments;
  const direct = /^arn:[^:]*:lambda:/.test(state.Resource);
  const payload = optimized && isObject(parameters) ? parameters.Payload : direct ? parameters : undefined;
  return {
    direct,
    invokesLambda: optimized || direct,
    pauses: callback || activity,
    callback,
    activity,
    parameters,
    payload,
  };
}

const CONTEXT = /^\$\$$|^\{%\s*\$states\.context\s*%\}$/;
const TOKEN = /\$\$\.Task(\.Token)?(?![\w.])|\$\$(?![\w.])|\$states\.context(?!\.)|\$states\.context\.Task/;

/** The whole context object is among the values: what the framework routes by. */
export const passesContext = (value: Json | undefined): boolean =>
  [...stringsOf(value)].some((text) => CONTEXT.test(text.trim()));

export const passesToken = (value: Json | undefined): boolean =>
  [...stringsOf(value)].some((text) => TOKEN.test(text));
