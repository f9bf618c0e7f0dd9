import { randomUUID } from 'node:crypto';
import { isObject, type Json, parsedJson } from '../../json/json.js';
import { jsonText } from '../../json/written.js';
import type { Functions, InvokeResult } from '../ports.js';
import { type ServiceCall, TaskFailure } from './call.js';
import { optimisedFailure, sdkFailure } from './errors.js';
import { sdkMetadata } from './sdk-metadata.js';
import { traitsOf } from './services.js';

const traits = traitsOf('lambda');

/** A function by its ARN: gets the effective input, and its answer is the result. */
export async function callFunction(
  functions: Functions,
  arn: string,
  input: Json,
  signal: AbortSignal,
): Promise<string> {
  const result = await functions.invoke(arn, jsonText(input), signal);
  refuseFailed(result);
  return result.payload;
}

/** `lambda:invoke`: fails when the function does; the payload of its result is JSON. */
export async function lambdaInvoke(functions: Functions, call: ServiceCall): Promise<string> {
  const { name, payload, type } = invocation(call);
  if (type !== 'RequestResponse') return accepted(functions, name, payload, type);
  const result = await functions.invoke(name, payload, call.signal);
  refuseFailed(result);
  return invokeOutput(result);
}

/** `aws-sdk:lambda:invoke`: as the API answers, a failed function's answer too; the payload is text. */
export async function sdkLambdaInvoke(functions: Functions, call: ServiceCall): Promise<string> {
  const { name, payload, type } = invocation(call);
  if (type !== 'RequestResponse') return accepted(functions, name, payload, type);
  const { serviceError, functionError, statusCode, requestId, ...result } = await functions.invoke(
    name,
    payload,
    call.signal,
  );
  if (serviceError) throw sdkFailure(traits, { ...serviceError, statusCode, requestId });
  return JSON.stringify({
    ExecutedVersion: result.executedVersion,
    ...(functionError && { FunctionError: functionError }),
    Payload: result.payload,
    StatusCode: statusCode,
  });
}

function invocation({ service, action, parameters }: ServiceCall): {
  name: string;
  payload: string;
  type: string;
} {
  const { FunctionName: name, Qualifier: qualifier, Payload: payload, InvocationType: type } = parameters;
  if (typeof name !== 'string')
    throw new TaskFailure('States.Runtime', `${service}:${action} needs a FunctionName in its Parameters`);
  const sdk = service.startsWith('aws-sdk:');
  return {
    name: typeof qualifier === 'string' ? `${name}:${qualifier}` : name,
    payload: payload === undefined ? '{}' : sdk && typeof payload === 'string' ? payload : jsonText(payload),
    type: typeof type === 'string' ? type : 'RequestResponse',
  };
}

/** `Event` and `DryRun` are answered before the function has run, or without running it. */
function accepted(functions: Functions, name: string, payload: string, type: string): string {
  if (type === 'Event') void functions.invoke(name, payload);
  const StatusCode = type === 'Event' ? 202 : 204;
  return JSON.stringify({ Payload: '', ...sdkMetadata({}, StatusCode, randomUUID()), StatusCode });
}

function refuseFailed(result: InvokeResult): void {
  const { serviceError, functionError, payload, statusCode, requestId } = result;
  if (serviceError) throw optimisedFailure(traits, { ...serviceError, statusCode, requestId });
  if (!functionError) return;
  const errorType = errorTypeOf(payload);
  if (errorType !== undefined) throw new TaskFailure(errorType, payload);
  throw new TaskFailure(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  );
}

function errorTypeOf(payload: string): string | undefined {
  const value = parsedJson(payload);
  return isObject(value) && typeof value.errorType === 'string' ? value.errorType : undefined;
}

/** The result of `lambda:invoke`; the payload's text goes in as it is, without another round of parsing. */
function invokeOutput({ payload, executedVersion, statusCode, requestId }: InvokeResult): string {
  const headers = {
    Connection: 'keep-alive',
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': executedVersion,
    'x-amzn-RequestId': requestId,
  };
  const metadata = JSON.stringify(sdkMetadata(headers, statusCode, requestId)).slice(1, -1);
  return `{"ExecutedVersion":"${executedVersion}","Payload":${payload === '' ? 'null' : payload},${metadata},"StatusCode":${statusCode}}`;
}
