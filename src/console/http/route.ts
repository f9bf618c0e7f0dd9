import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../json/json.js';
import type { Console } from '../console.js';

/** What somebody asks of the API. */
export interface ApiRequest {
  /** What stands in the address where the path says `:name`, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Of a POST. */
  body: JsonObject;
  /** Fires when nobody waits for the answer any more. */
  signal: AbortSignal;
}

interface Common {
  /** `/api/executions/:arn` */
  path: string;
}

/** Reads: answers with what `run` returns, as JSON. */
export interface Reading extends Common {
  method: 'GET';
  run(request: ApiRequest, console: Console): Promise<unknown>;
}

/** Asks something that takes a body, and changes nothing: a check, a trial, a plan. */
export interface Asking extends Common {
  method: 'POST';
  changes: false;
  /** Bytes of the body. */
  most?: number;
  run(request: ApiRequest, console: Console): Promise<unknown>;
}

/** Changes something: refused under --read-only, and without the confirmation that the target asks for. */
export interface Changing extends Common {
  method: 'POST';
  changes: true;
  most?: number;
  run(request: ApiRequest, console: Console): Promise<unknown>;
}

/** Takes or gives what is no JSON: an upload, a download. `changes`: refused under --read-only. */
export interface Raw extends Common {
  method: 'GET' | 'POST';
  changes: boolean;
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    asked: Omit<ApiRequest, 'body'>,
    console: Console,
  ): Promise<void>;
}

export type Route = Reading | Asking | Changing | Raw;
