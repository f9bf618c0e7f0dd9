import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { hash } from '../../../../src/local/s3/sums/checksums.js';
import { bucket, noise, startS3, type TestS3 } from '../harness.js';

const mebibyte = 2 ** 20;
const whole = noise(12 * mebibyte + 12_345);
const pieces = [
  whole.subarray(0, 5 * mebibyte),
  whole.subarray(5 * mebibyte, 11 * mebibyte),
  whole.subarray(11 * mebibyte),
];
const Key = '日本/multi part.csv';
const etagOf = (parts: Uint8Array[]): string =>
  `"${createHash('md5')
    .update(Buffer.concat(parts.map((part) => createHash('md5').update(part).digest())))
    .digest('hex')}-${parts.length}"`;
const named = (name: string): unknown => expect.objectContaining({ name });

async function begin(s3: TestS3, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await s3.client.send(
    new CreateMultipartUploadCommand({ Bucket: bucket, Key, ...more }),
  );
  return UploadId ?? '';
}

async function uploadAll(s3: TestS3, UploadId: string, ChecksumAlgorithm?: 'CRC32' | 'CRC64NVME' | 'SHA256') {
  const send = async (Body: Buffer, index: number): Promise<CompletedPart> => {
    const PartNumber = index + 1;
    const { $metadata: _, ...part } = await s3.client.send(
      new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
    );
    return { PartNumber, ...part };
  };
  return await Promise.all(pieces.map(send));
}

const complete = (s3: TestS3, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  s3.client.send(
    new CompleteMultipartUploadCommand({
      Bucket: bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts },
      ...more,
    }),
  );

async function content(s3: TestS3): Promise<Buffer> {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('multipart', () => {
  test('lib-storage uploads a stream of unknown length', async () => {
    const s3 = await startS3();
    const source = Readable.from(
      Array.from({ length: Math.ceil(whole.length / 100_000) }, (_, index) =>
        whole.subarray(index * 100_000, (index + 1) * 100_000),
      ),
    );
    const params = { Bucket: bucket, Key, Body: source, ContentType: 'text/csv', Metadata: { a: 'b' } };
    await new Upload({ client: s3.client, params }).done();
    expect((await content(s3)).equals(whole)).toBe(true);
    const head = await s3.client.send(
      new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({
      ContentType: 'text/csv',
      Metadata: { a: 'b' },
      ContentLength: whole.length,
    });
    expect(head.ETag).toMatch(/-3"$/);
    expect(head.ChecksumCRC32).toMatch(/-3$/);
    expect(s3.files()).toHaveLength(3);
  });

  test('an aborted lib-storage upload leaves nothing', async () => {
    const s3 = await startS3();
    const Body = new PassThrough();
    const upload = new Upload({ client: s3.client, params: { Bucket: bucket, Key, Body } });
    upload.on('httpUploadProgress', () => void upload.abort());
    Body.write(whole);
    await expect(upload.done()).rejects.toThrow(named('AbortError'));
    expect(s3.objects.list(bucket)).toEqual([]);
  });

  test.each([
    ['CRC32', 'COMPOSITE', 'ChecksumCRC32'],
    ['SHA256', 'COMPOSITE', 'ChecksumSHA256'],
    ['CRC32', 'FULL_OBJECT', 'ChecksumCRC32'],
    ['CRC64NVME', 'FULL_OBJECT', 'ChecksumCRC64NVME'],
  ] as const)('%s %s', async (ChecksumAlgorithm, ChecksumType, field) => {
    const s3 = await startS3();
    const name = ChecksumAlgorithm.toLowerCase() as 'crc32';
    const id = await begin(s3, { ChecksumAlgorithm, ChecksumType });
    const parts = await uploadAll(s3, id, ChecksumAlgorithm);
    const sum =
      ChecksumType === 'FULL_OBJECT'
        ? hash(name, whole)
        : hash(name, Buffer.concat(pieces.map((piece) => hash(name, piece))));
    const wrong = hash(name, Buffer.from('wrong')).toString('base64');
    await expect(complete(s3, id, parts, { [field]: wrong, ChecksumType })).rejects.toThrow(
      named('BadDigest'),
    );
    const other = parts.map((part) => ({ ...part, [field]: wrong }));
    await expect(complete(s3, id, other)).rejects.toThrow(named('InvalidPart'));
    await expect(complete(s3, id, parts, { MpuObjectSize: 1 })).rejects.toThrow(named('InvalidRequest'));
    const told = sum.toString('base64') + (ChecksumType === 'COMPOSITE' ? '-3' : '');
    const done = await complete(s3, id, parts, { [field]: told, ChecksumType, MpuObjectSize: whole.length });
    expect(done).toMatchObject({ [field]: told, ChecksumType, ETag: etagOf(pieces) });
    const again = await complete(s3, id, parts);
    expect(again.ETag).toBe(done.ETag);
    expect((await content(s3)).equals(whole)).toBe(true);
  });

  test('what does not fit together is refused, and can be put right', async () => {
    const s3 = await startS3();
    const id = await begin(s3);
    const parts = (await uploadAll(s3, id)).map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    const [first, second, third] = parts as [CompletedPart, CompletedPart, CompletedPart];
    await expect(complete(s3, id, [second, first])).rejects.toThrow(named('InvalidPartOrder'));
    await expect(complete(s3, id, [first, first])).rejects.toThrow(named('InvalidPartOrder'));
    await expect(complete(s3, id, [{ ...first, ETag: '"no"' }])).rejects.toThrow(named('InvalidPart'));
    await expect(complete(s3, id, [first, { ...third, PartNumber: 4 }])).rejects.toThrow(
      named('InvalidPart'),
    );
    const small = await s3.client.send(
      new UploadPartCommand({ Bucket: bucket, Key, UploadId: id, PartNumber: 4, Body: 'small' }),
    );
    const fourth = { PartNumber: 4, ETag: small.ETag };
    const fifth = { PartNumber: 5, ETag: small.ETag };
    await s3.client.send(
      new UploadPartCommand({ Bucket: bucket, Key, UploadId: id, PartNumber: 5, Body: 'small' }),
    );
    await expect(complete(s3, id, [first, fourth, fifth])).rejects.toThrow(named('EntityTooSmall'));
    await expect(complete(s3, id, [])).rejects.toThrow(named('MalformedXML'));
    await expect(complete(s3, 'none', parts)).rejects.toThrow(named('NoSuchUpload'));
    await s3.objects.put(bucket, Key, Buffer.from('there'));
    await expect(complete(s3, id, parts, { IfNoneMatch: '*' })).rejects.toThrow(named('PreconditionFailed'));
    expect((await content(s3)).toString()).toBe('there');
    // Parts that the completion leaves out go, and the object that was there.
    const done = await complete(s3, id, [first, third]);
    expect(done.ETag).toBe(etagOf([whole.subarray(0, 5 * mebibyte), whole.subarray(11 * mebibyte)]));
    expect((await content(s3)).length).toBe(whole.length - 6 * mebibyte);
    expect(s3.files()).toHaveLength(2);
  });

  test('ranges and part numbers across the borders of parts', async () => {
    const s3 = await startS3();
    const id = await begin(s3);
    await complete(s3, id, await uploadAll(s3, id));
    const path = `/${bucket}/${encodeURIComponent(Key)}`;
    const borders = [0, 5 * mebibyte, 11 * mebibyte, whole.length];
    for (const border of borders) {
      for (const [start, end] of [
        [border - 2, border + 2],
        [border, border],
        [border - 1, 11 * mebibyte + 1],
      ] as const) {
        if (start < 0 || start >= whole.length || end < start) continue;
        const { status, body } = await s3.send('GET', path, { range: `bytes=${start}-${end}` });
        expect(status).toBe(206);
        expect(body.equals(whole.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
      }
    }
    const second = await s3.send('GET', `${path}?partNumber=2`);
    expect(second).toMatchObject({ status: 206, headers: { 'x-amz-mp-parts-count': '3' } });
    expect(second.body.equals(pieces[1] ?? Buffer.alloc(0))).toBe(true);
    expect((await s3.send('GET', `${path}?partNumber=4`)).code).toBe('InvalidPartNumber');
    const read: Uint8Array[] = [];
    for await (const chunk of s3.objects.read(bucket, Key, 5 * mebibyte - 3) ?? []) read.push(chunk);
    expect(Buffer.concat(read).equals(whole.subarray(5 * mebibyte - 3))).toBe(true);
  });

  test('parts and uploads are listed, copied, replaced and aborted', async () => {
    const s3 = await startS3();
    await s3.objects.put(bucket, 'source', whole);
    const [one, two] = [await begin(s3), await begin(s3, { Key: 'other' })];
    const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket, MaxUploads: 1 }));
    expect(uploads).toMatchObject({ IsTruncated: true, NextKeyMarker: 'other', NextUploadIdMarker: two });
    const rest = await s3.client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, KeyMarker: 'other', UploadIdMarker: two }),
    );
    expect(rest.Uploads).toMatchObject([{ Key, UploadId: one }]);
    const grouped = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Delimiter: '/' }));
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: '日本/' }]);

    const copy = (PartNumber: number, CopySourceRange: string) =>
      s3.client.send(
        new UploadPartCopyCommand({
          Bucket: bucket,
          Key,
          UploadId: one,
          PartNumber,
          CopySource: `${bucket}/source`,
          CopySourceRange,
        }),
      );
    await copy(1, 'bytes=0-9');
    const first = await copy(1, `bytes=0-${5 * mebibyte - 1}`);
    const second = await copy(2, `bytes=${5 * mebibyte}-${whole.length - 1}`);
    await expect(copy(3, `bytes=0-${whole.length}`)).rejects.toThrow(named('InvalidArgument'));
    const page = await s3.client.send(
      new ListPartsCommand({ Bucket: bucket, Key, UploadId: one, MaxParts: 1 }),
    );
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1' });
    expect(page.Parts).toMatchObject([{ PartNumber: 1, Size: 5 * mebibyte }]);
    await complete(s3, one, [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]);
    expect((await content(s3)).equals(whole)).toBe(true);

    await s3.client.send(
      new UploadPartCommand({ Bucket: bucket, Key: 'other', UploadId: two, PartNumber: 1, Body: pieces[0] }),
    );
    expect(s3.files()).toHaveLength(4);
    const abort = new AbortMultipartUploadCommand({ Bucket: bucket, Key: 'other', UploadId: two });
    await s3.client.send(abort);
    expect(s3.files()).toHaveLength(3);
    await expect(s3.client.send(abort)).rejects.toThrow(named('NoSuchUpload'));
    await expect(
      s3.client.send(
        new UploadPartCommand({ Bucket: bucket, Key: 'other', UploadId: two, PartNumber: 1, Body: 'x' }),
      ),
    ).rejects.toThrow(named('NoSuchUpload'));
  });

  test.each(['0', '10001', 'x', ''])('part number %s is none', async (number) => {
    const s3 = await startS3();
    const path = `/${bucket}/k?partNumber=${number}&uploadId=${await begin(s3)}`;
    expect((await s3.send('PUT', path, {}, 'x')).code).toBe('InvalidArgument');
  });
});
