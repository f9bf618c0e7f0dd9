import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Reply {
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface SendOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
  /** An answer longer than this is cut off, and rejects. */
  mostBytes?: number;
}

const MOST_BYTES = 64 << 20;

/** One HTTP request, its answer whole. Waits as long as the other side takes; rejects where there is no answer. */
export async function send(url: string, options: SendOptions = {}): Promise<Reply> {
  const { method = 'GET', body = '', signal, mostBytes = MOST_BYTES } = options;
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers: Record<string, string | number> = { ...options.headers };
  if (body.length > 0 || method !== 'GET') headers['Content-Length'] = Buffer.byteLength(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers, signal }, resolve).on('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 500,
    statusText: response.statusMessage ?? '',
    headers: response.headers,
    body: Buffer.concat(chunks),
  };
}

export function headerOf({ headers }: Reply, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Where a name has several addresses, node's own message is empty and `code` tells more. */
export function sendFailure(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
