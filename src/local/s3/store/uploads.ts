import type Database from 'libsql';
import { statement } from '../../store/statements.js';
import type { ChecksumAlgorithm, ChecksumType } from '../sums/checksums.js';
import { S3Error } from '../wire/errors.js';

type Db = Database.Database;

/** A multipart upload under way; its parts are a body of its id. */
export interface Upload {
  id: string;
  bucket: string;
  key: string;
  initiated: number;
  headers: Record<string, string>;
  algorithm: ChecksumAlgorithm | undefined;
  type: ChecksumType | undefined;
}

interface UploadRow {
  id: string;
  bucket: string;
  key: string;
  initiated: number;
  headers: string;
  checksum_algorithm: ChecksumAlgorithm | null;
  checksum_type: ChecksumType | null;
}

const asUpload = (row: UploadRow): Upload => ({
  id: row.id,
  bucket: row.bucket,
  key: row.key,
  initiated: row.initiated,
  headers: JSON.parse(row.headers) as Record<string, string>,
  algorithm: row.checksum_algorithm ?? undefined,
  type: row.checksum_type ?? undefined,
});

export function insertUpload(db: Db, upload: Upload): void {
  statement(
    db,
    `INSERT INTO s3_uploads (id, bucket, key, initiated, headers, checksum_algorithm, checksum_type)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    upload.id,
    upload.bucket,
    upload.key,
    upload.initiated,
    JSON.stringify(upload.headers),
    upload.algorithm ?? null,
    upload.type ?? null,
  );
}

function findUpload(db: Db, bucket: string, key: string, id: string): Upload | undefined {
  const row = statement(db, 'SELECT * FROM s3_uploads WHERE bucket = ? AND key = ? AND id = ?').get(
    bucket,
    key,
    id,
  ) as UploadRow | undefined;
  return row && asUpload(row);
}

export function requireUpload(db: Db, bucket: string, key: string, id: string): Upload {
  const upload = findUpload(db, bucket, key, id);
  if (!upload) throw new S3Error('NoSuchUpload', { UploadId: id });
  return upload;
}

export function deleteUpload(db: Db, id: string): void {
  statement(db, 'DELETE FROM s3_uploads WHERE id = ?').run(id);
}

/** By key, then id, past the marker. */
export const listUploads = (
  db: Db,
  bucket: string,
  after: { key: string; id: string },
  limit: number,
): Upload[] =>
  (
    statement(
      db,
      'SELECT * FROM s3_uploads WHERE bucket = ? AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?',
    ).all(bucket, after.key, after.id, limit) as UploadRow[]
  ).map(asUpload);
