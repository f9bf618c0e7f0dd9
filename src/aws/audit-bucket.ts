import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { exitCodes, FlowError } from '../errors.js';
import { type AuditTrail, entryIn } from '../ports/audit-trail.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

/** Keys begin with the day: `2026/11/29/20261129T200152.123Z-00001-<id>.json`. */
const levels = 3;

/** An audit trail in a bucket: an object for each change, of which none is ever written twice. */
export function createAuditBucket(settings: ClientSettings, place: string): AuditTrail {
  const client = equip(
    new S3Client({
      ...sdkConfig(settings),
      // The trail of several accounts may be in a bucket of another region.
      followRegionRedirects: true,
      ...(settings.endpoint !== undefined && { forcePathStyle: true }),
    }),
    settings,
  );
  const send = sender(settings, 'S3');
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place) ?? [];
  const folder = path === '' ? '' : `${path.replace(/\/+$/, '')}/`;
  let written = 0;

  const put = (key: string, body: string, more: { ContentMD5?: string } = {}) =>
    send('PutObject', () =>
      client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: 'application/json',
          IfNoneMatch: '*',
          ...more,
        }),
      ),
    );
  const list = async (prefix: string, delimiter?: string) => {
    const keys: string[] = [];
    let from: string | undefined;
    do {
      const page = await send('ListObjectsV2', () =>
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            Delimiter: delimiter,
            ContinuationToken: from,
          }),
        ),
      );
      const found = delimiter
        ? (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)
        : (page.Contents ?? []).map(({ Key }) => Key);
      for (const key of found) if (key !== undefined) keys.push(key);
      from = page.NextContinuationToken;
    } while (from !== undefined);
    return keys.sort().reverse();
  };
  /** Day by day from the newest on: a long trail is not listed to its beginning. */
  async function* keysUnder(prefix: string, depth: number, since: string): AsyncGenerator<string> {
    const later = (key: string): boolean =>
      key.slice(folder.length) >= since.slice(0, key.length - folder.length);
    if (depth === 0) yield* (await list(prefix)).filter(later);
    else for (const one of (await list(prefix, '/')).filter(later)) yield* keysUnder(one, depth - 1, since);
  }

  return {
    place,
    async check() {
      try {
        // S3 looks at the permission before the body, which this digest does not fit: nothing is written.
        await put(`${folder}writable`, '{}', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
      } catch (error) {
        const { code, exitCode, hint, message } = error as FlowError;
        if (code === 'BadDigest' || code === 'PreconditionFailed') return;
        throw new FlowError(
          exitCode ?? exitCodes.unreachable,
          'AuditNotWritable',
          `the audit trail cannot be written: ${message}`,
          {
            where: place,
            hint,
            cause: error,
          },
        );
      }
    },
    async append(entry) {
      const number = String(++written).padStart(5, '0');
      try {
        await put(`${folder}${keyAt(entry.time)}-${number}-${entry.id}.json`, JSON.stringify(entry));
      } catch (error) {
        // Our own: the reply to an earlier attempt was lost.
        if ((error as FlowError).code !== 'PreconditionFailed') throw error;
      }
    },
    async *newest(since) {
      const from = since === undefined ? '' : keyAt(new Date(since).toISOString());
      for await (const key of keysUnder(folder, levels, from)) {
        const { Body } = await send('GetObject', () =>
          client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
        );
        const entry = entryIn((await Body?.transformToString()) ?? '');
        if (entry) yield entry;
      }
    },
  };
}

/** Of an ISO time: its day as folders, then all of it, in the order of time. */
const keyAt = (time: string): string =>
  `${time.slice(0, 10).replaceAll('-', '/')}/${time.replaceAll(/[-:]/g, '')}`;
