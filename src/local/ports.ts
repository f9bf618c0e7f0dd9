import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Value } from '../asl/data/value.js';
import type { Json } from '../json/json.js';

/** The rooms of the local server know each other by these shapes only. */

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface ObjectSummary {
  key: string;
  size: number;
  /** Without quotes. */
  etag: string;
  /** Epoch milliseconds. */
  lastModified: number;
}

/** S3 as the rest of the server uses it, without the wire. Missing bucket or key: `undefined`, never a throw. */
export interface ObjectStore {
  bucketExists(bucket: string): boolean;
  createBucket(bucket: string): Promise<void>;
  head(bucket: string, key: string): ObjectSummary | undefined;
  /** Body bytes from `start` (default 0) to the end. */
  read(bucket: string, key: string, start?: number): AsyncIterable<Uint8Array> | undefined;
  /** Durable when it resolves; replaces what was there in one step. Creates the bucket when it is missing. */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options?: { contentType?: string },
  ): Promise<ObjectSummary>;
  remove(bucket: string, keys: string[]): Promise<void>;
  /** Keys in byte order, from `startAfter` (exclusive). */
  list(bucket: string, options?: { prefix?: string; startAfter?: string; limit?: number }): ObjectSummary[];
}

export interface LogEvent {
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
}

export interface InvokeResult {
  /** HTTP status of Lambda's Invoke: 200, or that of `serviceError`. */
  statusCode: number;
  /** JSON text: what the function returned, or `{errorMessage, errorType, …}` when `functionError` is set. */
  payload: string;
  functionError?: 'Handled' | 'Unhandled';
  /** Lambda itself refused: no such function, throttled, … (`code` as the Lambda API names it). */
  serviceError?: { code: string; message: string };
  requestId: string;
  executedVersion: string;
  /** The end of the request's log, at most 4 KB, in base64; where it was asked for. */
  logResult?: string;
}

export interface InvokeOptions {
  /** With the end of its log. */
  tail?: boolean;
  /** The payload as its caller has it, for functions within the server: they need not read all of it. */
  given?: Value;
}

export interface Functions {
  /**
   * `name`: function name or ARN (a version or alias may follow). `payload`: JSON text. Never throws.
   */
  invoke(name: string, payload: string, signal?: AbortSignal, options?: InvokeOptions): Promise<InvokeResult>;
  /** Lambda's Invoke on the wire: POST /2015-03-31/functions/NAME/invocations. */
  handle: RequestHandler;
  /** What functions in processes of their own were loaded from, each file with its stamp then. */
  files(): Record<string, string>;
  stop(): Promise<void>;
}

/** What the built-in reference functions may ask of the server that hosts them. */
export interface FunctionHost {
  objects: ObjectStore;
  /** Durable key-value memory; `update` runs `change` on the current value (JSON) in one transaction. */
  state: {
    get<T>(key: string): T | undefined;
    update<T>(key: string, change: (current: T | undefined) => T): Promise<T>;
  };
  /** Resolves false when the token no longer waits. `output`: JSON text. */
  sendTaskSuccess(token: string, output: string): Promise<boolean>;
  /** Of a Distributed Map's child: the name of the execution that started the map run; else its own name. */
  rootExecutionName(executionArn: string): string;
  /** Of a machine by its name. `name` undefined: any. */
  startExecution(machine: string, name: string | undefined, input: Json): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
}

/** An error that a client receives as AWS would send it. */
export class AwsError extends Error {
  constructor(
    /** As on the wire, without namespace: `ExecutionDoesNotExist`, `NoSuchKey`, … */
    readonly code: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}
