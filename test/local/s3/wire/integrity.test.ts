import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { type ChecksumAlgorithm, checksumAlgorithms, hash } from '../../../../src/local/s3/sums/checksums.js';
import { bucket, noise, startS3, type TestS3 } from '../harness.js';

const path = `/${bucket}/k`;
const small = Buffer.from('hello world');
const large = noise(200_000);
const base64 = (name: ChecksumAlgorithm | 'md5', bytes: Uint8Array): string =>
  hash(name, bytes).toString('base64');

/** aws-chunked in chunks of 64 KiB. */
function chunked(bytes: Buffer, trailer = '', extension = ''): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 65536) {
    const piece = bytes.subarray(at, at + 65536);
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from(`0${extension}\r\n${trailer}\r\n`)]);
}

const streaming = (bytes: Buffer, more: Record<string, string> = {}): Record<string, string> => ({
  'content-encoding': 'aws-chunked',
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'x-amz-decoded-content-length': String(bytes.length),
  'x-amz-trailer': 'x-amz-checksum-crc32',
  ...more,
});

let s3: TestS3 | undefined;
afterEach(() => {
  s3 = undefined;
});

/** Nothing of a refused body is kept: no object, no file. */
function expectNothing(): void {
  expect(s3?.objects.list(bucket)).toEqual([]);
  expect(s3?.files()).toEqual([]);
}

describe.each([
  ['small', small],
  ['large', large],
])('a %s body', (_, body) => {
  const other = Buffer.concat([body.subarray(1), Buffer.from('!')]);

  test.each(checksumAlgorithms)('%s in a header', async (name) => {
    s3 = await startS3();
    const header = `x-amz-checksum-${name}`;
    const bad = await s3.send('PUT', path, { [header]: base64(name, other) }, body);
    expect(bad).toMatchObject({ status: 400, code: 'BadDigest' });
    expect((await s3.send('PUT', path, { [header]: 'short' }, body)).code).toBe('InvalidRequest');
    expectNothing();
    const good = await s3.send('PUT', path, { [header]: base64(name, body) }, body);
    expect(good).toMatchObject({ status: 200, headers: { [header]: base64(name, body) } });
    const get = await s3.send('GET', path, { 'x-amz-checksum-mode': 'ENABLED' });
    expect(get.headers).toMatchObject({ [header]: base64(name, body), 'x-amz-checksum-type': 'FULL_OBJECT' });
    expect((await s3.send('GET', path)).headers[header]).toBeUndefined();
    expect(get.body.equals(body)).toBe(true);
  });

  test.each(checksumAlgorithms)('%s in a trailer', async (name) => {
    s3 = await startS3();
    const header = `x-amz-checksum-${name}`;
    const put = (sum: string) =>
      s3?.send(
        'PUT',
        path,
        streaming(body, { 'x-amz-trailer': header }),
        chunked(body, `${header}:${sum}\r\n`),
      );
    expect(await put(base64(name, other))).toMatchObject({ status: 400, code: 'BadDigest' });
    expect(await put('short')).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expectNothing();
    expect(await put(base64(name, body))).toMatchObject({
      status: 200,
      headers: { [header]: base64(name, body) },
    });
    const get = await s3.send('GET', path);
    expect(get.body.equals(body)).toBe(true);
    expect(get.headers['content-encoding']).toBeUndefined();
  });

  test('Content-MD5 and x-amz-content-sha256', async () => {
    s3 = await startS3();
    const sha = createHash('sha256').update(body).digest('hex');
    const shaOfOther = createHash('sha256').update(other).digest('hex');
    expect((await s3.send('PUT', path, { 'content-md5': base64('md5', other) }, body)).code).toBe(
      'BadDigest',
    );
    expect((await s3.send('PUT', path, { 'content-md5': 'nonsense' }, body)).code).toBe('InvalidDigest');
    expect((await s3.send('PUT', path, { 'x-amz-content-sha256': shaOfOther }, body)).code).toBe(
      'XAmzContentSHA256Mismatch',
    );
    expect((await s3.send('PUT', path, { 'x-amz-content-sha256': 'nonsense' }, body)).code).toBe(
      'InvalidArgument',
    );
    expectNothing();
    const headers = { 'content-md5': base64('md5', body), 'x-amz-content-sha256': sha };
    expect((await s3.send('PUT', path, headers, body)).status).toBe(200);
  });

  test('signed chunks are parsed past, with and without trailer', async () => {
    s3 = await startS3();
    const signature = `;chunk-signature=${'ab'.repeat(32)}`;
    const { 'x-amz-trailer': trailer, ...headers } = streaming(body, {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    });
    expect((await s3.send('PUT', path, headers, chunked(body, '', signature))).status).toBe(200);
    const signed = {
      ...headers,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-trailer': String(trailer),
    };
    const end = (sum: string): string =>
      `${trailer}:${sum}\r\nx-amz-trailer-signature:${'cd'.repeat(32)}\r\n`;
    expect(
      (await s3.send('PUT', path, signed, chunked(body, end(base64('crc32', other)), signature))).code,
    ).toBe('BadDigest');
    expect(
      (await s3.send('PUT', path, signed, chunked(body, end(base64('crc32', body)), signature))).status,
    ).toBe(200);
    expect((await s3.send('GET', path)).body.equals(body)).toBe(true);
  });

  test('chunked bodies that are cut off, too long, or lack their trailer', async () => {
    s3 = await startS3();
    const good = `x-amz-checksum-crc32:${base64('crc32', body)}\r\n`;
    const whole = chunked(body, good);
    const code = async (headers: Record<string, string>, bytes: Buffer): Promise<string | undefined> =>
      (await s3?.send('PUT', path, headers, bytes))?.code;
    expect(await code(streaming(body), whole.subarray(0, body.length >> 1))).toBe('IncompleteBody');
    expect(await code(streaming(body), whole.subarray(0, whole.indexOf('\r\n0\r\n')))).toBe('IncompleteBody');
    expect(await code(streaming(body), Buffer.concat([Buffer.from('xyz\r\n'), whole]))).toBe(
      'IncompleteBody',
    );
    expect(await code(streaming(body), chunked(body))).toBe('MalformedTrailerError');
    const wrongLength = { 'x-amz-decoded-content-length': String(body.length + 1) };
    expect(await code(streaming(body, wrongLength), whole)).toBe('IncompleteBody');
    const { 'x-amz-decoded-content-length': _length, ...unknown } = streaming(body);
    expect(await code(unknown, whole)).toBe('MissingContentLength');
    expectNothing();
    expect(await code(streaming(body), whole)).toBeUndefined();
  });
});

test('contradictions are refused', async () => {
  s3 = await startS3();
  const two = {
    'x-amz-checksum-crc32': base64('crc32', small),
    'x-amz-checksum-sha1': base64('sha1', small),
  };
  expect((await s3.send('PUT', path, two, small)).code).toBe('InvalidRequest');
  expect((await s3.send('PUT', path, { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, small)).code).toBe(
    'InvalidRequest',
  );
  expect((await s3.send('PUT', path, { 'transfer-encoding': 'chunked' }, small)).code).toBe('NotImplemented');
  expect(
    (await s3.send('PUT', path, streaming(small, { 'x-amz-trailer': 'x-amz-checksum-md5' }), small)).code,
  ).toBe('InvalidRequest');
  expectNothing();
});

test.each(checksumAlgorithms)("the SDK's own %s, of a body in memory", async (name) => {
  s3 = await startS3();
  const ChecksumAlgorithm = name.toUpperCase() as 'CRC32';
  await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: large, ChecksumAlgorithm }));
  const { headers } = await s3.send('HEAD', path, { 'x-amz-checksum-mode': 'ENABLED' });
  expect(headers[`x-amz-checksum-${name}`]).toBe(base64(name, large));
});

test('the body of DeleteObjects is verified, and deletes nothing when it is broken', async () => {
  s3 = await startS3();
  await s3.objects.put(bucket, 'k', small);
  const xml = '<Delete><Object><Key>k</Key></Object></Delete>';
  const target = `/${bucket}?delete`;
  expect((await s3.send('POST', target, { 'content-md5': base64('md5', small) }, xml)).code).toBe(
    'BadDigest',
  );
  expect((await s3.send('POST', target, {}, '<Delete><Object>')).code).toBe('MalformedXML');
  expect(s3.objects.list(bucket)).toHaveLength(1);
  expect(
    (await s3.send('POST', target, { 'content-md5': base64('md5', Buffer.from(xml)) }, xml)).status,
  ).toBe(200);
  expect(s3.objects.list(bucket)).toEqual([]);
});
