import { child, childText, element, leaf, type XmlElement, xmlDocument } from '../../http/xml.js';
import { statement } from '../../store/statements.js';
import {
  type BucketRow,
  deleteBucket,
  findBucket,
  insertBucket,
  requireBucket,
  setTags,
  type Tag,
  tagsOf,
} from '../store/catalog.js';
import { commit, type S3Context } from '../store/context.js';
import { S3Error } from '../wire/errors.js';
import { readText } from '../wire/integrity.js';
import { type S3Request, type S3Response, xmlResponse } from '../wire/request.js';
import { requestXml } from '../wire/request-xml.js';
import { countOf, decodeToken, encodeToken, ownerElement } from './lists.js';

/** S3's naming rules for general purpose buckets. */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d{1,3}(\.\d{1,3}){3}$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  );
}

/** What a bucket could be called before 2018. */
export const isOldBucketName = (name: string): boolean => /^[A-Za-z0-9._-]{3,255}$/.test(name);

export async function listBuckets(context: S3Context, request: S3Request): Promise<S3Response> {
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const limit = query.has('max-buckets') ? countOf(request, 'max-buckets') : 10_000;
  const rows = context.store.read((db) =>
    statement(
      db,
      'SELECT * FROM s3_buckets WHERE name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?',
    ).all(token === null ? '' : decodeToken(token), prefix, prefix, limit + 1),
  ) as BucketRow[];
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const buckets = page.map(({ name, region, creation_date }) =>
    element(
      'Bucket',
      leaf('Name', name) +
        leaf('CreationDate', new Date(creation_date).toISOString()) +
        leaf('BucketRegion', region),
    ),
  );
  return xmlResponse(
    xmlDocument(
      'ListAllMyBucketsResult',
      ownerElement +
        element('Buckets', buckets.join('')) +
        leaf('ContinuationToken', rows.length > limit && last ? encodeToken(last.name) : undefined) +
        leaf('Prefix', prefix || undefined),
    ),
  );
}

export async function createBucket(context: S3Context, request: S3Request): Promise<S3Response> {
  const { bucket } = request;
  const text = await readText(request, 1 << 16);
  const { constraint, tags } = configuration(text);
  await context.store.write((db) => {
    if (findBucket(db, bucket)) throw new S3Error('BucketAlreadyOwnedByYou', { BucketName: bucket });
    insertBucket(db, {
      name: bucket,
      region: constraint || context.region,
      creation_date: context.clock.now(),
    });
    setTags(db, bucket, tags);
  });
  return { status: 200, headers: { location: `/${bucket}` } };
}

function configuration(text: string): { constraint?: string; tags: Tag[] } {
  if (text.trim() === '') return { tags: [] };
  const root = requestXml(text);
  if (root.name !== 'CreateBucketConfiguration') throw new S3Error('MalformedXML');
  return { constraint: childText(root, 'LocationConstraint')?.trim(), tags: tagsIn(child(root, 'Tags')) };
}

export async function headBucket(context: S3Context, request: S3Request): Promise<S3Response> {
  const { region } = context.store.read((db) => requireBucket(db, request.bucket));
  return { status: 200, headers: { 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' } };
}

export async function deleteOneBucket(context: S3Context, request: S3Request): Promise<S3Response> {
  await commit(context, (db, discard) => deleteBucket(db, request.bucket, discard));
  return { status: 204 };
}

export async function getBucketLocation(context: S3Context, request: S3Request): Promise<S3Response> {
  const { region } = context.store.read((db) => requireBucket(db, request.bucket));
  // The oldest region is reported as an empty element.
  return xmlResponse(xmlDocument('LocationConstraint', region === 'us-east-1' ? '' : region));
}

const mostTags = 50;

function tagsIn(set: XmlElement | undefined): Tag[] {
  const tags = (set?.children ?? []).map((tag) => ({
    key: childText(tag, 'Key') ?? '',
    value: childText(tag, 'Value') ?? '',
  }));
  if (tags.some(({ key }) => key === '')) throw new S3Error('MalformedXML');
  if (new Set(tags.map(({ key }) => key)).size < tags.length)
    throw new S3Error('InvalidTag', {}, 'Cannot provide multiple Tags with the same key');
  if (tags.length > mostTags)
    throw new S3Error('BadRequest', {}, `Bucket tag count cannot be greater than ${mostTags}`);
  return tags;
}

export async function getBucketTagging(context: S3Context, request: S3Request): Promise<S3Response> {
  const tags = context.store.read((db) => tagsOf(db, requireBucket(db, request.bucket).name));
  if (tags.length === 0) throw new S3Error('NoSuchTagSet', { BucketName: request.bucket });
  const set = tags.map(({ key, value }) => element('Tag', leaf('Key', key) + leaf('Value', value)));
  return xmlResponse(xmlDocument('Tagging', element('TagSet', set.join(''))));
}

export async function putBucketTagging(context: S3Context, request: S3Request): Promise<S3Response> {
  const root = requestXml(await readText(request, 1 << 16));
  const set = child(root, 'TagSet');
  if (root.name !== 'Tagging' || !set) throw new S3Error('MalformedXML');
  const tags = tagsIn(set);
  await context.store.write((db) => setTags(db, requireBucket(db, request.bucket).name, tags));
  return { status: 204 };
}

export async function deleteBucketTagging(context: S3Context, request: S3Request): Promise<S3Response> {
  await context.store.write((db) => setTags(db, requireBucket(db, request.bucket).name, []));
  return { status: 204 };
}
