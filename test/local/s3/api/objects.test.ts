import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { hash } from '../../../../src/local/s3/sums/checksums.js';
import { bucket, noise, startS3 } from '../harness.js';
import { getSignedUrl } from '../presign.js';

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('buckets', () => {
  test('are made, listed, found, and deleted when empty', async () => {
    const { client } = await startS3();
    const Bucket = 'team-a.data';
    await client.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await expect(client.send(new CreateBucketCommand({ Bucket }))).rejects.toThrow(
      expect.objectContaining({ name: 'BucketAlreadyOwnedByYou' }),
    );
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([bucket, Bucket]);
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe(
      'eu-west-1',
    );
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1');
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toThrow(
      expect.objectContaining({ name: 'BucketNotEmpty' }),
    );
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toThrow(
      expect.objectContaining({ name: 'NotFound' }),
    );
  });

  test.each(['ab', 'UPPER', 'a..b', '192.168.1.1', '-abc', 'abc-', 'xn--abc', 'under_score', 'a'.repeat(64)])(
    'the name %s is refused',
    async (name) => {
      const { send } = await startS3();
      expect((await send('PUT', `/${name}`)).code).toBe('InvalidBucketName');
    },
  );
});

describe('objects', () => {
  const keys = [
    '日本語/ファイル 名.csv',
    'a+b%20c&d=e?f#g',
    '../../etc/passwd',
    'a//b/./c/..',
    ' leading and trailing ',
    '😀～\u{10ffff}',
    `<xml>&amp;'"\r\n\t`,
    'k'.repeat(1024),
    'trailing/slash/',
  ];
  test.each(keys)('key %# goes around the wire unharmed', async (Key) => {
    const { client, objects } = await startS3();
    const Body = noise(3000);
    const put = await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    expect(put.ETag).toBe(`"${md5(Body)}"`);
    const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(Body.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    expect(objects.list(bucket).map(({ key }) => key)).toEqual([Key]);
    const copy = await client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'copy',
        CopySource: `${bucket}/${encodeURIComponent(Key)}`,
      }),
    );
    expect(copy.CopyObjectResult?.ETag).toBe(put.ETag);
    const deleted = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key }, { Key: 'never-there' }] } }),
    );
    // XML turns a bare CR into LF unless it goes as a reference.
    expect(deleted.Deleted?.map((entry) => entry.Key)).toEqual([Key, 'never-there']);
    expect(objects.list(bucket).map(({ key }) => key)).toEqual(['copy']);
  });

  test('a key of 1025 bytes is too long', async () => {
    const { send } = await startS3();
    expect((await send('PUT', `/${bucket}/${'k'.repeat(1025)}`, {}, 'x')).code).toBe('KeyTooLongError');
    expect((await send('GET', `/${bucket}/%ff`)).code).toBe('InvalidURI');
  });

  test.each([0, 1, 16 << 10, (16 << 10) + 1, 3_000_000])(
    '%i bytes as a stream, and their metadata',
    async (size) => {
      const { client, files } = await startS3();
      const body = noise(size);
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: 'k',
          Body: Readable.from(size === 0 ? [] : [body.subarray(0, size >> 1), body.subarray(size >> 1)], {
            objectMode: false,
          }),
          ContentLength: size,
          ContentType: 'text/csv',
          ContentEncoding: 'gzip',
          CacheControl: 'no-store',
          ContentDisposition: 'attachment',
          Metadata: { who: 'me', 'two-words': 'a b' },
        }),
      );
      expect(files()).toHaveLength(size > 16 << 10 ? 1 : 0);
      const { Body, ...got } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }));
      expect(body.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
      expect(got).toMatchObject({
        ContentLength: size,
        ContentType: 'text/csv',
        ContentEncoding: 'gzip',
        CacheControl: 'no-store',
        ContentDisposition: 'attachment',
        Metadata: { who: 'me', 'two-words': 'a b' },
        ServerSideEncryption: 'AES256',
        AcceptRanges: 'bytes',
        ETag: `"${md5(body)}"`,
      });
      expect(got.ChecksumCRC32).toBe(hash('crc32', body).toString('base64'));
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }));
      expect(head).toMatchObject({ ContentLength: size, ETag: got.ETag, Metadata: got.Metadata });
    },
  );

  test('ranges: 206 with Content-Range, 416 beyond the end', async () => {
    const { client, send, objects } = await startS3();
    await objects.put(bucket, 'k', Buffer.from('0123456789'));
    const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'k', Range: 'bytes=-3' }));
    expect(got).toMatchObject({ ContentRange: 'bytes 7-9/10', ContentLength: 3 });
    expect(await got.Body?.transformToString()).toBe('789');
    const beyond = await send('GET', `/${bucket}/k`, { range: 'bytes=10-' });
    expect(beyond).toMatchObject({ status: 416, code: 'InvalidRange' });
    const head = await send('HEAD', `/${bucket}/k`, { range: 'bytes=2-4' });
    expect(head).toMatchObject({ status: 206, headers: { 'content-length': '3' } });
  });

  test('reads on conditions', async () => {
    const { send, objects } = await startS3();
    const { etag, lastModified } = await objects.put(bucket, 'k', Buffer.from('x'));
    const at = (offset: number): string => new Date(lastModified + offset).toUTCString();
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await send('GET', `/${bucket}/k`, headers)).status;
    expect(await status({ 'if-match': `"other", "${etag}"` })).toBe(200);
    expect(await status({ 'if-match': '"other"' })).toBe(412);
    expect(await status({ 'if-none-match': `"${etag}"` })).toBe(304);
    expect(await status({ 'if-none-match': '*' })).toBe(304);
    expect(await status({ 'if-none-match': '"other"' })).toBe(200);
    expect(await status({ 'if-modified-since': at(0) })).toBe(304);
    expect(await status({ 'if-modified-since': at(-5000) })).toBe(200);
    expect(await status({ 'if-unmodified-since': at(-5000) })).toBe(412);
    expect(await status({ 'if-unmodified-since': at(-5000), 'if-match': etag })).toBe(200);
    expect(await status({ 'if-none-match': '"other"', 'if-modified-since': at(0) })).toBe(200);
  });

  test('writes on conditions', async () => {
    const { client, objects } = await startS3();
    const put = (more: object): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x', ...more }));
    const named = (name: string): unknown => expect.objectContaining({ name });
    await expect(put({ IfMatch: '"abc"' })).rejects.toThrow(named('NoSuchKey'));
    const racing = await Promise.allSettled([1, 2, 3, 4].map(() => put({ IfNoneMatch: '*' })));
    expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(put({ IfNoneMatch: '*' })).rejects.toThrow(named('PreconditionFailed'));
    await expect(put({ IfMatch: '"abc"' })).rejects.toThrow(named('PreconditionFailed'));
    await put({ IfMatch: `"${objects.head(bucket, 'k')?.etag}"`, Body: 'y' });
    expect(objects.head(bucket, 'k')?.etag).toBe(md5(Buffer.from('y')));
  });

  test('response-* overrides, also of other alphabets', async () => {
    const { send, objects } = await startS3();
    await objects.put(bucket, 'k', Buffer.from('x'));
    const name = encodeURIComponent('attachment; filename="売上\r\n.csv"');
    const { headers } = await send(
      'GET',
      `/${bucket}/k?response-content-type=text%2Fcsv&response-content-disposition=${name}`,
      { authorization: 'AWS4-HMAC-SHA256 Credential=local' },
    );
    expect(headers['content-type']).toBe('text/csv');
    expect(Buffer.from(String(headers['content-disposition']), 'latin1').toString('utf8')).toContain('売上');
    const anonymous = await send('GET', `/${bucket}/k?response-content-type=text%2Fcsv`);
    expect(anonymous.status).toBe(400);
    expect(String(anonymous.body)).toContain(
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  });

  test('a presigned URL stores and fetches', async () => {
    const { client, endpoint } = await startS3();
    const url = getSignedUrl(endpoint, bucket, 'p');
    expect((await fetch(url, { method: 'PUT', body: 'signed' })).status).toBe(200);
    expect(await (await fetch(url)).text()).toBe('signed');
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'p' }));
    expect(tags.TagSet).toEqual([]);
  });

  test('copies keep or replace the metadata; onto itself only with new metadata', async () => {
    const { client } = await startS3();
    const body = noise(100_000);
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'a',
        Body: body,
        ContentType: 'text/csv',
        Metadata: { v: '1' },
      }),
    );
    const copy = (more: object): Promise<unknown> =>
      client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'b', CopySource: `/${bucket}/a`, ...more }));
    const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    await copy({});
    expect(await head('b')).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { v: '1' },
      ETag: `"${md5(body)}"`,
    });
    await copy({ MetadataDirective: 'REPLACE', Metadata: { v: '2' } });
    expect(await head('b')).toMatchObject({ ContentType: 'binary/octet-stream', Metadata: { v: '2' } });
    await expect(copy({ Key: 'a' })).rejects.toThrow(expect.objectContaining({ name: 'InvalidRequest' }));
    await copy({ Key: 'a', MetadataDirective: 'REPLACE', Metadata: { v: '3' } });
    const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'a' }));
    expect(got.Metadata).toEqual({ v: '3' });
    expect(body.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    await expect(copy({ CopySourceIfMatch: '"no"' })).rejects.toThrow(
      expect.objectContaining({ name: 'PreconditionFailed' }),
    );
    await expect(copy({ CopySource: `${bucket}/none` })).rejects.toThrow(
      expect.objectContaining({ name: 'NoSuchKey' }),
    );
  });
});

describe('what is not there', () => {
  const cases: [string, string, number, string, string][] = [
    ['GET', `/${bucket}/none`, 404, 'NoSuchKey', 'does not exist'],
    ['GET', '/none-such/k', 404, 'NoSuchBucket', 'does not exist'],
    ['PUT', '/none-such/k', 404, 'NoSuchBucket', 'does not exist'],
    ['GET', `/${bucket}?acl`, 501, 'NotImplemented', 'GetBucketAcl'],
    ['PUT', `/${bucket}?versioning`, 501, 'NotImplemented', 'PutBucketVersioning'],
    ['GET', `/${bucket}?versions`, 501, 'NotImplemented', 'ListObjectVersions'],
    ['PUT', `/${bucket}?lifecycle`, 501, 'NotImplemented', 'PutBucketLifecycleConfiguration'],
    ['PUT', `/${bucket}/k?tagging`, 501, 'NotImplemented', 'PutObjectTagging'],
    ['GET', `/${bucket}/k?attributes`, 501, 'NotImplemented', 'GetObjectAttributes'],
    ['POST', `/${bucket}/k?restore`, 501, 'NotImplemented', 'RestoreObject'],
    ['POST', `/${bucket}/k?select&select-type=2`, 501, 'NotImplemented', 'SelectObjectContent'],
    ['POST', `/${bucket}`, 501, 'NotImplemented', 'PostObject'],
    ['POST', `/${bucket}/k`, 405, 'MethodNotAllowed', 'not allowed'],
    ['PUT', `/${bucket}/k?partNumber=1`, 404, 'NoSuchUpload', 'does not exist'],
    ['PATCH', `/${bucket}/k`, 405, 'MethodNotAllowed', 'not allowed'],
    ['OPTIONS', `/${bucket}/k`, 403, 'AccessForbidden', 'CORS'],
  ];
  test.each(cases)('%s %s: %i %s', async (method, path, status, code, words) => {
    const { send } = await startS3();
    const reply = await send(method, path);
    expect(reply).toMatchObject({ status, code, headers: { 'content-type': 'application/xml' } });
    expect(reply.body.toString()).toContain(words);
    expect(reply.body.toString()).toContain(`<RequestId>${reply.headers['x-amz-request-id']}</RequestId>`);
  });

  test('headers that ask for more are refused by name, and nothing is stored', async () => {
    const { send, objects } = await startS3();
    const headers = {
      'x-amz-tagging': 'a=b',
      'x-amz-acl': 'public-read',
      'x-amz-storage-class': 'GLACIER',
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-object-lock-mode': 'GOVERNANCE',
    };
    for (const [name, value] of Object.entries(headers)) {
      const reply = await send('PUT', `/${bucket}/k`, { [name]: value }, 'x');
      expect(reply.code).toBe('NotImplemented');
      expect(reply.body.toString()).toContain(`<Header>${name}</Header>`);
    }
    expect(objects.list(bucket)).toEqual([]);
  });

  test('how it is to be encrypted is told of an object, and of no copy', async () => {
    const { send } = await startS3();
    const kms = { 'x-amz-server-side-encryption': 'aws:kms' };
    const keyHeader = 'x-amz-server-side-encryption-aws-kms-key-id';
    const encryptionOf = ({ headers }: { headers: Record<string, unknown> }) => [
      headers['x-amz-server-side-encryption'],
      headers[keyHeader],
    ];
    const own = `arn:aws:kms:ap-northeast-1:101010101010:key/k-1`;
    const put = await send('PUT', `/${bucket}/k`, { ...kms, [keyHeader]: 'k-1' }, 'x');
    expect([encryptionOf(put), encryptionOf(await send('HEAD', `/${bucket}/k`))]).toEqual([
      ['aws:kms', own],
      ['aws:kms', own],
    ]);
    await send('PUT', `/${bucket}/copy`, { 'x-amz-copy-source': `/${bucket}/k` });
    expect(encryptionOf(await send('GET', `/${bucket}/copy`))).toEqual(['AES256', undefined]);
    for (const [name, value] of [
      ['x-amz-server-side-encryption', 'rot13'],
      [keyHeader, 'k-1'],
    ] as const) {
      expect(await send('PUT', `/${bucket}/l`, { [name]: value }, 'x')).toMatchObject({
        code: 'InvalidArgument',
      });
    }
  });

  test('errors of HEAD have no body', async () => {
    const { send } = await startS3();
    expect(await send('HEAD', `/${bucket}/none`)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
  });
});
