import type Database from 'libsql';
import type { ObjectStore, ObjectSummary } from '../ports.js';
import { listObjects } from './api/listing.js';
import { putBody, readBytes } from './api/objects.js';
import { deleteObject, findBucket, insertBucket, type StoredObject } from './store/catalog.js';
import { commit, presentObject, type S3Context } from './store/context.js';
import { trusted } from './wire/integrity.js';
import { checkKey } from './wire/request.js';

/** S3 without the wire, for the rest of the server. */
export function createObjectStore(context: S3Context): ObjectStore {
  const { store, clock, region } = context;
  const find = (bucket: string, key: string): StoredObject | undefined => presentObject(context, bucket, key);
  const bucketExists = (bucket: string): boolean => store.read((db) => findBucket(db, bucket) !== undefined);
  const ensureBucket = (db: Database.Database, name: string): void => {
    if (!findBucket(db, name)) insertBucket(db, { name, region, creation_date: clock.now() });
  };
  return {
    bucketExists,
    createBucket: (bucket) => store.write((db) => ensureBucket(db, bucket)),
    head(bucket, key) {
      const object = find(bucket, key);
      return object && summaryOf(object);
    },
    read(bucket, key, start = 0) {
      const object = find(bucket, key);
      return object && readBytes(context, object, start);
    },
    async put(bucket, key, body, options = {}) {
      checkKey(key);
      const headers = { 'content-type': options.contentType ?? 'binary/octet-stream' };
      const intake = { ...trusted(body), pack: true };
      const target = { bucket, key, headers };
      return summaryOf(await putBody(context, intake, target, (db) => ensureBucket(db, bucket)));
    },
    async remove(bucket, keys) {
      await commit(context, (db, discard) => {
        for (const key of keys) deleteObject(db, bucket, key, discard);
      });
    },
    list(bucket, { prefix = '', startAfter = '', limit = Number.MAX_SAFE_INTEGER } = {}) {
      const query = { bucket, prefix, delimiter: '', after: startAfter, limit };
      return store.read((db) => listObjects(db, query).objects);
    },
  };
}

const summaryOf = ({ key, size, etag, lastModified }: StoredObject): ObjectSummary => ({
  key,
  size,
  etag,
  lastModified,
});
