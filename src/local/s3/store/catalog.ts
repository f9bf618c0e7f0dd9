import type Database from 'libsql';
import { statement } from '../../store/statements.js';
import type { Checksum } from '../sums/checksums.js';
import { S3Error } from '../wire/errors.js';
import type { Location, Stretch } from './bodies.js';
import { deleteUpload } from './uploads.js';

type Db = Database.Database;

/**
 * An object's body is a list of parts: one of a plain put; those of the upload (`body` is its id) after a
 * multipart upload, so completing it moves no bytes.
 */
export const s3Schema = `
CREATE TABLE IF NOT EXISTS s3_buckets (
  name TEXT PRIMARY KEY, region TEXT NOT NULL, creation_date INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_bucket_tags (
  bucket TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_objects (
  bucket TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  last_modified INTEGER NOT NULL, headers TEXT NOT NULL, checksum TEXT,
  PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_uploads (
  bucket TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL UNIQUE, initiated INTEGER NOT NULL,
  headers TEXT NOT NULL, checksum_algorithm TEXT, checksum_type TEXT,
  PRIMARY KEY (bucket, key, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_parts (
  body TEXT NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
  etag TEXT NOT NULL, last_modified INTEGER NOT NULL, checksum TEXT, file TEXT UNIQUE, bytes BLOB, packed INTEGER,
  PRIMARY KEY (body, number)
);
`;

/** Called with files whose rows are deleted; they go after the commit. */
export type Discard = (files: string[]) => void;

export interface BucketRow {
  name: string;
  region: string;
  creation_date: number;
}

export const findBucket = (db: Db, name: string): BucketRow | undefined =>
  statement(db, 'SELECT * FROM s3_buckets WHERE name = ?').get(name) as BucketRow | undefined;

export function requireBucket(db: Db, name: string): BucketRow {
  const bucket = findBucket(db, name);
  if (!bucket) throw new S3Error('NoSuchBucket', { BucketName: name });
  return bucket;
}

export function insertBucket(db: Db, bucket: BucketRow): void {
  statement(db, 'INSERT INTO s3_buckets (name, region, creation_date) VALUES (?, ?, ?)').run(
    bucket.name,
    bucket.region,
    bucket.creation_date,
  );
}

export interface Tag {
  key: string;
  value: string;
}

export const tagsOf = (db: Db, bucket: string): Tag[] =>
  statement(db, 'SELECT key, value FROM s3_bucket_tags WHERE bucket = ? ORDER BY key').all(bucket) as Tag[];

/** In place of those that were there. */
export function setTags(db: Db, bucket: string, tags: Tag[]): void {
  statement(db, 'DELETE FROM s3_bucket_tags WHERE bucket = ?').run(bucket);
  const insert = statement(db, 'INSERT INTO s3_bucket_tags (bucket, key, value) VALUES (?, ?, ?)');
  for (const { key, value } of tags) insert.run(bucket, key, value);
}

/** Uploads under way go with their bucket; objects keep it. */
export function deleteBucket(db: Db, name: string, discard: Discard): void {
  requireBucket(db, name);
  if (statement(db, 'SELECT 1 FROM s3_objects WHERE bucket = ? LIMIT 1').get(name)) {
    throw new S3Error('BucketNotEmpty', { BucketName: name });
  }
  for (const { id } of statement(db, 'SELECT id FROM s3_uploads WHERE bucket = ?').all(name) as {
    id: string;
  }[]) {
    deleteUpload(db, id);
    deleteBody(db, id, discard);
  }
  setTags(db, name, []);
  statement(db, 'DELETE FROM s3_buckets WHERE name = ?').run(name);
}

export interface StoredObject {
  bucket: string;
  key: string;
  /** Id of its list of parts. */
  body: string;
  size: number;
  etag: string;
  lastModified: number;
  /** As a response carries them: content-type, x-amz-meta-… */
  headers: Record<string, string>;
  checksum: Checksum | undefined;
}

export function findObject(db: Db, bucket: string, key: string): StoredObject | undefined {
  const row = statement(db, 'SELECT * FROM s3_objects WHERE bucket = ? AND key = ?').get(bucket, key) as
    | (Omit<StoredObject, 'headers' | 'lastModified' | 'checksum'> & {
        last_modified: number;
        headers: string;
        checksum: string | null;
      })
    | undefined;
  if (!row) return undefined;
  return {
    bucket,
    key,
    body: row.body,
    size: row.size,
    etag: row.etag,
    lastModified: row.last_modified,
    headers: JSON.parse(row.headers) as Record<string, string>,
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as Checksum),
  };
}

/** Takes the place of what is there under the key. */
export function replaceObject(db: Db, object: StoredObject, discard: Discard): void {
  deleteObject(db, object.bucket, object.key, discard);
  statement(
    db,
    `INSERT INTO s3_objects (bucket, key, body, size, etag, last_modified, headers, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    object.bucket,
    object.key,
    object.body,
    object.size,
    object.etag,
    object.lastModified,
    JSON.stringify(object.headers),
    object.checksum ? JSON.stringify(object.checksum) : null,
  );
}

export function deleteObject(db: Db, bucket: string, key: string, discard: Discard): void {
  const found = statement(db, 'SELECT body FROM s3_objects WHERE bucket = ? AND key = ?').get(bucket, key) as
    | { body: string }
    | undefined;
  if (!found) return;
  statement(db, 'DELETE FROM s3_objects WHERE bucket = ? AND key = ?').run(bucket, key);
  deleteBody(db, found.body, discard);
}

export interface Part {
  number: number;
  size: number;
  /** Hex MD5. */
  etag: string;
  lastModified: number;
  /** Base64, by the upload's algorithm. */
  checksum: string | undefined;
}

/** Adds a part, in place of the one of that number. */
export function replacePart(db: Db, body: string, part: Part, location: Location, discard: Discard): void {
  discard(filesOf(db, 'SELECT file FROM s3_parts WHERE body = ? AND number = ?', body, part.number));
  insertPart(db, body, part, location);
}

export function insertPart(db: Db, body: string, part: Part, location: Location): void {
  const { number } = part;
  statement(
    db,
    `INSERT OR REPLACE INTO s3_parts (body, number, start, size, etag, last_modified, checksum, file, bytes, packed)
     VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    body,
    number,
    part.size,
    part.etag,
    part.lastModified,
    part.checksum ?? null,
    location.file,
    location.bytes,
    location.packed,
  );
}

const partColumns = 'number, size, etag, last_modified AS lastModified, checksum';

export const findPart = (db: Db, body: string, number: number): (Part & { start: number }) | undefined =>
  statement(db, `SELECT ${partColumns}, start FROM s3_parts WHERE body = ? AND number = ?`).get(
    body,
    number,
  ) as (Part & { start: number }) | undefined;

export const listParts = (db: Db, body: string, after: number, limit: number): Part[] =>
  statement(
    db,
    `SELECT ${partColumns} FROM s3_parts WHERE body = ? AND number > ? ORDER BY number LIMIT ?`,
  ).all(body, after, limit) as Part[];

export const countParts = (db: Db, body: string): number =>
  (statement(db, 'SELECT count(*) AS parts FROM s3_parts WHERE body = ?').get(body) as { parts: number })
    .parts;

/** Keeps these parts, one after the other, as the body. */
export function arrangeParts(db: Db, body: string, parts: Part[], discard: Discard): void {
  let start = 0;
  const chosen = new Set<number>();
  for (const { number, size } of parts) {
    statement(db, 'UPDATE s3_parts SET start = ? WHERE body = ? AND number = ?').run(start, body, number);
    start += size;
    chosen.add(number);
  }
  for (const { number } of statement(db, 'SELECT number FROM s3_parts WHERE body = ?').all(body) as {
    number: number;
  }[]) {
    if (chosen.has(number)) continue;
    discard(filesOf(db, 'SELECT file FROM s3_parts WHERE body = ? AND number = ?', body, number));
    statement(db, 'DELETE FROM s3_parts WHERE body = ? AND number = ?').run(body, number);
  }
}

interface PlacedPart {
  start: number;
  size: number;
  file: string | null;
  bytes: ArrayBuffer | null;
  packed: number | null;
}

/** Where the bytes from `from` up to `to` (exclusive) are. */
export function stretchesOf(db: Db, body: string, from: number, to: number): Stretch[] {
  const rows = statement(
    db,
    `SELECT start, size, file, bytes, packed FROM s3_parts
     WHERE body = ? AND start < ? AND start + size > ? ORDER BY number`,
  ).all(body, to, from) as PlacedPart[];
  return rows.map(({ start, size, file, bytes, packed }) => {
    const first = Math.max(from - start, 0);
    const range = { from: first, size: Math.min(to - start, size) - first, packed };
    return file === null
      ? { file, bytes: Buffer.from(bytes ?? new ArrayBuffer(0)), ...range }
      : { file, bytes: null, ...range };
  });
}

export function deleteBody(db: Db, body: string, discard: Discard): void {
  discard(filesOf(db, 'SELECT file FROM s3_parts WHERE body = ? AND file IS NOT NULL', body));
  statement(db, 'DELETE FROM s3_parts WHERE body = ?').run(body);
}

export const isKnownFile = (db: Db, file: string): boolean =>
  statement(db, 'SELECT 1 FROM s3_parts WHERE file = ?').get(file) !== undefined;

const filesOf = (db: Db, select: string, ...values: (string | number)[]): string[] =>
  (statement(db, select).all(...values) as { file: string | null }[]).flatMap(({ file }) => file ?? []);
