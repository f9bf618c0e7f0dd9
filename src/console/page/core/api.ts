import type { ErrorDocument } from '../../api.js';
import { currentToken, locked } from './token.js';

/** What the server answered instead of a result. `status` 0: it did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint?: string;
  readonly where?: string;
  readonly details?: Record<string, unknown>;
  constructor(status: number, { code, message, hint, where, details }: ErrorDocument['error']) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.where = where;
    this.details = details;
  }
}

interface Options {
  signal?: AbortSignal;
}

/** @throws ApiError */
export async function get<T>(path: string, { signal }: Options = {}): Promise<T> {
  return (await (await request(path, { signal })).json()) as T;
}

/** @throws ApiError */
export async function post<T>(path: string, body: object, { signal }: Options = {}): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return (await (
    await request(path, { method: 'POST', headers, body: JSON.stringify(body), signal })
  ).json()) as T;
}

/** With the token. @throws ApiError for any answer but 2xx, and where there is none */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('X-Mbc-Flow-Token', currentToken() ?? '');
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, cache: 'no-store', referrerPolicy: 'no-referrer' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { code: 'Away', message: 'The server does not answer' });
  }
  if (response.ok) return response;
  if (response.status === 401) locked.value = true;
  throw new ApiError(response.status, await errorIn(response));
}

async function errorIn(response: Response): Promise<ErrorDocument['error']> {
  try {
    return ((await response.json()) as ErrorDocument).error;
  } catch {
    return { code: 'Unknown', message: `The server answered ${response.status}` };
  }
}
