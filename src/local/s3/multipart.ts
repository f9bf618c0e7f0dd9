import { createHash, randomUUID } from 'node:crypto';
import type Database from 'libsql';
import {
  arrangeParts,
  deleteBody,
  deleteUpload,
  findObject,
  insertPart,
  insertUpload,
  listParts,
  type Part,
  replaceObject,
  requireBucket,
  requireUpload,
  type StoredObject,
  type Upload,
} from './catalog.js';
import { type ChecksumAlgorithm, type ChecksumType, checksumOfParts, isCrc } from './checksums.js';
import { checkWrite } from './conditions.js';
import { commit, receive, type S3Context } from './context.js';
import { encryptionOf } from './encryption.js';
import { invalidArgument, S3Error } from './errors.js';
import { objectHeaders, quoted } from './headers.js';
import { checksumMismatch, type Intake, readText, requestBody, trusted } from './integrity.js';
import {
  checksumElement,
  checksumElements,
  copyResult,
  copySource,
  readBytes,
  refuseLargerThan,
  requestedAlgorithm,
} from './objects.js';
import { parseCopyRange } from './ranges.js';
import { type S3Request, type S3Response, wholeNumber, xmlResponse } from './request.js';
import { childText, leaf, parseXml, type XmlElement, xmlDocument } from './xml.js';

const mebibyte = 2 ** 20;
const smallestPart = 5 * mebibyte;
const largestPart = 5 * 1024 * mebibyte;
const mostParts = 10_000;
/** 10,000 parts with every field that the API has. */
const largestCompletion = 8 * mebibyte;

export async function createMultipartUpload(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  const algorithm = requestedAlgorithm(request);
  const upload: Upload = {
    id: randomUUID().replaceAll('-', ''),
    bucket,
    key,
    initiated: context.clock.now(),
    headers: objectHeaders(request, context.region),
    algorithm,
    type: checksumType(request, algorithm),
  };
  await context.store.write((db) => {
    requireBucket(db, bucket);
    insertUpload(db, upload);
  });
  return xmlResponse(
    xmlDocument(
      'InitiateMultipartUploadResult',
      leaf('Bucket', bucket) + leaf('Key', key) + leaf('UploadId', upload.id),
    ),
    {
      ...encryptionOf(upload.headers),
      'x-amz-checksum-algorithm': algorithm?.toUpperCase(),
      'x-amz-checksum-type': upload.type,
    },
  );
}

function checksumType(
  request: S3Request,
  algorithm: ChecksumAlgorithm | undefined,
): ChecksumType | undefined {
  const asked = request.header('x-amz-checksum-type');
  if (!algorithm) {
    if (asked === undefined) return undefined;
    throw new S3Error(
      'InvalidRequest',
      {},
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const type = asked ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type === 'FULL_OBJECT' && isCrc(algorithm)) return type;
  if (type === 'COMPOSITE' && algorithm !== 'crc64nvme') return type;
  throw new S3Error(
    'InvalidRequest',
    {},
    `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  );
}

export async function uploadPart(context: S3Context, request: S3Request): Promise<S3Response> {
  const upload = uploadOf(context, request);
  refuseLargerThan(largestPart, request);
  const body = requestBody(request);
  if (upload.algorithm && body.algorithm && upload.algorithm !== body.algorithm) {
    throw new S3Error(
      'InvalidRequest',
      {},
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm}, actual checksum Type: ${body.algorithm}`,
    );
  }
  const algorithm = upload.algorithm ?? body.algorithm;
  const part = await receivePart(context, request, upload, {
    ...body,
    hashes: new Set([...body.hashes, ...(algorithm ? [algorithm] : [])]),
    algorithm,
  });
  return {
    status: 200,
    headers: {
      etag: quoted(part.etag),
      ...encryptionOf(upload.headers),
      ...(algorithm ? { [`x-amz-checksum-${algorithm}`]: part.checksum } : {}),
    },
  };
}

export async function uploadPartCopy(context: S3Context, request: S3Request): Promise<S3Response> {
  const upload = uploadOf(context, request);
  const source = copySource(context, request);
  const header = request.header('x-amz-copy-source-range');
  const { start, end } =
    header === undefined ? { start: 0, end: source.size } : parseCopyRange(header, source.size);
  const { algorithm } = upload;
  const intake = trusted(readBytes(context, source, start, end), ...(algorithm ? [algorithm] : []));
  const part = await receivePart(context, request, upload, { ...intake, algorithm });
  const result = copyResult({ ...part, checksum: undefined }) + partChecksum(part, algorithm);
  return xmlResponse(xmlDocument('CopyPartResult', result), encryptionOf(upload.headers));
}

function receivePart(
  context: S3Context,
  request: S3Request,
  upload: Upload,
  intake: Intake & { algorithm: ChecksumAlgorithm | undefined },
): Promise<Part> {
  const number = partNumber(request);
  return receive(context, intake, (db, received, discard) => {
    // It may have been completed or aborted meanwhile.
    requireUpload(db, upload.bucket, upload.key, upload.id);
    const part: Part = {
      number,
      size: received.size,
      etag: received.md5,
      lastModified: context.clock.now(),
      checksum: intake.algorithm && received.sum(intake.algorithm),
    };
    insertPart(db, upload.id, part, received.location, discard);
    return part;
  });
}

function uploadOf(context: S3Context, request: S3Request): Upload {
  partNumber(request);
  return context.store.read((db) => {
    requireBucket(db, request.bucket);
    return requireUpload(db, request.bucket, request.key, uploadId(request));
  });
}

export const uploadId = (request: S3Request): string => request.query.get('uploadId') ?? '';

function partNumber(request: S3Request): number {
  const text = request.query.get('partNumber');
  const number = wholeNumber(text) ?? 0;
  if (number >= 1 && number <= mostParts) return number;
  throw invalidArgument(
    'partNumber',
    text ?? '',
    `Part number must be an integer between 1 and ${mostParts}, inclusive`,
  );
}

export async function completeMultipartUpload(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  // Its checksum headers are those of the object.
  const asked = askedParts(parseXml(await readText(request, largestCompletion, false)));
  const object = await commit(context, (db, discard) => {
    requireBucket(db, bucket);
    const current = findObject(db, bucket, key);
    // A client that lost our answer asks again.
    if (current?.body === uploadId(request)) return current;
    const upload = requireUpload(db, bucket, key, uploadId(request));
    const parts = chosenParts(db, upload, asked);
    checkWrite(request, current);
    const made = assemble(request, upload, parts, context.clock.now());
    deleteUpload(db, upload.id);
    arrangeParts(db, upload.id, parts, discard);
    replaceObject(db, made, discard);
    return made;
  });
  return xmlResponse(
    xmlDocument(
      'CompleteMultipartUploadResult',
      leaf('Location', `http://${request.header('host') ?? 'localhost'}${request.resource}`) +
        leaf('Bucket', bucket) +
        leaf('Key', key) +
        leaf('ETag', quoted(object.etag)) +
        checksumElements(object.checksum),
    ),
    encryptionOf(object.headers),
  );
}

interface AskedPart {
  number: number;
  etag: string;
  element: XmlElement;
}

function askedParts(root: XmlElement): AskedPart[] {
  const parts = root.children
    .filter(({ name }) => name === 'Part')
    .map((part) => ({
      number: wholeNumber(childText(part, 'PartNumber')?.trim()) ?? Number.NaN,
      etag: (childText(part, 'ETag') ?? '').trim().replaceAll('"', ''),
      element: part,
    }));
  const malformed = root.name !== 'CompleteMultipartUpload' || parts.length === 0 || parts.length > mostParts;
  if (malformed || parts.some(({ number }) => Number.isNaN(number))) throw new S3Error('MalformedXML');
  parts.forEach(({ number }, index) => {
    if (number <= (parts[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder');
  });
  return parts;
}

/** The uploaded parts that a completion names, in its order. */
function chosenParts(db: Database.Database, upload: Upload, asked: AskedPart[]): Part[] {
  const uploaded = new Map(listParts(db, upload.id, 0, mostParts).map((part) => [part.number, part]));
  return asked.map(({ number, etag, element: xml }, index) => {
    const part = uploaded.get(number);
    const details = { UploadId: upload.id, PartNumber: number, ETag: etag };
    if (!part || part.etag !== etag) throw new S3Error('InvalidPart', details);
    checkPartChecksum(upload, part, xml);
    if (part.size < smallestPart && index < asked.length - 1) {
      throw new S3Error('EntityTooSmall', {
        ProposedSize: part.size,
        MinSizeAllowed: smallestPart,
        PartNumber: number,
        ETag: etag,
      });
    }
    return part;
  });
}

function checkPartChecksum(upload: Upload, part: Part, xml: XmlElement): void {
  const { algorithm, type } = upload;
  const given = xml.children.find(({ name }) => name.startsWith('Checksum'));
  if (given) {
    const fits = algorithm === undefined || given.name === checksumElement(algorithm);
    if (fits && (part.checksum === undefined || given.text.trim() === part.checksum)) return;
    throw new S3Error('InvalidPart', { UploadId: upload.id, PartNumber: part.number, ETag: part.etag });
  }
  if (algorithm && type === 'COMPOSITE') {
    throw new S3Error(
      'InvalidRequest',
      {},
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
}

/** The object that the parts make. */
function assemble(request: S3Request, upload: Upload, parts: Part[], now: number): StoredObject {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const declared = request.header('x-amz-mp-object-size');
  if (declared !== undefined && wholeNumber(declared) !== size) {
    throw new S3Error(
      'InvalidRequest',
      {},
      `The provided 'x-amz-mp-object-size' header value ${declared} does not match what was computed: ${size}`,
    );
  }
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.etag, 'hex');
  return {
    bucket: upload.bucket,
    key: upload.key,
    body: upload.id,
    size,
    etag: `${md5.digest('hex')}-${parts.length}`,
    lastModified: now,
    headers: upload.headers,
    checksum: objectChecksum(request, upload, parts),
  };
}

function objectChecksum(request: S3Request, upload: Upload, parts: Part[]): StoredObject['checksum'] {
  const { algorithm, type } = upload;
  const askedType = request.header('x-amz-checksum-type');
  if (askedType !== undefined && askedType !== type) {
    throw new S3Error(
      'InvalidRequest',
      {},
      `The upload was created using the ${type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  if (!algorithm || !type) return undefined;
  const checksum = checksumOfParts(
    algorithm,
    type,
    parts.map((part) => ({ sum: Buffer.from(part.checksum ?? '', 'base64'), size: part.size })),
  );
  const expected = request.header(`x-amz-checksum-${algorithm}`);
  const bare = checksum.value.replace(/-\d+$/, '');
  if (expected !== undefined && expected !== checksum.value && expected !== bare) {
    throw checksumMismatch(algorithm);
  }
  return checksum;
}

export async function abortMultipartUpload(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  await commit(context, (db, discard) => {
    requireBucket(db, bucket);
    const upload = requireUpload(db, bucket, key, uploadId(request));
    deleteUpload(db, upload.id);
    deleteBody(db, upload.id, discard);
  });
  return { status: 204 };
}

export const partChecksum = (part: Part, algorithm: ChecksumAlgorithm | undefined): string =>
  algorithm && part.checksum ? leaf(checksumElement(algorithm), part.checksum) : '';
