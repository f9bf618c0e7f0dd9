import { crc32 } from 'node:zlib';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import { headerOf, type Reply } from '../http/client.js';
import { escapeXml } from '../http/xml.js';
import { refuseUnaddressed } from './errors.js';
import { upperFirst } from './names.js';
import type { WireRequest } from './services.js';
import { readXml } from './xml.js';

/** S3's REST binding: where the members of a request go, and where those of an answer come from. */

interface Binding {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Fixed part of the query: what tells the operation from others. */
  query?: string;
  /** Member that is the body, and the root element that it is written as; absent: the bytes of `Body`. */
  xml?: { member: string; root: string };
  /** Member that the answer's document is; absent: its elements are members themselves. */
  result?: string;
}

const bindings: Record<string, Binding> = {
  abortMultipartUpload: { method: 'DELETE' },
  completeMultipartUpload: {
    method: 'POST',
    xml: { member: 'MultipartUpload', root: 'CompleteMultipartUpload' },
  },
  copyObject: { method: 'PUT', result: 'CopyObjectResult' },
  createBucket: {
    method: 'PUT',
    xml: { member: 'CreateBucketConfiguration', root: 'CreateBucketConfiguration' },
  },
  createMultipartUpload: { method: 'POST', query: 'uploads' },
  deleteBucket: { method: 'DELETE' },
  deleteBucketTagging: { method: 'DELETE', query: 'tagging' },
  deleteObject: { method: 'DELETE' },
  deleteObjects: { method: 'POST', query: 'delete', xml: { member: 'Delete', root: 'Delete' } },
  getBucketLocation: { method: 'GET', query: 'location' },
  getBucketTagging: { method: 'GET', query: 'tagging' },
  getObject: { method: 'GET' },
  getObjectTagging: { method: 'GET', query: 'tagging' },
  headBucket: { method: 'HEAD' },
  headObject: { method: 'HEAD' },
  listBuckets: { method: 'GET' },
  listMultipartUploads: { method: 'GET', query: 'uploads' },
  listObjects: { method: 'GET' },
  listObjectsV2: { method: 'GET', query: 'list-type=2' },
  listParts: { method: 'GET' },
  putBucketTagging: { method: 'PUT', query: 'tagging', xml: { member: 'Tagging', root: 'Tagging' } },
  putObject: { method: 'PUT' },
  uploadPart: { method: 'PUT' },
  uploadPartCopy: { method: 'PUT', result: 'CopyPartResult' },
};

/** Members that go into the query, with the names that S3 has for them. */
const queries: Record<string, string> = {
  ContinuationToken: 'continuation-token',
  Delimiter: 'delimiter',
  EncodingType: 'encoding-type',
  FetchOwner: 'fetch-owner',
  KeyMarker: 'key-marker',
  Marker: 'marker',
  MaxBuckets: 'max-buckets',
  MaxKeys: 'max-keys',
  MaxParts: 'max-parts',
  MaxUploads: 'max-uploads',
  PartNumber: 'partNumber',
  PartNumberMarker: 'part-number-marker',
  Prefix: 'prefix',
  StartAfter: 'start-after',
  UploadId: 'uploadId',
  UploadIdMarker: 'upload-id-marker',
  VersionId: 'versionId',
};

/** Headers of HTTP's own; all others of S3 begin with `x-amz-`. */
const plainHeaders = new Set([
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-range',
  'content-type',
  'etag',
  'expires',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'last-modified',
  'range',
]);

/** Words of header names that are not capitalised as others. */
const words: Record<string, string> = {
  crc32: 'CRC32',
  crc32c: 'CRC32C',
  crc64nvme: 'CRC64NVME',
  etag: 'ETag',
  kms: 'KMS',
  md5: 'MD5',
  sha1: 'SHA1',
  sha256: 'SHA256',
  sse: 'SSE',
};
const lists = {
  Bucket: 'Buckets',
  CommonPrefixes: 'CommonPrefixes',
  Contents: 'Contents',
  Deleted: 'Deleted',
  Error: 'Errors',
  Part: 'Parts',
  Tag: 'TagSet',
  Upload: 'Uploads',
};
const numbers = new Set([
  'ContentLength',
  'KeyCount',
  'MaxKeys',
  'MaxParts',
  'MaxUploads',
  'MissingMeta',
  'NextPartNumberMarker',
  'PartNumber',
  'PartNumberMarker',
  'PartsCount',
  'Size',
]);
const booleans = new Set(['DeleteMarker', 'IsTruncated']);

/** `undefined`: an operation that is not bound here. */
export function s3Request(action: string, parameters: JsonObject): WireRequest | undefined {
  const binding = Object.hasOwn(bindings, action) ? bindings[action] : undefined;
  if (!binding) return undefined;
  const { Bucket, Key, Body, ...rest } = parameters;
  if (action !== 'listBuckets') refuseUnaddressed('S3', 'Bucket', Bucket);
  if (NEEDS_KEY.test(action)) refuseUnaddressed('S3', 'Key', Key);
  const query = new URLSearchParams(binding.query);
  const headers: Record<string, string> = {};
  // The JSON of the definition is what is written: a text keeps its quotes.
  let body = Body === undefined ? '' : jsonText(Body);
  for (const [member, value] of Object.entries(rest)) {
    if (member === binding.xml?.member) body = writeXml(binding.xml.root, value);
    else if (queries[member] !== undefined) query.set(queries[member], text(value));
    else if (member === 'Metadata' && isObject(value)) {
      for (const [name, data] of Object.entries(value)) headers[`x-amz-meta-${name}`] = text(data);
    } else headers[headerName(member)] = text(value);
  }
  if (Body !== undefined && !Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'))) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    headers['x-amz-checksum-crc32'] = sum.toString('base64');
  }
  const segments = [Bucket, ...(Key === undefined ? [] : text(Key).split('/'))];
  const path = segments
    .map((segment) => encodeURIComponent(segment === undefined ? '' : text(segment)))
    .join('/');
  const search = query.size > 0 ? `?${query}` : '';
  return { method: binding.method, path: `/${path}${search}`, headers, body };
}

const NEEDS_KEY = /Object(Tagging)?$|MultipartUpload$|^uploadPart|^listParts$/;

const text = (json: Json): string => (typeof json === 'string' ? json : jsonText(json));

function headerName(member: string): string {
  const name = member
    .replace(/ETag/, 'Etag')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
  return plainHeaders.has(name) ? name : `x-amz-${name}`;
}

const memberName = (header: string): string =>
  header
    .replace(/^x-amz-/, '')
    .split('-')
    .map((word) => words[word] ?? upperFirst(word))
    .join('');

/** Lists that an element of their own wraps, which holds those of the other name. */
const wrapped: Record<string, string> = { TagSet: 'Tag', Tags: 'Tag' };

/** Other arrays become repeated elements named by the singular. */
function writeXml(name: string, json: Json): string {
  const member = wrapped[name];
  if (Array.isArray(json) && member !== undefined)
    return `<${name}>${json.map((item) => writeXml(member, item)).join('')}</${name}>`;
  if (Array.isArray(json)) return json.map((item) => writeXml(name.replace(/s$/, ''), item)).join('');
  if (!isObject(json)) return `<${name}>${escapeXml(text(json))}</${name}>`;
  const members = Object.entries(json).map(([member, value]) => writeXml(member, value));
  return `<${name}>${members.join('')}</${name}>`;
}

/** The members of a successful answer, as the SDK would give them. */
export function s3Result(action: string, reply: Reply): JsonObject {
  const result: JsonObject = {};
  const metadata: JsonObject = {};
  for (const header of Object.keys(reply.headers)) {
    const value = headerOf(reply, header) ?? '';
    if (header.startsWith('x-amz-meta-')) metadata[header.slice('x-amz-meta-'.length)] = value;
    else if (header === 'x-amz-request-id' || header === 'x-amz-id-2') continue;
    else if (plainHeaders.has(header) || header.startsWith('x-amz-'))
      result[memberName(header)] = typed(memberName(header), value);
  }
  const isObjectOf = action === 'getObject' || action === 'headObject';
  if (isObjectOf) result.Metadata = metadata;
  if (action === 'getObject') return { ...result, Body: reply.body.toString('utf8') };
  if (isObjectOf) return result;
  const { ContentLength: _, ContentType: __, ...headers } = result;
  if (reply.body.length === 0) return headers;
  const document = typedMembers(readXml(reply.body.toString('utf8'), lists));
  const member = bindings[action]?.result;
  return { ...headers, ...(member === undefined ? document : { [member]: document }) };
}

function typedMembers(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]): [string, Json] => {
      if (Array.isArray(value))
        return [name, value.map((item) => (isObject(item) ? typedMembers(item) : item))];
      // Lists that an element of their own wraps: `<Buckets><Bucket>…`.
      if (isObject(value)) return [name, value[name] ?? typedMembers(value)];
      return [name, typeof value === 'string' ? typed(name, value) : value];
    }),
  );
}

function typed(name: string, value: string): Json {
  if (numbers.has(name)) return Number(value);
  if (booleans.has(name)) return value === 'true';
  if (name === 'LastModified') return isoSeconds(value);
  return value;
}

/** A header's date as the `aws-sdk` integrations write dates. */
function isoSeconds(date: string): string {
  const at = new Date(date);
  return Number.isNaN(at.getTime()) ? date : at.toISOString().replace('.000Z', 'Z');
}
