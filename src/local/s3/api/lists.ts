import { account } from '../../arns.js';
import { element, leaf, xmlDocument } from '../../http/xml.js';
import type { ObjectSummary } from '../../ports.js';
import { requireBucket } from '../store/catalog.js';
import type { S3Context } from '../store/context.js';
import { invalidArgument } from '../wire/errors.js';
import { quoted } from '../wire/headers.js';
import { type S3Request, type S3Response, wholeNumber, xmlResponse } from '../wire/request.js';
import { type Listing, listObjects } from './listing.js';

const largestPage = 1000;

/** A count in the query; AWS cuts it down to 1000 without a word. */
export function countOf(request: S3Request, name: string, otherwise = largestPage): number {
  const text = request.query.get(name);
  if (text === null || text === '') return otherwise;
  const count = wholeNumber(text) ?? otherwise;
  if (Number.isNaN(count) || count > 0x7fff_ffff) {
    throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
  }
  return name === 'part-number-marker' ? count : Math.min(count, largestPage);
}

/** `encoding-type=url` asks for keys that any XML parser survives. */
export function listEncoder(request: S3Request): (key: string) => string {
  const type = request.query.get('encoding-type');
  if (type === null || type === '') return (key) => key;
  if (type !== 'url') {
    throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  }
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/');
}

export async function listObjectsV2(context: S3Context, request: S3Request): Promise<S3Response> {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const limit = countOf(request, 'max-keys');
  const encode = listEncoder(request);
  const listing = list(context, request, token === null ? startAfter : decodeToken(token), limit);
  const owner = query.get('fetch-owner') === 'true';
  return xmlResponse(
    xmlDocument(
      'ListBucketResult',
      head(request, limit, listing, encode) +
        leaf('KeyCount', listing.objects.length + listing.commonPrefixes.length) +
        leaf('ContinuationToken', token ?? undefined) +
        leaf('NextContinuationToken', listing.truncated ? encodeToken(listing.last) : undefined) +
        leaf('StartAfter', startAfter === '' ? undefined : encode(startAfter)) +
        entries(listing, encode, owner),
    ),
  );
}

export async function listObjectsV1(context: S3Context, request: S3Request): Promise<S3Response> {
  const marker = request.query.get('marker') ?? '';
  const limit = countOf(request, 'max-keys');
  const encode = listEncoder(request);
  const listing = list(context, request, marker, limit);
  const next = listing.truncated && request.query.get('delimiter') ? encode(listing.last) : undefined;
  return xmlResponse(
    xmlDocument(
      'ListBucketResult',
      head(request, limit, listing, encode) +
        leaf('Marker', encode(marker)) +
        leaf('NextMarker', next) +
        entries(listing, encode, true),
    ),
  );
}

function list(context: S3Context, request: S3Request, after: string, limit: number): Listing {
  const { bucket, query } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  return context.store.read((db) => {
    requireBucket(db, bucket);
    return listObjects(db, { bucket, prefix, delimiter, after, limit });
  });
}

function head(request: S3Request, limit: number, listing: Listing, encode: (key: string) => string): string {
  const { query } = request;
  const delimiter = query.get('delimiter');
  return (
    leaf('Name', request.bucket) +
    leaf('Prefix', encode(query.get('prefix') ?? '')) +
    leaf('Delimiter', delimiter ? encode(delimiter) : undefined) +
    leaf('MaxKeys', limit) +
    leaf('EncodingType', query.get('encoding-type') || undefined) +
    leaf('IsTruncated', listing.truncated)
  );
}

function entries(listing: Listing, encode: (key: string) => string, owner: boolean): string {
  const contents = listing.objects.map((object) => contentsElement(object, encode, owner));
  const prefixes = listing.commonPrefixes.map((prefix) =>
    element('CommonPrefixes', leaf('Prefix', encode(prefix))),
  );
  return contents.join('') + prefixes.join('');
}

export const ownerElement = element('Owner', leaf('ID', account) + leaf('DisplayName', 'local'));

const contentsElement = (object: ObjectSummary, encode: (key: string) => string, owner: boolean): string =>
  element(
    'Contents',
    leaf('Key', encode(object.key)) +
      leaf('LastModified', new Date(object.lastModified).toISOString()) +
      leaf('ETag', quoted(object.etag)) +
      leaf('Size', object.size) +
      (owner ? ownerElement : '') +
      leaf('StorageClass', 'STANDARD'),
  );

/** Continuation tokens are the last entry's name, in a form that invites nobody to guess. */
export const encodeToken = (last: string): string => Buffer.from(`1${last}`).toString('base64url');

export function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('1') && encodeToken(text.slice(1)) === token) return text.slice(1);
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}
