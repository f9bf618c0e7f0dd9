import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.js';
import { errorDocument, leaf } from '../http/xml.js';
import type { ObjectStore, RequestHandler } from '../ports.js';
import type { Store } from '../store/port.js';
import { perform } from './api/index.js';
import { createObjectStore } from './object-store.js';
import { createBodies } from './store/bodies.js';
import { isKnownFile } from './store/catalog.js';
import type { S3Context } from './store/context.js';
import { asS3Error, type S3Error } from './wire/errors.js';
import { parseRequest, resourceOf, type S3Response } from './wire/request.js';

export { s3Schema } from './store/catalog.js';

export interface S3Options {
  store: Store;
  /** Folder of the objects' bodies; it exists, and nobody else keeps files in it. Undefined: they are kept in the store. */
  directory: string | undefined;
  clock: Clock;
  region: string;
  /** Hears of bytes of bodies that went by. */
  passed?: (bytes: number) => void;
}

export interface S3 {
  objects: ObjectStore;
  /** Path-style S3 on the wire. */
  handle: RequestHandler;
  /** To be called before the first request: deletes files that no row refers to. */
  recover(): Promise<void>;
}

export function createS3({ store, directory, clock, region, passed }: S3Options): S3 {
  const bodies = createBodies(directory, passed);
  const context: S3Context = { store, bodies, clock, region };
  return {
    objects: createObjectStore(context),
    handle: (request, response) => handle(context, request, response),
    recover: () => bodies.sweep((file) => store.read((db) => isKnownFile(db, file))),
  };
}

async function handle(context: S3Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  let answer: S3Response;
  try {
    answer = await perform(context, parseRequest(request));
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    answer = errorResponse(asS3Error(error), request, requestId);
  }
  try {
    await send(answer, request, response, requestId);
  } catch {
    // Half a body can't be taken back: the client sees a broken connection.
    response.destroy();
  }
}

function errorResponse(error: S3Error, request: IncomingMessage, requestId: string): S3Response {
  const content = [
    leaf('Code', error.code),
    leaf('Message', error.message),
    ...Object.entries(error.details).map(([name, value]) => leaf(name, value)),
    leaf('Resource', resourceOf(request)),
    leaf('RequestId', requestId),
  ];
  return { status: error.statusCode, body: errorDocument(content.join('')) };
}

async function send(
  { status, headers = {}, body }: S3Response,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  // What is left of the request's body is passed over, so that the connection can be used again.
  request.resume();
  response.statusCode = status;
  response.setHeader('x-amz-request-id', requestId);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (typeof body === 'string') {
    response.setHeader('content-type', 'application/xml');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  } else if (body) {
    await pipeline(body, response);
  } else {
    if (status === 200 && request.method !== 'HEAD') response.setHeader('content-length', 0);
    response.end();
  }
}
