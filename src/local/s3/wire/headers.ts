import { account } from '../../arns.js';
import type { Checksum } from '../sums/checksums.js';
import { requestedEncryption } from './encryption.js';
import { S3Error, unsupportedHeader } from './errors.js';
import { headerText, type S3Request, type S3Response } from './request.js';

const kept = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const largestMetadata = 2048;

/** What a request says of the object that it makes, as later responses carry it. */
export function objectHeaders(request: S3Request, region: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...requestedEncryption(request, region),
  };
  for (const name of kept) {
    const value = name === 'content-encoding' ? contentEncoding(request) : request.header(name);
    if (value) headers[name] = value;
  }
  let size = 0;
  for (const [name, value] of request.headersWith('x-amz-meta-')) {
    headers[name] = value;
    size += name.length - 'x-amz-meta-'.length + value.length;
  }
  if (size > largestMetadata) {
    throw new S3Error('MetadataTooLarge', { Size: size, MaxSizeAllowed: largestMetadata });
  }
  return headers;
}

/** Without `aws-chunked`, which was on the wire only. */
function contentEncoding(request: S3Request): string | undefined {
  return request
    .header('content-encoding')
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked')
    .join(',');
}

/** Values of these mean just what is done here anyway; any other is refused, never ignored. */
const harmless: Record<string, string[]> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-bucket-object-lock-enabled': ['false'],
  'x-amz-object-lock-legal-hold': ['off'],
  'x-amz-storage-class': ['standard'],
  'x-amz-tagging': [''],
};
const refused = [
  'x-amz-grant-',
  'x-amz-object-lock-',
  'x-amz-server-side-encryption-customer-',
  'x-amz-copy-source-server-side-encryption-',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

/** @throws S3Error when a header asks for what this server does not do. */
export function refuseUnsupportedHeaders(request: S3Request): void {
  for (const [name, value] of request.headersWith('x-amz-')) {
    const allowed = harmless[name];
    if (
      allowed ? !allowed.includes(value.toLowerCase()) : refused.some((prefix) => name.startsWith(prefix))
    ) {
      throw unsupportedHeader(name);
    }
  }
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    const owner = request.header(name);
    if (owner !== undefined && owner !== account) {
      throw new S3Error('AccessDenied', {}, `Access Denied: the buckets here belong to ${account}`);
    }
  }
}

export const quoted = (etag: string): string => `"${etag}"`;

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

const isSigned = ({ header, query }: S3Request): boolean =>
  header('authorization') !== undefined || query.has('X-Amz-Signature') || query.has('Signature');

/** `response-content-type=…` and its like in the query. */
export function responseOverrides(request: S3Request): NonNullable<S3Response['headers']> {
  const headers: Record<string, string> = {};
  for (const name of kept) {
    const value = request.query.get(`response-${name}`);
    if (!value) continue;
    if (!isSigned(request)) {
      throw new S3Error(
        'InvalidRequest',
        {},
        'Request specific response headers cannot be used for anonymous GET requests.',
      );
    }
    headers[name] = headerText(value);
  }
  return headers;
}
