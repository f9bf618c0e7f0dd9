import { randomUUID } from 'node:crypto';
import { leaf, xmlDocument } from '../../http/xml.js';
import { deleteBody, type Part, replacePart, requireBucket } from '../store/catalog.js';
import { commit, receive, type S3Context } from '../store/context.js';
import { deleteUpload, insertUpload, requireUpload, type Upload } from '../store/uploads.js';
import { type ChecksumAlgorithm, type ChecksumType, isCrc } from '../sums/checksums.js';
import { encryptionOf } from '../wire/encryption.js';
import { invalidArgument, S3Error } from '../wire/errors.js';
import { objectHeaders, quoted } from '../wire/headers.js';
import { type Intake, requestBody, trusted } from '../wire/integrity.js';
import { parseCopyRange } from '../wire/ranges.js';
import { type S3Request, type S3Response, wholeNumber, xmlResponse } from '../wire/request.js';
import {
  checksumElement,
  copyResult,
  copySource,
  readBytes,
  refuseLargerThan,
  requestedAlgorithm,
} from './objects.js';

const largestPart = 5 * 2 ** 30;
export const mostParts = 10_000;

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
    replacePart(db, upload.id, part, received.location, discard);
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
