import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { exitCodes, FlowError, failedWith } from '../errors.js';
import type { ObjectUpload, UploadedPart, UploadState } from '../ports/aws.js';
import { patiently } from '../ports/retry.js';
import { abortOthers, partsThere, type Send } from './multipart-left.js';

/** S3 takes at most 10,000 parts. */
const mostParts = 9_000;

export interface Parts {
  /** In bytes; S3 takes none below 5 MB but the last. */
  smallest: number;
  /** So many are sent side by side. */
  atOnce: number;
}

/**
 * Uploads a body in parts, several at once, each verified by its CRC-32, or in one piece where it fits one.
 * When it breaks off because S3 can't be reached, the parts stay and `onState` has told how to go on; when `signal`
 * fires or the body itself fails, nothing is left.
 */
export async function uploadObject(
  client: S3Client,
  send: Send,
  upload: ObjectUpload,
  parts: Parts,
): Promise<void> {
  try {
    await uploadBody(client, send, upload, resumable(upload), parts);
  } catch (error) {
    // It was completed, and the answer got lost; or someone aborted the upload that was to be resumed.
    if (!(error instanceof FlowError) || error.code !== 'NoSuchUpload') throw error;
    if (await isStored(client, send, upload)) return;
    if (!upload.resume) throw error;
    await uploadBody(client, send, upload, undefined, parts);
  }
}

/** An upload that was begun with other encryption is none of this one. */
const resumable = ({ resume, encryption }: ObjectUpload): UploadState | undefined =>
  JSON.stringify(resume?.encryption) === JSON.stringify(encryption) ? resume : undefined;

/** What the body threw: no matter of S3's. */
class BodyError extends Error {}

async function isStored(
  client: S3Client,
  send: Send,
  { bucket, key, metadata }: ObjectUpload,
): Promise<boolean> {
  if (!metadata) return false;
  try {
    const head = await send('HeadObject', () =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
    );
    return Object.entries(metadata).every(([name, value]) => head.Metadata?.[name] === value);
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return false;
    throw error;
  }
}

async function uploadBody(
  client: S3Client,
  send: Send,
  upload: ObjectUpload,
  resume: UploadState | undefined,
  { smallest, atOnce }: Parts,
): Promise<void> {
  const partBytes = resume?.partBytes ?? Math.max(smallest, Math.ceil(upload.size / mostParts));
  /** Of parts that are sent. */
  const free: Buffer[] = [];
  const parts = cut(upload.body(), partBytes, free, upload.signal);
  const multipart = createMultipart(client, send, upload, { resume, partBytes, atOnce, free });
  try {
    const first = await parts.next();
    const second = first.done ? first : await parts.next();
    if (second.done && !resume) {
      await putWhole(client, send, upload, first.done ? new Uint8Array() : first.value);
      return;
    }
    await multipart.begin();
    for (const part of [first, second]) if (!part.done) await multipart.add(part.value);
    for await (const part of parts) await multipart.add(part);
    await multipart.complete();
  } catch (error) {
    await multipart.settle();
    // A FlowError is S3's: another try may go on with the parts that are there.
    if (!(error instanceof FlowError) || upload.signal?.aborted) await multipart.abort();
    throw error instanceof BodyError ? error.cause : error;
  }
}

async function* cut(
  body: AsyncIterable<Uint8Array>,
  partBytes: number,
  free: Buffer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const next = (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(partBytes);
  let part = next();
  let filled = 0;
  try {
    for await (const chunk of body) {
      signal?.throwIfAborted();
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(chunk.length - at, partBytes - filled);
        part.set(chunk.subarray(at, at + taken), filled);
        at += taken;
        filled += taken;
        if (filled < partBytes) continue;
        yield part;
        part = next();
        filled = 0;
      }
    }
    signal?.throwIfAborted();
  } catch (error) {
    throw new BodyError('the body failed', { cause: error });
  }
  if (filled > 0) yield part.subarray(0, filled);
}

const checksumOf = (bytes: Uint8Array): string => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
};

/** Repeats a call while S3 can't be reached or keeps throttling. */
const again = <T>({ waits }: Send, signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> =>
  patiently({ clock: { sleep: (ms, stop) => sleep(ms, undefined, { signal: stop }) }, signal, waits }, call);

function objectProperties({ contentType, metadata, encryption }: ObjectUpload) {
  return {
    ContentType: contentType,
    Metadata: metadata,
    ...(encryption && { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
  };
}

async function putWhole(
  client: S3Client,
  send: Send,
  upload: ObjectUpload,
  bytes: Uint8Array,
): Promise<void> {
  const { bucket, key, signal, onProgress } = upload;
  const put = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: bytes,
    ...objectProperties(upload),
    ChecksumCRC32: checksumOf(bytes),
  });
  await again(send, signal, () => send('PutObject', () => client.send(put, { abortSignal: signal })));
  onProgress?.(bytes.length);
}

interface Multipart {
  resume: UploadState | undefined;
  partBytes: number;
  /** So many are sent side by side. */
  atOnce: number;
  /** Takes the buffers of what was sent. */
  free: Buffer[];
}

function createMultipart(
  client: S3Client,
  send: Send,
  upload: ObjectUpload,
  { resume, partBytes, atOnce, free }: Multipart,
) {
  const { bucket, key, encryption, signal, onProgress, onState } = upload;
  const object = { Bucket: bucket, Key: key };
  const known = new Map(resume?.parts.map((part) => [part.number, part]));
  const done: UploadedPart[] = [];
  const running = new Set<Promise<void>>();
  let uploadId = resume?.uploadId ?? '';
  let number = 0;
  let sent = 0;
  let failure: unknown;

  const tell = async (): Promise<void> => {
    const told = new Map(known);
    for (const part of done) told.set(part.number, part);
    await onState?.({ uploadId, partBytes, parts: [...told.values()], ...(encryption && { encryption }) });
  };
  const finished = async (part: UploadedPart, isNew: boolean): Promise<void> => {
    done.push(part);
    sent += part.bytes;
    onProgress?.(sent);
    if (isNew) await tell();
  };

  async function sendPart(partNumber: number, bytes: Buffer): Promise<void> {
    const crc = checksumOf(bytes);
    const before = known.get(partNumber);
    if (before?.crc32 === crc && before.bytes === bytes.length) return await finished(before, false);
    const command = new UploadPartCommand({
      ...object,
      UploadId: uploadId,
      PartNumber: partNumber,
      Body: bytes,
      ChecksumCRC32: crc,
    });
    const { ETag = '' } = await again(send, signal, () =>
      send('UploadPart', () => client.send(command, { abortSignal: signal })),
    );
    await finished({ number: partNumber, bytes: bytes.length, etag: ETag, crc32: crc }, true);
  }

  return {
    async begin(): Promise<void> {
      if (resume) {
        for (const part of await partsThere(client, send, upload, uploadId)) known.set(part.number, part);
        return;
      }
      const create = new CreateMultipartUploadCommand({
        ...object,
        ...objectProperties(upload),
        ChecksumAlgorithm: 'CRC32',
      });
      const created = await again(send, signal, () =>
        send('CreateMultipartUpload', () => client.send(create)),
      );
      uploadId = created.UploadId ?? '';
      await abortOthers(client, send, upload, uploadId);
      await tell();
    },
    /** Resolves when there is room for another part. */
    async add(bytes: Buffer): Promise<void> {
      const sending = sendPart(++number, bytes)
        .then(() => {
          free.push(bytes);
        })
        .catch((error) => {
          failure ??= error;
        })
        .finally(() => running.delete(sending));
      running.add(sending);
      if (running.size >= atOnce) await Promise.race(running);
      if (failure) throw failure;
    },
    async complete(): Promise<void> {
      await Promise.all(running);
      if (failure) throw failure;
      const Parts = done
        .sort((a, b) => a.number - b.number)
        .map((part) => ({ PartNumber: part.number, ETag: part.etag, ChecksumCRC32: part.crc32 }));
      const command = new CompleteMultipartUploadCommand({
        ...object,
        UploadId: uploadId,
        MultipartUpload: { Parts },
      });
      await again(send, signal, () => send('CompleteMultipartUpload', () => client.send(command)));
    },
    async settle(): Promise<void> {
      await Promise.all(running);
    },
    async abort(): Promise<void> {
      if (uploadId === '') return;
      const command = new AbortMultipartUploadCommand({ ...object, UploadId: uploadId });
      try {
        await send('AbortMultipartUpload', () => client.send(command));
        await onState?.(undefined);
      } catch {
        // It stays noted down: the next attempt goes on with it.
      }
    },
  };
}
