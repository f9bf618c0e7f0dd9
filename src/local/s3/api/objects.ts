import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { childText, element, leaf, xmlDocument } from '../../http/xml.js';
import type { Stretch } from '../store/bodies.js';
import {
  countParts,
  deleteObject,
  findObject,
  findPart,
  insertPart,
  replaceObject,
  requireBucket,
  type StoredObject,
  stretchesOf,
} from '../store/catalog.js';
import { commit, presentObject, receive, type S3Context } from '../store/context.js';
import { type Checksum, type ChecksumAlgorithm, parseAlgorithm } from '../sums/checksums.js';
import { checkCopySource, checkWrite, readOutcome } from '../wire/conditions.js';
import { encryptionOf, requestedEncryption, withoutEncryption } from '../wire/encryption.js';
import { invalidArgument, S3Error } from '../wire/errors.js';
import { checksumHeaders, objectHeaders, quoted, responseOverrides } from '../wire/headers.js';
import { type Intake, readText, requestBody, trusted } from '../wire/integrity.js';
import { type ByteRange, parseRange } from '../wire/ranges.js';
import {
  checkKey,
  decode,
  type S3Request,
  type S3Response,
  wholeNumber,
  xmlResponse,
} from '../wire/request.js';
import { requestXml } from '../wire/request-xml.js';

const largestPut = 5 * 2 ** 30;

/** Receives a body as the object of that key, once `prepare` has had its say in the same transaction. */
export function putBody(
  context: S3Context,
  intake: Intake & { algorithm?: ChecksumAlgorithm },
  target: Pick<StoredObject, 'bucket' | 'key' | 'headers'>,
  prepare: (db: Database.Database) => void,
): Promise<StoredObject> {
  const { algorithm } = intake;
  return receive(context, intake, (db, received, discard) => {
    prepare(db);
    const checksum: Checksum | undefined = algorithm && {
      algorithm,
      type: 'FULL_OBJECT',
      value: received.sum(algorithm),
    };
    const object: StoredObject = {
      bucket: target.bucket,
      key: target.key,
      body: randomUUID(),
      size: received.size,
      etag: received.md5,
      lastModified: context.clock.now(),
      headers: target.headers,
      checksum,
    };
    replaceObject(db, object, discard);
    const { size, etag, lastModified } = object;
    const part = { number: 1, size, etag, lastModified, checksum: checksum?.value };
    insertPart(db, object.body, part, received.location);
    return object;
  });
}

/** The bucket is there, and what is there under the key may be replaced. */
const writeCheck =
  (request: S3Request) =>
  (db: Database.Database): void => {
    requireBucket(db, request.bucket);
    checkWrite(request, findObject(db, request.bucket, request.key));
  };

export async function putObject(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  context.store.read((db) => requireBucket(db, bucket));
  refuseLargerThan(largestPut, request);
  const target = { bucket, key, headers: objectHeaders(request, context.region) };
  const object = await putBody(context, requestBody(request), target, writeCheck(request));
  return {
    status: 200,
    headers: {
      etag: quoted(object.etag),
      ...encryptionOf(object.headers),
      ...checksumHeaders(object.checksum),
    },
  };
}

export function refuseLargerThan(limit: number, request: S3Request): void {
  const size = wholeNumber(
    request.header('x-amz-decoded-content-length') ?? request.header('content-length'),
  );
  if (size !== undefined && size > limit) {
    throw new S3Error('EntityTooLarge', { ProposedSize: size, MaxSizeAllowed: limit });
  }
}

export async function getObject(context: S3Context, request: S3Request): Promise<S3Response> {
  const found = readObject(context, request);
  if (found.status === 304) return found;
  return { ...found, body: context.bodies.read(found.stretches()) };
}

export async function headObject(context: S3Context, request: S3Request): Promise<S3Response> {
  return readObject(context, request);
}

function readObject(context: S3Context, request: S3Request): S3Response & { stretches: () => Stretch[] } {
  const object = requireObject(context, request.bucket, request.key);
  const validators = {
    etag: quoted(object.etag),
    'last-modified': new Date(object.lastModified).toUTCString(),
  };
  const outcome = readOutcome(request, object);
  if (outcome === 'not modified') return { status: 304, headers: validators, stretches: () => [] };
  const part = requestedPart(context, request, object);
  const range = part?.range ?? parseRange(request.header('range'), object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const wantsChecksum = request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    status: range ? 206 : 200,
    headers: {
      ...object.headers,
      ...responseOverrides(request),
      ...validators,
      'accept-ranges': 'bytes',
      'content-length': end - start,
      'content-range': range && `bytes ${start}-${end - 1}/${object.size}`,
      'x-amz-mp-parts-count': part?.count,
      ...encryptionOf(object.headers),
      ...(wantsChecksum && end - start === object.size ? checksumHeaders(object.checksum) : {}),
    },
    stretches: () => context.store.read((db) => stretchesOf(db, object.body, start, end)),
  };
}

/** `?partNumber=`: the bytes that were uploaded as that part. */
function requestedPart(
  context: S3Context,
  request: S3Request,
  object: StoredObject,
): { range: ByteRange | undefined; count: number | undefined } | undefined {
  const text = request.query.get('partNumber');
  if (text === null) return undefined;
  if (request.header('range') !== undefined) {
    throw new S3Error(
      'InvalidRequest',
      {},
      'Cannot specify both Range header and partNumber query parameter',
    );
  }
  const number = wholeNumber(text) ?? 0;
  if (!(number >= 1 && number <= 10_000)) {
    throw invalidArgument(
      'partNumber',
      text,
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  }
  const [part, count] = context.store.read((db) => [
    findPart(db, object.body, number),
    countParts(db, object.body),
  ]);
  if (!part) throw new S3Error('InvalidPartNumber', { PartNumberRequested: number, ActualPartCount: count });
  return {
    range: part.size === 0 ? undefined : { start: part.start, end: part.start + part.size },
    count: object.etag.includes('-') ? count : undefined,
  };
}

/** @throws S3Error NoSuchBucket, NoSuchKey */
function requireObject(context: S3Context, bucket: string, key: string): StoredObject {
  context.store.read((db) => requireBucket(db, bucket));
  const object = presentObject(context, bucket, key);
  if (!object) throw new S3Error('NoSuchKey', { Key: key });
  return object;
}

export async function deleteOneObject(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  await commit(context, (db, discard) => {
    requireBucket(db, bucket);
    const current = findObject(db, bucket, key);
    if (request.header('if-match') !== undefined) checkWrite(request, current);
    deleteObject(db, bucket, key, discard);
  });
  return { status: 204 };
}

const largestDelete = 4 << 20;

export async function deleteObjects(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket } = request;
  context.store.read((db) => requireBucket(db, bucket));
  const root = requestXml(await readText(request, largestDelete));
  const asked = root.children.filter(({ name }) => name === 'Object');
  if (root.name !== 'Delete' || asked.length === 0 || asked.length > 1000) throw new S3Error('MalformedXML');
  const quiet = childText(root, 'Quiet')?.trim() === 'true';
  const wanted = asked.map((object) => {
    const key = childText(object, 'Key');
    if (key === undefined || key === '') throw new S3Error('MalformedXML');
    const version = childText(object, 'VersionId');
    return { key, etag: childText(object, 'ETag'), known: version === undefined || version === 'null' };
  });
  const outcomes = await commit(context, (db, discard) => {
    requireBucket(db, bucket);
    return wanted.map(({ key, etag, known }) => {
      if (!known) return failure(key, 'NoSuchVersion', 'The specified version does not exist.');
      const current = etag === undefined ? undefined : findObject(db, bucket, key);
      if (etag !== undefined && (!current || (etag !== '*' && etag.replaceAll('"', '') !== current.etag))) {
        return failure(
          key,
          'PreconditionFailed',
          'At least one of the pre-conditions you specified did not hold',
        );
      }
      deleteObject(db, bucket, key, discard);
      return quiet ? '' : element('Deleted', leaf('Key', key));
    });
  });
  return xmlResponse(xmlDocument('DeleteResult', outcomes.join('')));
}

const failure = (key: string, code: string, message: string): string =>
  element('Error', leaf('Key', key) + leaf('Code', code) + leaf('Message', message));

/** The object that `x-amz-copy-source` names, its conditions met. */
export function copySource(context: S3Context, request: S3Request): StoredObject {
  const header = request.header('x-amz-copy-source') ?? '';
  const [path = '', version] = header.split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucket === undefined || key === undefined || (version !== undefined && version !== 'null')) {
    throw invalidArgument('x-amz-copy-source', header, 'Invalid copy source object key');
  }
  checkKey(key);
  const source = requireObject(context, bucket, key);
  checkCopySource(request, source);
  return source;
}

/** Bytes of a stored object, `start` to `end` (exclusive). */
export const readBytes = (
  context: S3Context,
  object: StoredObject,
  start = 0,
  end = object.size,
): AsyncIterable<Uint8Array> =>
  context.bodies.read(context.store.read((db) => stretchesOf(db, object.body, start, end)));

export async function copyObject(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  context.store.read((db) => requireBucket(db, bucket));
  const source = copySource(context, request);
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument('x-amz-metadata-directive', directive, 'Unknown metadata directive.');
  }
  if (directive === 'COPY' && source.bucket === bucket && source.key === key) {
    throw new S3Error(
      'InvalidRequest',
      {},
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const algorithm = requestedAlgorithm(request) ?? source.checksum?.algorithm;
  // How it is encrypted is never copied.
  const headers =
    directive === 'COPY'
      ? { ...withoutEncryption(source.headers), ...requestedEncryption(request, context.region) }
      : objectHeaders(request, context.region);
  const intake = trusted(readBytes(context, source), ...(algorithm ? [algorithm] : []));
  const target = { bucket, key, headers };
  const object = await putBody(context, { ...intake, algorithm }, target, writeCheck(request));
  return xmlResponse(xmlDocument('CopyObjectResult', copyResult(object)), encryptionOf(object.headers));
}

export const copyResult = (copy: Pick<StoredObject, 'etag' | 'lastModified' | 'checksum'>): string =>
  leaf('LastModified', new Date(copy.lastModified).toISOString()) +
  leaf('ETag', quoted(copy.etag)) +
  checksumElements(copy.checksum);

export const checksumElements = (checksum: Checksum | undefined): string =>
  checksum
    ? leaf(checksumElement(checksum.algorithm), checksum.value) + leaf('ChecksumType', checksum.type)
    : '';

export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm.toUpperCase()}`;

/** `x-amz-checksum-algorithm` of a request that carries no body. */
export function requestedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const header = request.header('x-amz-checksum-algorithm');
  if (header === undefined) return undefined;
  const algorithm = parseAlgorithm(header);
  if (algorithm) return algorithm;
  throw new S3Error(
    'InvalidRequest',
    {},
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

/** No object here can have tags; `aws s3 cp` between keys asks nevertheless. */
export async function getObjectTagging(context: S3Context, request: S3Request): Promise<S3Response> {
  requireObject(context, request.bucket, request.key);
  return xmlResponse(xmlDocument('Tagging', element('TagSet', '')));
}
