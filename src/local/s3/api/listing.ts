import type Database from 'libsql';
import type { ObjectSummary } from '../../ports.js';
import { statement } from '../../store/statements.js';

export interface ListQuery {
  bucket: string;
  prefix: string;
  delimiter: string;
  /** Only entries (keys and common prefixes) after this one. */
  after: string;
  limit: number;
}

export interface Listing {
  objects: ObjectSummary[];
  commonPrefixes: string[];
  truncated: boolean;
  /** Name of the last entry: the next page's `after`. */
  last: string;
}

const batch = 1000;

/** Keys in byte order, those that share a prefix up to the delimiter rolled up into one entry. */
export function listObjects(db: Database.Database, query: ListQuery): Listing {
  const { bucket, prefix, delimiter, after, limit } = query;
  const listing: Listing = { objects: [], commonPrefixes: [], truncated: false, last: '' };
  const end = successor(prefix);
  let from = prefix;
  let beyond = after;
  for (;;) {
    const rows = selectKeys(db, { bucket, from, beyond, end, limit: Math.min(limit + 1, batch) });
    let group = '';
    for (const row of rows) {
      if (group !== '' && row.key.startsWith(group)) continue;
      group = groupOf(row.key, prefix, delimiter);
      if (group !== '' && after.startsWith(group)) continue;
      if (listing.objects.length + listing.commonPrefixes.length >= limit) {
        listing.truncated = limit > 0;
        return listing;
      }
      listing.last = group === '' ? row.key : group;
      if (group === '') listing.objects.push(row);
      else listing.commonPrefixes.push(group);
    }
    const last = rows.at(-1);
    if (!last) return listing;
    // The rest of a group is jumped over, however large it is.
    const next = group === '' ? from : successor(group);
    if (next === undefined) return listing;
    from = next;
    beyond = last.key;
  }
}

/** The common prefix that a key is rolled up into, or ''. */
export function groupOf(key: string, prefix: string, delimiter: string): string {
  if (delimiter === '') return '';
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? '' : key.slice(0, at + delimiter.length);
}

/** Keys from `from` (inclusive), beyond `beyond` (exclusive), before `end`. */
function selectKeys(
  db: Database.Database,
  range: { bucket: string; from: string; beyond: string; end: string | undefined; limit: number },
): ObjectSummary[] {
  // Byte order is SQLite's to judge: JavaScript compares UTF-16, which differs beyond U+FFFF. A BLOB is past any TEXT.
  return statement(
    db,
    `SELECT key, size, etag, last_modified AS lastModified FROM s3_objects
     WHERE bucket = ? AND key >= max(?, ?) AND key <> ? AND key < ? ORDER BY key LIMIT ?`,
  ).all(
    range.bucket,
    range.from,
    range.beyond,
    range.beyond,
    range.end ?? Buffer.alloc(0),
    range.limit,
  ) as ObjectSummary[];
}

/** The first string, in byte order, after all that begin with `prefix`; undefined when there is none. */
function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0);
  for (;;) {
    const last = points.pop();
    if (last === undefined) return undefined;
    if (last < 0x10ffff) {
      points.push(last === 0xd7ff ? 0xe000 : last + 1);
      return points.map((point) => String.fromCodePoint(point)).join('');
    }
  }
}
