import { S3Error } from './errors.js';

const longestLine = 8192;

/**
 * Unwraps S3's own chunked encoding: `size-in-hex[;chunk-signature=…]` CRLF, data, CRLF, …, a chunk of size 0,
 * trailers (`name:value`). Signatures are passed over: any credentials are taken here.
 * @param trailers receives the trailers, names in lower case, once the last byte was yielded.
 * @throws S3Error IncompleteBody when the framing is broken or cut off.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  /** Bytes of the current chunk still to come; undefined while a line is awaited. */
  let left: number | undefined;
  let expecting: 'size' | 'end of chunk' | 'trailer' = 'size';
  let line = '';
  for await (const bytes of source) {
    let at = 0;
    while (at < bytes.length) {
      if (left !== undefined) {
        const data = bytes.subarray(at, at + left);
        at += data.length;
        left -= data.length;
        if (left === 0) {
          left = undefined;
          expecting = 'end of chunk';
        }
        yield data;
        continue;
      }
      const newline = bytes.indexOf(0x0a, at);
      line += bytes.toString('latin1', at, newline < 0 ? bytes.length : newline);
      if (line.length > longestLine) throw broken('a line of the chunked encoding has no end');
      if (newline < 0) break;
      at = newline + 1;
      const complete = line.replace(/\r$/, '');
      line = '';
      if (expecting === 'size') {
        const size = chunkSize(complete);
        if (size === 0) expecting = 'trailer';
        else left = size;
      } else if (expecting === 'end of chunk') {
        if (complete !== '') throw broken('a chunk is longer than its size says');
        expecting = 'size';
      } else {
        readTrailer(complete, trailers);
      }
    }
  }
  if (expecting !== 'trailer' || line !== '') throw broken('the chunked encoding was cut off');
}

function chunkSize(line: string): number {
  const [, size] = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(line) ?? [];
  if (size === undefined) throw broken('the size of a chunk is not valid');
  return Number.parseInt(size, 16);
}

function readTrailer(line: string, trailers: Map<string, string>): void {
  if (line === '') return;
  const colon = line.indexOf(':');
  if (colon < 1) throw new S3Error('MalformedTrailerError');
  trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
}

const broken = (why: string): S3Error =>
  new S3Error('IncompleteBody', {}, `The request body terminated unexpectedly: ${why}`);
