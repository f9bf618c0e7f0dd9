import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.js';

/** A request as S3 understands it, its body unread. */
export interface S3Request {
  method: string;
  /** Path as it came, for `Resource` of errors. */
  resource: string;
  /** Empty: the service itself. */
  bucket: string;
  /** Empty: the bucket itself. */
  key: string;
  query: URLSearchParams;
  header(name: string): string | undefined;
  /** Those whose name starts so. */
  headersWith(prefix: string): [name: string, value: string][];
  incoming: IncomingMessage;
}

export interface S3Response {
  status: number;
  headers?: Record<string, string | number | undefined>;
  /** XML, or the bytes of an object (with their Content-Length in `headers`). */
  body?: string | AsyncIterable<Uint8Array>;
}

export const xmlResponse = (body: string, headers: S3Response['headers'] = {}): S3Response => ({
  status: 200,
  headers,
  body,
});

export const resourceOf = (incoming: IncomingMessage): string => split(incoming.url ?? '/')[0];

/** @throws S3Error InvalidURI, KeyTooLongError */
export function parseRequest(incoming: IncomingMessage): S3Request {
  const [resource, search] = split(incoming.url ?? '/');
  const slash = resource.indexOf('/', 1);
  const bucket = decode(slash < 0 ? resource.slice(1) : resource.slice(1, slash));
  const key = slash < 0 ? '' : decode(resource.slice(slash + 1));
  checkKey(key);
  const query = new URLSearchParams(search);
  const { headers } = incoming;
  const values = new Map<string, string>();
  // A presigned URL carries in its query what would else be headers.
  if (query.has('X-Amz-Signature')) {
    for (const [name, value] of query) {
      if (name.toLowerCase().startsWith('x-amz-')) values.set(name.toLowerCase(), headerText(value));
    }
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values.set(name, Array.isArray(value) ? value.join(',') : value);
  }
  return {
    method: incoming.method ?? 'GET',
    resource,
    bucket,
    key,
    query,
    header: (name) => values.get(name),
    headersWith: (prefix) => [...values].filter(([name]) => name.startsWith(prefix)),
    incoming,
  };
}

/** Path and query. Never through `URL`, which would resolve the `..` that a key may hold. */
function split(url: string): [path: string, search: string] {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return [path === '' ? '/' : path, mark < 0 ? '' : target.slice(mark + 1)];
}

/** Percent-decoding of a path: `+` stays a plus. */
export function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', { URI: path });
  }
}

const longestKey = 1024;

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > longestKey) throw new S3Error('KeyTooLongError', { Size: size, MaxSizeAllowed: longestKey });
  // Neither XML nor the database can hold a NUL.
  if (key.includes('\0')) throw new S3Error('InvalidURI', { URI: key });
}

/** Text from a query as a header can carry it: UTF-8 bytes, no line breaks. */
export const headerText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the header
  Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, ' ')).toString('latin1');

/** A whole number from the query or a header; undefined when absent. */
export function wholeNumber(text: string | undefined | null): number | undefined {
  if (text === undefined || text === null) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
