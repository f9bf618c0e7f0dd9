import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asAwsError, readBody } from '../http/json-service.js';
import { AwsError, type Functions } from '../ports.js';

const largestPayload = 6 << 20;

/** Lambda's Invoke on the wire. Other operations of its API are refused by name. */
export async function answerInvoke(
  functions: Pick<Functions, 'invoke'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await invoke(functions, request, response);
  } catch (error) {
    const { code, message, statusCode } = asAwsError(error);
    const text = JSON.stringify({ Type: statusCode < 500 ? 'User' : 'Service', Message: message, message });
    response.writeHead(statusCode, {
      'Content-Type': 'application/json',
      'x-amzn-errortype': code,
      'x-amzn-RequestId': randomUUID(),
    });
    response.end(text);
  }
}

async function invoke(
  functions: Pick<Functions, 'invoke'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local');
  const match = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(url.pathname);
  if (!match?.[1] || request.method !== 'POST') {
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} ${url.pathname} is not there yet in mbc-flow's local server`,
      404,
    );
  }
  const qualifier = url.searchParams.get('Qualifier');
  const name = decodeURIComponent(match[1]) + (qualifier ? `:${qualifier}` : '');
  const payload = (await readBody(request, largestPayload)).toString('utf8') || '{}';
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (!isJson(payload)) {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
  if (type === 'DryRun') {
    response.writeHead(204).end();
    return;
  }
  const invocation = functions.invoke(name, payload);
  if (type === 'Event') {
    response.writeHead(202, { 'x-amzn-RequestId': randomUUID() }).end();
    return;
  }
  const result = await invocation;
  if (result.serviceError) {
    throw new AwsError(result.serviceError.code, result.serviceError.message, result.statusCode);
  }
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(result.payload),
    'X-Amz-Executed-Version': result.executedVersion,
    'x-amzn-RequestId': result.requestId,
    ...(result.functionError && { 'X-Amz-Function-Error': result.functionError }),
  });
  response.end(result.payload);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
