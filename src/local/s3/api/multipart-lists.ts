import type Database from 'libsql';
import { account } from '../../arns.js';
import { element, leaf, xmlDocument } from '../../http/xml.js';
import { listParts, type Part, requireBucket } from '../store/catalog.js';
import type { S3Context } from '../store/context.js';
import { listUploads, requireUpload, type Upload } from '../store/uploads.js';
import type { ChecksumAlgorithm } from '../sums/checksums.js';
import { quoted } from '../wire/headers.js';
import { type S3Request, type S3Response, xmlResponse } from '../wire/request.js';
import { groupOf } from './listing.js';
import { countOf, listEncoder } from './lists.js';
import { partChecksum, uploadId } from './multipart.js';

export async function listUploadedParts(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, key } = request;
  const limit = countOf(request, 'max-parts');
  const marker = countOf(request, 'part-number-marker', 0);
  const [upload, found] = context.store.read((db) => {
    requireBucket(db, bucket);
    const open = requireUpload(db, bucket, key, uploadId(request));
    return [open, listParts(db, open.id, marker, limit + 1)] as const;
  });
  const parts = found.slice(0, limit);
  const encode = listEncoder(request);
  return xmlResponse(
    xmlDocument(
      'ListPartsResult',
      leaf('Bucket', bucket) +
        leaf('Key', encode(key)) +
        leaf('UploadId', upload.id) +
        owners +
        leaf('StorageClass', 'STANDARD') +
        leaf('PartNumberMarker', marker) +
        leaf('NextPartNumberMarker', parts.at(-1)?.number ?? 0) +
        leaf('MaxParts', limit) +
        leaf('IsTruncated', found.length > limit && limit > 0) +
        leaf('ChecksumAlgorithm', upload.algorithm?.toUpperCase()) +
        leaf('ChecksumType', upload.type) +
        parts.map((part) => partElement(part, upload.algorithm)).join(''),
    ),
  );
}

const partElement = (part: Part, algorithm: ChecksumAlgorithm | undefined): string =>
  element(
    'Part',
    leaf('PartNumber', part.number) +
      leaf('LastModified', new Date(part.lastModified).toISOString()) +
      leaf('ETag', quoted(part.etag)) +
      leaf('Size', part.size) +
      partChecksum(part, algorithm),
  );

const person = leaf('ID', account) + leaf('DisplayName', 'local');
const owners = element('Initiator', person) + element('Owner', person);

export async function listMultipartUploads(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket, query } = request;
  const limit = countOf(request, 'max-uploads');
  const [prefix, delimiter, keyMarker] = ['prefix', 'delimiter', 'key-marker'].map(
    (name) => query.get(name) ?? '',
  ) as [string, string, string];
  const encode = listEncoder(request);
  // Without an id, a key as marker means: past all uploads of that key.
  const idMarker = query.get('upload-id-marker') ?? '';
  const page = context.store.read((db) => {
    requireBucket(db, bucket);
    return uploadsPage(
      db,
      { bucket, prefix, delimiter, limit },
      { key: keyMarker, id: idMarker || '\u{10ffff}' },
    );
  });
  return xmlResponse(
    xmlDocument(
      'ListMultipartUploadsResult',
      leaf('Bucket', bucket) +
        leaf('KeyMarker', encode(keyMarker)) +
        leaf('UploadIdMarker', idMarker) +
        (page.next
          ? leaf('NextKeyMarker', encode(page.next.key)) + leaf('NextUploadIdMarker', page.next.id)
          : '') +
        leaf('Prefix', encode(prefix)) +
        leaf('Delimiter', delimiter === '' ? undefined : encode(delimiter)) +
        leaf('EncodingType', query.get('encoding-type') ?? undefined) +
        leaf('MaxUploads', limit) +
        leaf('IsTruncated', page.next !== undefined) +
        page.uploads
          .map((upload) =>
            element(
              'Upload',
              leaf('Key', encode(upload.key)) +
                leaf('UploadId', upload.id) +
                owners +
                leaf('StorageClass', 'STANDARD') +
                leaf('Initiated', new Date(upload.initiated).toISOString()) +
                leaf('ChecksumAlgorithm', upload.algorithm?.toUpperCase()) +
                leaf('ChecksumType', upload.type),
            ),
          )
          .join('') +
        page.groups.map((group) => element('CommonPrefixes', leaf('Prefix', encode(group)))).join(''),
    ),
  );
}

interface UploadsPage {
  uploads: Upload[];
  groups: string[];
  next?: { key: string; id: string };
}

function uploadsPage(
  db: Database.Database,
  query: { bucket: string; prefix: string; delimiter: string; limit: number },
  marker: { key: string; id: string },
): UploadsPage {
  const page: UploadsPage = { uploads: [], groups: [] };
  let after = marker;
  let group = '';
  for (;;) {
    const batch = listUploads(db, query.bucket, after, 1000);
    for (const upload of batch) {
      const { key, id } = upload;
      const isMember = group !== '' && key.startsWith(group);
      const past = after;
      after = { key, id };
      if (isMember || !key.startsWith(query.prefix)) continue;
      group = groupOf(key, query.prefix, query.delimiter);
      if (group !== '' && marker.key.startsWith(group)) continue;
      if (page.uploads.length + page.groups.length >= query.limit) {
        return query.limit > 0 ? { ...page, next: past } : page;
      }
      if (group === '') page.uploads.push(upload);
      else page.groups.push(group);
    }
    if (batch.length < 1000) return page;
  }
}
