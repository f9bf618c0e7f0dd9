import type { Effect, Stimulus } from '../../asl/execution.js';
import { isObject, type Json, type JsonObject } from '../../asl/json.js';
import type { Clock } from '../clock.js';
import type { Functions, InvokeResult } from '../ports.js';

type InvokeTask = Extract<Effect, { type: 'InvokeTask' }>;

const waitSuffix = '.waitForTaskToken';

/** Calls what a Task state's `Resource` names, and turns the outcome into the stimulus that AWS's answer would be. */
export function createIntegrations(functions: Functions, clock: Clock) {
  return async (task: InvokeTask, signal: AbortSignal): Promise<Stimulus> => {
    const { taskId, resource, parameters } = task;
    const waits = resource.endsWith(waitSuffix);
    const service = waits ? resource.slice(0, -waitSuffix.length) : resource;
    const failed = (error: string, cause: string): Stimulus => ({
      type: 'TaskFailed',
      at: clock.now(),
      taskId,
      error,
      cause,
    });
    const optimised = service.endsWith(':states:::lambda:invoke');
    if (!optimised && !/^arn:[^:]*:lambda:/.test(service)) {
      return failed(
        'States.TaskFailed',
        `mbc-flow's local server does not run the integration ${resource} yet`,
      );
    }
    const call = optimised
      ? lambdaParameters(parameters)
      : { name: service, payload: JSON.stringify(parameters) };
    if (!call) return failed('States.Runtime', `${resource} needs a FunctionName in its Parameters`);
    const result = await functions.invoke(call.name, call.payload, signal);
    const failure = lambdaFailure(result);
    if (failure) return failed(failure.error, failure.cause);
    const output = optimised ? invokeOutput(result) : result.payload;
    return { type: waits ? 'TaskSubmitted' : 'TaskSucceeded', at: clock.now(), taskId, output };
  };
}

function lambdaParameters(parameters: Json): { name: string; payload: string } | undefined {
  const {
    FunctionName: name,
    Qualifier: qualifier,
    Payload: payload,
  } = isObject(parameters) ? parameters : ({} as JsonObject);
  if (typeof name !== 'string') return undefined;
  return {
    name: typeof qualifier === 'string' ? `${name}:${qualifier}` : name,
    payload: payload === undefined ? '{}' : JSON.stringify(payload),
  };
}

function lambdaFailure(result: InvokeResult): { error: string; cause: string } | undefined {
  const { serviceError, functionError, payload, statusCode, requestId } = result;
  if (serviceError) {
    const { code, message } = serviceError;
    return {
      error: `Lambda.${code}`,
      cause: `${message} (Service: AWSLambda; Status Code: ${statusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
    };
  }
  if (!functionError) return undefined;
  const errorType = errorTypeOf(payload);
  if (errorType !== undefined) return { error: errorType, cause: payload };
  return {
    error: 'Lambda.Unknown',
    cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  };
}

function errorTypeOf(payload: string): string | undefined {
  try {
    const value = JSON.parse(payload) as Json;
    return isObject(value) && typeof value.errorType === 'string' ? value.errorType : undefined;
  } catch {
    return undefined;
  }
}

/** The result of `lambda:invoke`; the payload's text goes in as it is, without another round of parsing. */
function invokeOutput({ payload, executedVersion, statusCode, requestId }: InvokeResult): string {
  const headers = `{"Connection":["keep-alive"],"Content-Type":["application/json"],"X-Amz-Executed-Version":["${executedVersion}"],"x-amzn-RequestId":["${requestId}"]}`;
  const single = `{"Connection":"keep-alive","Content-Type":"application/json","X-Amz-Executed-Version":"${executedVersion}","x-amzn-RequestId":"${requestId}"}`;
  return `{"ExecutedVersion":"${executedVersion}","Payload":${payload === '' ? 'null' : payload},"SdkHttpMetadata":{"AllHttpHeaders":${headers},"HttpHeaders":${single},"HttpStatusCode":${statusCode}},"SdkResponseMetadata":{"RequestId":"${requestId}"},"StatusCode":${statusCode}}`;
}
