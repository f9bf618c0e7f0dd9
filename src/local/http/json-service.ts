import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { faultWords } from '../../files/system-errors.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { parseJson } from '../../json/parse.mjs';
import { AwsError } from '../ports.js';

/** `signal` says that the client has gone. */
export type JsonOperations = Record<string, (input: JsonObject, signal: AbortSignal) => Promise<JsonObject>>;

export interface JsonService {
  /** The target's prefix, `AWSStepFunctions`. */
  target: string;
  contentType: string;
  /** Namespace that AWS puts before its error names; some services have none. */
  errorNamespace?: string;
  operations: JsonOperations;
  /** Operations that answer with a stream of their own; what they throw before its first byte is an error as ever. */
  streams?: Record<string, (input: JsonObject, response: ServerResponse) => void>;
}

/** AWS refuses requests above 1 MB; the definition alone may have 1 MiB, so ours is a little larger. */
const largestRequest = 4 << 20;

/** Answers one awsJson request (`X-Amz-Target: Service.Operation`). */
export async function answerJson(
  service: JsonService,
  operation: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  // A normal end is nobody's concern, and an abort makes an error with its stack.
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  let status = 200;
  let body: JsonObject;
  try {
    const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    const stream = service.streams?.[operation];
    const input = await readJson(request);
    if (stream) return stream(input, response);
    if (!run) {
      throw new AwsError(
        'UnknownOperationException',
        `The operation ${service.target}.${operation} is not there yet in mbc-flow's local server`,
      );
    }
    body = await run(input, gone.signal);
  } catch (error) {
    const { code, message, statusCode } = asAwsError(error);
    status = statusCode;
    body = { __type: typeOf(code, service.errorNamespace), message };
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': service.contentType,
    'Content-Length': Buffer.byteLength(text),
    'x-amzn-RequestId': randomUUID(),
  });
  response.end(text);
}

/** Anything that is not meant for the client is our fault, and says so without a stack trace. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const { name } = error instanceof Error ? error : { name: '' };
  if (name === 'StoreError' || name === 'StoreBusyError')
    return new AwsError('ServiceUnavailable', faultWords(error), 503);
  return new AwsError('InternalFailure', `mbc-flow's local server failed: ${faultWords(error)}`, 500);
}

const coral: Record<string, string> = {
  ValidationException: 'com.amazon.coral.validate',
  SerializationException: 'com.amazon.coral.service',
  UnknownOperationException: 'com.amazon.coral.service',
  InternalFailure: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
  ServiceUnavailable: 'com.amazon.coral.service',
};
const typeOf = (code: string, own: string | undefined): string =>
  [coral[code] ?? own, code].filter(Boolean).join('#');

export async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const text = (await readBody(request, largestRequest)).toString('utf8');
  if (text === '') return {};
  let value: Json;
  try {
    value = parseJson(text) as Json;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  if (!isObject(value))
    throw new AwsError('SerializationException', 'The request body must be a JSON object');
  return value;
}

export function sendJson(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new AwsError('RequestEntityTooLarge', `The request is larger than ${limit} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
