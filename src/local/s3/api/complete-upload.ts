import { createHash } from 'node:crypto';
import type Database from 'libsql';
import { childText, leaf, type XmlElement, xmlDocument } from '../../http/xml.js';
import {
  arrangeParts,
  findObject,
  listParts,
  type Part,
  replaceObject,
  requireBucket,
  type StoredObject,
} from '../store/catalog.js';
import { commit, type S3Context } from '../store/context.js';
import { deleteUpload, requireUpload, type Upload } from '../store/uploads.js';
import { checksumOfParts } from '../sums/checksums.js';
import { checkWrite } from '../wire/conditions.js';
import { encryptionOf } from '../wire/encryption.js';
import { S3Error } from '../wire/errors.js';
import { quoted } from '../wire/headers.js';
import { checksumMismatch, readText } from '../wire/integrity.js';
import { type S3Request, type S3Response, wholeNumber, xmlResponse } from '../wire/request.js';
import { requestXml } from '../wire/request-xml.js';
import { mostParts, uploadId } from './multipart.js';
import { checksumElement, checksumElements } from './objects.js';

const mebibyte = 2 ** 20;
/** But for the last. */
const smallestPart = 5 * mebibyte;
/** 10,000 parts with every field that the API has. */
const largestCompletion = 8 * mebibyte;

export async function completeMultipartUpload(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  // Its checksum headers are those of the object.
  const asked = askedParts(requestXml(await readText(request, largestCompletion, false)));
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
