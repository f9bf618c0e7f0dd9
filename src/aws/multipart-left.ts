import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { FlowError } from '../errors.js';
import type { ObjectUpload, UploadedPart } from '../ports/aws.js';
import type { sender } from './client.js';

export type Send = ReturnType<typeof sender>;

/** Parts that S3 received but that could not be recorded. */
export async function partsThere(
  client: S3Client,
  send: Send,
  { bucket, key }: ObjectUpload,
  uploadId: string,
): Promise<UploadedPart[]> {
  const parts: UploadedPart[] = [];
  try {
    let page: ListPartsCommandOutput;
    let PartNumberMarker: string | undefined;
    do {
      const command = new ListPartsCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        PartNumberMarker,
      });
      page = await send('ListParts', () => client.send(command));
      for (const { PartNumber = 0, Size = 0, ETag = '', ChecksumCRC32 = '' } of page.Parts ?? [])
        parts.push({ number: PartNumber, bytes: Size, etag: ETag, crc32: ChecksumCRC32 });
      // Which is given with the last page too: the SDK's own paginator would go on for ever.
      PartNumberMarker = page.NextPartNumberMarker;
    } while (page.IsTruncated);
  } catch (error) {
    // Who may upload need not be allowed to list parts.
    if (!(error instanceof FlowError) || error.code === 'NoSuchUpload') throw error;
  }
  return parts;
}

/** Uploads to this key that were begun but not recorded (a kill, a lost answer): nobody will complete them. */
export async function abortOthers(
  client: S3Client,
  send: Send,
  { bucket, key }: ObjectUpload,
  ours: string,
): Promise<void> {
  try {
    const { Uploads = [] } = await send('ListMultipartUploads', () =>
      client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key })),
    );
    for (const { Key, UploadId } of Uploads) {
      if (Key !== key || UploadId === ours) continue;
      await send('AbortMultipartUpload', () =>
        client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })),
      );
    }
  } catch (error) {
    // Who may upload need not be allowed to list uploads.
    if (!(error instanceof FlowError)) throw error;
  }
}
