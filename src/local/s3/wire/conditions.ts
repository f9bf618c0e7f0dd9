import { S3Error, unsupportedHeader } from './errors.js';
import type { S3Request } from './request.js';

interface Version {
  etag: string;
  lastModified: number;
}

/** Outcome of a read's If-… headers, by HTTP's precedence. */
export function readOutcome(request: S3Request, object: Version): 'proceed' | 'not modified' {
  return judge(
    {
      match: request.header('if-match'),
      noneMatch: request.header('if-none-match'),
      modifiedSince: request.header('if-modified-since'),
      unmodifiedSince: request.header('if-unmodified-since'),
    },
    object,
  );
}

/** Of a copy's source: what would be "not modified" is a failure there. */
export function checkCopySource(request: S3Request, object: Version): void {
  const prefix = 'x-amz-copy-source-if-';
  const outcome = judge(
    {
      match: request.header(`${prefix}match`),
      noneMatch: request.header(`${prefix}none-match`),
      modifiedSince: request.header(`${prefix}modified-since`),
      unmodifiedSince: request.header(`${prefix}unmodified-since`),
    },
    object,
  );
  if (outcome === 'not modified') throw failed(`${prefix}none-match`);
}

/** A write's conditions on what is there now; to be asked in the write's own transaction. */
export function checkWrite(request: S3Request, current: Version | undefined): void {
  const match = request.header('if-match');
  const noneMatch = request.header('if-none-match');
  if (noneMatch !== undefined) {
    if (noneMatch.trim() !== '*') throw unsupportedHeader('If-None-Match');
    if (current) throw failed('If-None-Match');
  }
  if (match !== undefined) {
    if (!current) throw new S3Error('NoSuchKey', { Key: request.key });
    if (!includesEtag(match, current.etag)) throw failed('If-Match');
  }
}

interface Conditions {
  match: string | undefined;
  noneMatch: string | undefined;
  modifiedSince: string | undefined;
  unmodifiedSince: string | undefined;
}

function judge(conditions: Conditions, { etag, lastModified }: Version): 'proceed' | 'not modified' {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  // HTTP's dates know whole seconds.
  const modified = Math.floor(lastModified / 1000) * 1000;
  if (match !== undefined) {
    if (!includesEtag(match, etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && modified > Date.parse(unmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return includesEtag(noneMatch, etag) ? 'not modified' : 'proceed';
  const unchanged = modifiedSince !== undefined && modified <= Date.parse(modifiedSince);
  return unchanged ? 'not modified' : 'proceed';
}

function includesEtag(header: string, etag: string): boolean {
  return header.split(',').some((candidate) => {
    const text = candidate.trim().replace(/^W\//, '');
    return text === '*' || text.replace(/^"(.*)"$/, '$1') === etag;
  });
}

const failed = (condition: string): S3Error => new S3Error('PreconditionFailed', { Condition: condition });
