import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupOf } from '../../../../src/local/s3/api/listing.js';
import { bucket, startS3, type TestS3 } from '../harness.js';

const fill = (s3: TestS3, keys: string[]): Promise<unknown> =>
  Promise.all(keys.map((key) => s3.objects.put(bucket, key, Buffer.from(key))));

/** All entries, page by page, in the order told. */
async function pages(s3: TestS3, input: Partial<ListObjectsV2CommandInput>): Promise<string[]> {
  const entries: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3.client }, { Bucket: bucket, ...input })) {
    const names = [
      ...(page.Contents ?? []).map(({ Key = '' }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
    ];
    expect(page.KeyCount).toBe(names.length);
    expect(names.length).toBeLessThanOrEqual(input.MaxKeys ?? 1000);
    entries.push(...names.sort(byBytes));
  }
  return entries;
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('listing', () => {
  test('pages with prefix, delimiter and start say what sorting and grouping all keys says', async () => {
    const s3 = await startS3();
    const alphabet = fc.constantFrom('a', 'b', '/', '～', '😀', '\u{10ffff}', '%', '+', ' ');
    const word = fc.string({ unit: alphabet, maxLength: 4 });
    const keys = fc.sample(fc.string({ unit: alphabet, minLength: 1, maxLength: 5 }), {
      numRuns: 150,
      seed: 7,
    });
    await fill(s3, [...new Set(keys)]);
    const sorted = [...new Set(keys)].sort(byBytes);
    await fc.assert(
      fc.asyncProperty(
        word,
        fc.constantFrom('', '/', 'a', '/a'),
        word,
        fc.integer({ min: 2, max: 60 }),
        async (Prefix, Delimiter, StartAfter, MaxKeys) => {
          const expected = sorted
            .filter((key) => key.startsWith(Prefix))
            .map((key) => groupOf(key, Prefix, Delimiter) || key)
            .filter((entry, index, all) => all.indexOf(entry) === index)
            .filter((entry) => byBytes(entry, StartAfter) > 0);
          const input = { Prefix, Delimiter: Delimiter || undefined, StartAfter: StartAfter || undefined };
          expect(await pages(s3, { ...input, MaxKeys })).toEqual(expected);
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });

  test('version 1: markers, NextMarker only with a delimiter', async () => {
    const s3 = await startS3();
    await fill(s3, ['a/1', 'a/2', 'b', 'c/1', 'd']);
    const list = (more: object) =>
      s3.client.send(new ListObjectsCommand({ Bucket: bucket, MaxKeys: 2, ...more }));
    const first = await list({ Delimiter: '/' });
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b', CommonPrefixes: [{ Prefix: 'a/' }] });
    const second = await list({ Delimiter: '/', Marker: first.NextMarker });
    expect(second).toMatchObject({ IsTruncated: false, CommonPrefixes: [{ Prefix: 'c/' }] });
    expect(second.Contents).toMatchObject([{ Key: 'd', Size: 1, StorageClass: 'STANDARD' }]);
    const flat = await list({ Marker: 'a/2' });
    expect(flat.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c/1']);
    expect(flat.IsTruncated).toBe(true);
    expect(flat.NextMarker).toBeUndefined();
  });

  test('encoding-type=url encodes whatever XML could lose', async () => {
    const s3 = await startS3();
    await fill(s3, ['a b+c%/日本\u0001']);
    const { body } = await s3.send('GET', `/${bucket}?list-type=2&encoding-type=url&prefix=a%20`);
    expect(body.toString()).toContain('<Key>a%20b%2Bc%25/%E6%97%A5%E6%9C%AC%01</Key>');
    expect(body.toString()).toContain('<Prefix>a%20</Prefix>');
  });

  test('max-keys: 0 is empty, above 1000 is 1000, words are refused', async () => {
    const s3 = await startS3();
    await fill(
      s3,
      Array.from({ length: 1001 }, (_, index) => `k${index}`),
    );
    const list = (MaxKeys: number) => s3.client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys }));
    expect(await list(0)).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await list(5000)).toMatchObject({ KeyCount: 1000, MaxKeys: 1000, IsTruncated: true });
    expect((await s3.send('GET', `/${bucket}?max-keys=many`)).code).toBe('InvalidArgument');
    expect((await s3.send('GET', `/${bucket}?list-type=2&continuation-token=x`)).code).toBe(
      'InvalidArgument',
    );
    expect(s3.objects.list(bucket)).toHaveLength(1001);
    expect(s3.objects.list(bucket, { startAfter: 'k998', limit: 1 })).toMatchObject([{ key: 'k999' }]);
  });
});
