import { isObject, type Json, parsedJson } from '../../json/json.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import { parametersOf, type Reply, type TaskCall } from './reply.js';

/** The Lambda function that a Task calls. */
export interface FunctionCall {
  functionName: string;
  /** JSON text. */
  payload: string;
}

/** Undefined: it calls something else. */
export function functionCallOf(call: Pick<TaskCall, 'resource' | 'parameters'>): FunctionCall | undefined {
  const { resource } = call;
  const parameters = parametersOf(call);
  if (/^arn:[^:]*:lambda:/.test(resource)) return { functionName: resource, payload: jsonText(parameters) };
  if (!/:states:[^:]*:[^:]*:lambda:invoke(\.waitForTaskToken)?$/.test(resource)) return undefined;
  const {
    FunctionName: name,
    Payload: payload = {},
    Qualifier: qualifier,
  } = isObject(parameters) ? parameters : {};
  if (typeof name !== 'string') return undefined;
  return {
    functionName: typeof qualifier === 'string' ? `${name}:${qualifier}` : name,
    payload: typeof payload === 'string' ? payload : jsonText(payload),
  };
}

/** What the function's answer is to the Task. @param payload JSON text */
export function repliesOfFunction(
  { resource }: Pick<TaskCall, 'resource'>,
  { functionError, payload }: { functionError?: string; payload: string },
): Reply[] {
  if (functionError !== undefined) {
    const told = parsedJson(payload);
    const error = isObject(told) && typeof told.errorType === 'string' ? told.errorType : 'Lambda.Unknown';
    return [{ after: 0, what: { type: 'TaskFailed', error, cause: payload } }];
  }
  const output = /^arn:[^:]*:lambda:/.test(resource) ? payload || 'null' : invokeOutput(payload);
  const type = resource.endsWith('.waitForTaskToken') ? 'TaskSubmitted' : 'TaskSucceeded';
  return [{ after: 0, what: { type, output } }];
}

function invokeOutput(payload: string): string {
  const Payload: Json = payload === '' ? null : parseOwn(payload);
  return jsonText({ ExecutedVersion: '$LATEST', Payload, StatusCode: 200 });
}
