import { randomUUID } from 'node:crypto';
import { jsonOf, memberOf, type Value, writtenOf } from '../../asl/data/value.js';
import { isObject, type Json, parsedJson } from '../../json/json.js';
import { jsonProblem } from '../../json/json-positions.js';
import { jsonText, parseOwn } from '../../json/lossless.js';
import type { Functions, InvokeResult } from '../ports.js';
import { type ServiceCall, TaskFailure } from './call.js';
import { optimisedFailure, refuseUnaddressed, sdkFailure } from './errors.js';
import { sdkMetadata } from './sdk-metadata.js';
import { traitsOf } from './services.js';

const traits = traitsOf('lambda');

/** A function by its ARN: gets the effective input, and its answer is the result. */
export async function callFunction(
  functions: Functions,
  arn: string,
  input: Value,
  signal: AbortSignal,
): Promise<string> {
  const result = await functions.invoke(arn, writtenOf(input), signal);
  refuseFailed(result);
  return result.payload;
}

/** `lambda:invoke`: fails when the function does; the payload of its result is JSON. */
export async function lambdaInvoke(functions: Functions, call: ServiceCall): Promise<string> {
  const { name, payload, type, ...options } = invocation(call);
  if (type !== 'RequestResponse') return accepted(functions, name, payload, type);
  const result = await functions.invoke(name, payload, call.signal, options);
  refuseFailed(result, compact);
  return invokeOutput(result, options.tail);
}

/** `aws-sdk:lambda:invoke`: as the API answers, a failed function's answer too; the payload is text. */
export async function sdkLambdaInvoke(functions: Functions, call: ServiceCall): Promise<string> {
  const { name, payload, type, tail } = invocation(call);
  if (type !== 'RequestResponse') return accepted(functions, name, payload, type);
  const { serviceError, functionError, statusCode, requestId, ...result } = await functions.invoke(
    name,
    payload,
    call.signal,
    { tail },
  );
  if (serviceError) throw sdkFailure(traits, { ...serviceError, statusCode, requestId });
  return JSON.stringify({
    ExecutedVersion: result.executedVersion,
    ...(functionError && { FunctionError: functionError }),
    ...(tail && { LogResult: result.logResult }),
    Payload: result.payload,
    StatusCode: statusCode,
  });
}

function invocation({ service, given }: ServiceCall): {
  name: string;
  payload: string;
  type: string;
  tail: boolean;
  given?: Value;
} {
  const parameter = (name: string): Json | undefined => {
    const value = memberOf(given, name);
    return value && jsonOf(value);
  };
  const [name, qualifier, type] = ['FunctionName', 'Qualifier', 'InvocationType'].map(parameter);
  // The optimised integration looked at it before the call was scheduled.
  refuseUnaddressed(traits.sdkName, 'FunctionName', name);
  const payload = memberOf(given, 'Payload');
  const text = payloadOf(payload, service);
  return {
    name: typeof qualifier === 'string' ? `${name}:${qualifier}` : String(name),
    payload: text,
    ...(payload?.members && { given: payload }),
    type: typeof type === 'string' ? type : 'RequestResponse',
    tail: parameter('LogType') === 'Tail',
  };
}

/** It is passed on as it is written; a text is the payload itself. */
function payloadOf(payload: Value | undefined, service: string): string {
  const written = payload ? writtenOf(payload) : 'null';
  if (written === 'null') return '{}';
  // An object of values: its text is not looked into.
  if (!payload || payload.members || !written.startsWith('"')) return written;
  const text = String(jsonOf(payload));
  refuseText(text, service);
  return text;
}

/** As Lambda refuses a payload that is no JSON. */
function refuseText(payload: string, service: string): void {
  const problem = jsonProblem(payload);
  if (problem === undefined) return;
  const refusal = {
    code: 'InvalidRequestContentException',
    message: `Could not parse request body into json: Could not parse payload into json: ${problem}`,
    statusCode: 400,
    requestId: randomUUID(),
  };
  throw service.startsWith('aws-sdk:') ? sdkFailure(traits, refusal) : optimisedFailure(traits, refusal);
}

/** `Event` and `DryRun` are answered before the function has run, or without running it. */
function accepted(functions: Functions, name: string, payload: string, type: string): string {
  if (type === 'Event') void functions.invoke(name, payload);
  const StatusCode = type === 'Event' ? 202 : 204;
  return JSON.stringify({ Payload: '', ...sdkMetadata({}, StatusCode, randomUUID()), StatusCode });
}

/** @param told how the function's error is told */
function refuseFailed(result: InvokeResult, told = (payload: string): string => payload): void {
  const { serviceError, functionError, payload, statusCode, requestId } = result;
  if (serviceError) throw optimisedFailure(traits, { ...serviceError, statusCode, requestId });
  if (!functionError) return;
  const errorType = errorTypeOf(payload);
  if (errorType !== undefined) throw new TaskFailure(errorType, told(payload));
  throw new TaskFailure(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  );
}

/** The optimised integration writes JSON anew, without the blanks that a function's runtime had in it. */
const compact = (payload: string): string => jsonText(parseOwn(payload));

/** Nearly all are written without, and need no reading. */
const withoutBlanks = (payload: string): string =>
  /[{[,:]\s|\s[}\]]|^\s|\s$/.test(payload) ? compact(payload) : payload;

function errorTypeOf(payload: string): string | undefined {
  const value = parsedJson(payload);
  return isObject(value) && typeof value.errorType === 'string' ? value.errorType : undefined;
}

/** The result of `lambda:invoke`. */
function invokeOutput(
  { payload, executedVersion, statusCode, requestId, logResult }: InvokeResult,
  tail: boolean,
): string {
  const told = tail && logResult !== undefined;
  const headers = {
    Connection: 'keep-alive',
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': executedVersion,
    ...(told && { 'X-Amz-Log-Result': logResult }),
    'x-amzn-RequestId': requestId,
  };
  const metadata = JSON.stringify(sdkMetadata(headers, statusCode, requestId)).slice(1, -1);
  const log = told ? `"LogResult":"${logResult}",` : '';
  return `{"ExecutedVersion":"${executedVersion}",${log}"Payload":${payload === '' ? 'null' : withoutBlanks(payload)},${metadata},"StatusCode":${statusCode}}`;
}
