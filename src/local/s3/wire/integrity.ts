import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  createHasher,
  decodeDigest,
  type HashName,
  parseAlgorithm,
} from '../sums/checksums.js';
import { decodeAwsChunked } from './aws-chunked.js';
import { invalidArgument, S3Error } from './errors.js';
import { type S3Request, wholeNumber } from './request.js';

/** What was computed while bytes went by. */
export interface Sums {
  size: number;
  of(name: HashName): Buffer;
}

/** Bytes, what to compute of them, and a last word (it throws) before they count as received. */
export interface Intake {
  chunks: AsyncIterable<Uint8Array>;
  hashes: ReadonlySet<HashName>;
  verify(sums: Sums): void;
  /** All of the bytes, where they are there already. */
  whole?: Uint8Array;
  /** Worth packing: it is written once, and read by few. */
  pack?: boolean;
}

/** Bytes from inside the house: nothing to verify. */
export const trusted = (body: Uint8Array | AsyncIterable<Uint8Array>, ...hashes: HashName[]): Intake => ({
  ...(body instanceof Uint8Array ? { chunks: once(body), whole: body } : { chunks: body }),
  hashes: new Set<HashName>(['md5', ...hashes]),
  verify: () => {},
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * The body of a request, unwrapped, with all that the client said of it: length, Content-MD5,
 * x-amz-content-sha256, x-amz-checksum-* in a header or a trailer.
 * @param checksums false when `x-amz-checksum-*` speaks of something else than this body.
 * @throws S3Error when those contradict each other or are none; the bytes are compared in `verify`.
 */
export function requestBody(
  request: S3Request,
  checksums = true,
): Intake & { algorithm?: ChecksumAlgorithm } {
  const payload = payloadHash(request);
  const streaming = payload.startsWith('STREAMING-');
  const length = expectedLength(request, streaming);
  const md5 = contentMd5(request);
  const checksum = checksums ? checksumHeader(request) : undefined;
  const trailer = streaming && payload.endsWith('-TRAILER') ? announcedTrailer(request) : undefined;
  const algorithm = checksum?.algorithm ?? trailer;
  if (request.header('x-amz-sdk-checksum-algorithm') !== undefined && !algorithm) {
    throw new S3Error(
      'InvalidRequest',
      {},
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  const hashes = new Set<HashName>(['md5']);
  if (algorithm) hashes.add(algorithm);
  if (isSha256(payload)) hashes.add('sha256');

  const trailers = new Map<string, string>();
  // An iterator that leaves the request whole: its connection must still carry the answer.
  const bytes: AsyncIterable<Buffer> = request.incoming.iterator({ destroyOnReturn: false });
  return {
    chunks: streaming ? decodeAwsChunked(bytes, trailers) : bytes,
    hashes,
    algorithm,
    verify(sums) {
      if (sums.size !== length) {
        throw new S3Error('IncompleteBody', { NumberBytesExpected: length, NumberBytesProvided: sums.size });
      }
      verifyMd5(md5, sums);
      if (isSha256(payload)) verifySha256(payload, sums);
      if (checksum) verifyChecksum(checksum.algorithm, checksum.value, sums);
      if (trailer) {
        const value = trailers.get(`x-amz-checksum-${trailer}`);
        if (value === undefined) throw new S3Error('MalformedTrailerError');
        verifyChecksum(trailer, checkedDigest(trailer, value, 'trailer'), sums);
      }
    },
  };
}

/**
 * A small body as text (the XML of a request), verified.
 * @param checksums false when `x-amz-checksum-*` speaks of something else than this body.
 * @throws S3Error MalformedXML when it is longer than `limit` bytes.
 */
export async function readText(request: S3Request, limit: number, checksums = true): Promise<string> {
  const body = requestBody(request, checksums);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of hashed(body)) {
    size += chunk.length;
    if (size > limit) throw new S3Error('MalformedXML');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Passes the bytes on, computing; after the last one `verify` speaks, then `done` hears the sums. */
export async function* hashed(intake: Intake, done?: (sums: Sums) => void): AsyncGenerator<Uint8Array> {
  const hashers = [...intake.hashes].map((name) => ({ name, hasher: createHasher(name) }));
  let size = 0;
  for await (const chunk of intake.chunks) {
    for (const { hasher } of hashers) hasher.update(chunk);
    size += chunk.length;
    yield chunk;
  }
  const digests = new Map(hashers.map(({ name, hasher }) => [name, hasher.digest()]));
  const sums: Sums = {
    size,
    of(name) {
      const digest = digests.get(name);
      if (!digest) throw new Error(`no ${name} was computed`);
      return digest;
    },
  };
  intake.verify(sums);
  done?.(sums);
}

const streamings = new Set([
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER',
]);

const isSha256 = (payload: string): boolean => /^[0-9a-f]{64}$/i.test(payload);

function payloadHash(request: S3Request): string {
  const name = 'x-amz-content-sha256';
  const payload = request.header(name) ?? 'UNSIGNED-PAYLOAD';
  if (payload === 'UNSIGNED-PAYLOAD' || isSha256(payload) || streamings.has(payload)) return payload;
  throw invalidArgument(
    name,
    payload,
    `${name} must be UNSIGNED-PAYLOAD, ${[...streamings].join(', ')}, or a valid sha256 value.`,
  );
}

/** Bytes of the object that the client means to send. Like S3, not one byte is taken without knowing. */
function expectedLength(request: S3Request, streaming: boolean): number {
  const name = streaming ? 'x-amz-decoded-content-length' : 'content-length';
  const text = request.header(name);
  if (text === undefined) {
    if (streaming) throw new S3Error('MissingContentLength');
    if (request.header('transfer-encoding') === undefined) return 0;
    throw new S3Error('NotImplemented', { Header: 'Transfer-Encoding' });
  }
  const length = wholeNumber(text) ?? 0;
  if (Number.isNaN(length)) throw invalidArgument(name, text, `${name} must be a whole number`);
  return length;
}

function contentMd5(request: S3Request): Buffer | undefined {
  const header = request.header('content-md5');
  if (header === undefined) return undefined;
  const digest = decodeDigest('md5', header.trim());
  if (!digest) throw new S3Error('InvalidDigest', { 'Content-MD5': header });
  return digest;
}

/** The one `x-amz-checksum-ALGORITHM` header, if there is one. */
function checksumHeader(request: S3Request): { algorithm: ChecksumAlgorithm; value: Buffer } | undefined {
  const found = checksumAlgorithms.filter(
    (algorithm) => request.header(`x-amz-checksum-${algorithm}`) !== undefined,
  );
  const [algorithm] = found;
  if (!algorithm) return undefined;
  if (found.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      {},
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const value = request.header(`x-amz-checksum-${algorithm}`) ?? '';
  return { algorithm, value: checkedDigest(algorithm, value, 'header') };
}

function announcedTrailer(request: S3Request): ChecksumAlgorithm {
  const [name] = (request.header('x-amz-trailer') ?? '').split(',');
  const [, algorithm = ''] = /^x-amz-checksum-(\w+)$/i.exec(name?.trim() ?? '') ?? [];
  const known = parseAlgorithm(algorithm);
  if (known) return known;
  throw new S3Error('InvalidRequest', {}, 'The value specified in the x-amz-trailer header is not supported');
}

function checkedDigest(algorithm: ChecksumAlgorithm, value: string, where: 'header' | 'trailer'): Buffer {
  const digest = decodeDigest(algorithm, value);
  if (digest) return digest;
  throw new S3Error('InvalidRequest', {}, `Value for x-amz-checksum-${algorithm} ${where} is invalid.`);
}

function verifyMd5(expected: Buffer | undefined, sums: Sums): void {
  const computed = sums.of('md5');
  if (!expected || expected.equals(computed)) return;
  throw new S3Error('BadDigest', {
    ExpectedDigest: expected.toString('base64'),
    CalculatedDigest: computed.toString('base64'),
  });
}

function verifySha256(expected: string, sums: Sums): void {
  const computed = sums.of('sha256').toString('hex');
  if (expected.toLowerCase() === computed) return;
  throw new S3Error('XAmzContentSHA256Mismatch', {
    ClientComputedContentSHA256: expected,
    S3ComputedContentSHA256: computed,
  });
}

function verifyChecksum(algorithm: ChecksumAlgorithm, expected: Buffer, sums: Sums): void {
  if (!expected.equals(sums.of(algorithm))) throw checksumMismatch(algorithm);
}

export const checksumMismatch = (algorithm: ChecksumAlgorithm): S3Error =>
  new S3Error(
    'BadDigest',
    {},
    `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  );
