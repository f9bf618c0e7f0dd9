import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../json/json.js';
import { parseJson } from '../../json/parse.mjs';
import { asAwsError, readBody } from '../http/json-service.js';
import { AwsError, type Functions, type InvokeResult } from '../ports.js';

/** Above Lambda's own limit, which `invoke` knows. */
const largestBody = 32 << 20;

export interface LambdaApi {
  invoke: Functions['invoke'];
  log: (line: string) => void;
  /** In the form of Lambda's API. */
  eventSourceMappings: () => JsonObject[];
}

/** Lambda's Invoke and ListEventSourceMappings on the wire. Other operations of its API are refused by name. */
export async function answerLambda(
  api: LambdaApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(api, request, response);
  } catch (error) {
    const { code, message, statusCode } = asAwsError(error);
    response.writeHead(statusCode, {
      'Content-Type': 'application/json',
      'x-amzn-errortype': code,
      'x-amzn-RequestId': randomUUID(),
    });
    response.end(JSON.stringify({ Type: statusCode < 500 ? 'User' : 'Service', Message: message, message }));
  }
}

async function answer(
  { invoke, log, eventSourceMappings }: LambdaApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const operation = operationOf(request.method ?? '', url.pathname);
  if (operation === 'ListEventSourceMappings') return list(eventSourceMappings(), url.searchParams, response);
  if (operation !== 'Invoke') {
    throw new AwsError(
      'UnknownOperationException',
      `The operation Lambda.${operation} is not there yet in mbc-flow's local server`,
      501,
    );
  }
  const qualifier = url.searchParams.get('Qualifier');
  const name = decoded(url.pathname.split('/')[3] ?? '') + (qualifier ? `:${qualifier}` : '');
  const payload = (await readBody(request, largestBody)).toString('utf8') || '{}';
  assertJson(payload);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const tail = request.headers['x-amz-log-type'] === 'Tail';
  switch (type) {
    case 'DryRun':
      response.writeHead(204, { 'x-amzn-RequestId': randomUUID() }).end();
      return;
    case 'Event':
      response.writeHead(202, { 'x-amzn-RequestId': randomUUID() }).end();
      logFailure(name, await invoke(name, payload), log);
      return;
    case 'RequestResponse':
      send(await invoke(name, payload, undefined, { tail }), response, tail);
      return;
    default:
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [RequestResponse, Event, DryRun]`,
      );
  }
}

/** All on one page. */
function list(mappings: JsonObject[], wanted: URLSearchParams, response: ServerResponse): void {
  const functionName = wanted.get('FunctionName')?.replace(/^.*function:/, '');
  const source = wanted.get('EventSourceArn');
  const EventSourceMappings = mappings.filter(
    ({ FunctionArn, EventSourceArn }) =>
      (functionName === undefined || String(FunctionArn).endsWith(`:function:${functionName}`)) &&
      (source === null || EventSourceArn === source),
  );
  response.writeHead(200, { 'Content-Type': 'application/json', 'x-amzn-RequestId': randomUUID() });
  response.end(JSON.stringify({ EventSourceMappings }));
}

function send(result: InvokeResult, response: ServerResponse, tail: boolean): void {
  if (result.serviceError) {
    throw new AwsError(result.serviceError.code, result.serviceError.message, result.statusCode);
  }
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(result.payload),
    'X-Amz-Executed-Version': result.executedVersion,
    'x-amzn-RequestId': result.requestId,
    ...(result.functionError && { 'X-Amz-Function-Error': result.functionError }),
    ...(tail && result.logResult !== undefined && { 'X-Amz-Log-Result': result.logResult }),
  });
  response.end(result.payload);
}

/** Nobody waits for what became of an event. */
function logFailure(
  name: string,
  { serviceError, functionError, payload }: InvokeResult,
  log: (line: string) => void,
) {
  if (serviceError) log(`[${name}] ${serviceError.code}: ${serviceError.message}`);
  else if (functionError) log(`[${name}] ${payload}`);
}

function assertJson(text: string): void {
  try {
    parseJson(text);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

/** Method and path of Lambda's operations, of those that tools are likely to try. */
const operations: [RegExp, string][] = [
  [/^POST \/[^/]+\/functions\/[^/]+\/invocations\/?$/, 'Invoke'],
  [/^POST \/[^/]+\/functions\/[^/]+\/response-streaming-invocations\/?$/, 'InvokeWithResponseStream'],
  [/^POST \/[^/]+\/functions\/[^/]+\/invoke-async\/?$/, 'InvokeAsync'],
  [/^GET \/[^/]+\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  [/^GET \/[^/]+\/functions\/?$/, 'ListFunctions'],
  [/^POST \/[^/]+\/functions\/?$/, 'CreateFunction'],
  [/^GET \/[^/]+\/functions\/[^/]+$/, 'GetFunction'],
  [/^DELETE \/[^/]+\/functions\/[^/]+$/, 'DeleteFunction'],
  [/^GET \/[^/]+\/functions\/[^/]+\/configuration$/, 'GetFunctionConfiguration'],
  [/^PUT \/[^/]+\/functions\/[^/]+\/configuration$/, 'UpdateFunctionConfiguration'],
  [/^PUT \/[^/]+\/functions\/[^/]+\/code$/, 'UpdateFunctionCode'],
];

function operationOf(method: string, path: string): string {
  const line = `${method} ${path}`;
  return operations.find(([pattern]) => pattern.test(line))?.[1] ?? `(${line})`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('ValidationException', `The function name ${segment} is not encoded properly`);
  }
}
