import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { exitCodes, type FlowError, failedWith } from '../errors.js';
import type { ObjectGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';
import { type Parts, uploadObject } from './upload.js';

const parts: Parts = { smallest: 8 << 20, atOnce: 4 };
/** The embedded server takes them no faster side by side, and their buffers may be in its own process. */
const modestParts: Parts = { smallest: 5 << 20, atOnce: 1 };

/** S3 over the AWS SDK. */
export function createObjectGateway(settings: ClientSettings): ObjectGateway {
  const client = equip(
    new S3Client({
      ...sdkConfig(settings),
      // Storms of 503 are S3's way of asking for patience, wherever it is.
      maxAttempts: 6,
      ...(settings.endpoint !== undefined && { forcePathStyle: true }),
    }),
    settings,
  );
  leaveUnsigned(client);
  const send = sender(settings, 'S3');
  return {
    async bucketAnswers(bucket) {
      try {
        await send('HeadBucket', () => client.send(new HeadBucketCommand({ Bucket: bucket })));
        return true;
      } catch (error) {
        const { exitCode } = error as FlowError;
        if (exitCode === exitCodes.notFound || exitCode === exitCodes.denied) return false;
        throw error;
      }
    },

    async head(bucket, key) {
      try {
        const head = await send('HeadObject', () =>
          client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        );
        const { ContentLength = 0, ETag = '', Metadata = {}, ServerSideEncryption } = head;
        return {
          size: ContentLength,
          etag: ETag.replaceAll('"', ''),
          metadata: Metadata,
          encryption: ServerSideEncryption,
        };
      } catch (error) {
        if (failedWith(error, exitCodes.notFound)) return undefined;
        throw error;
      }
    },

    upload: (upload) => uploadObject(client, send, upload, settings.relocate ? modestParts : parts),

    async list(bucket, prefix, startAfter) {
      const page = await send('ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: startAfter })),
      );
      return (page.Contents ?? []).map(
        ({ Key = '', Size = 0, ETag = '', LastModified, StorageClass = 'STANDARD' }) => ({
          key: Key,
          size: Size,
          etag: ETag.replaceAll('"', ''),
          lastModified: LastModified?.getTime() ?? 0,
          storageClass: StorageClass,
        }),
      );
    },

    async read(bucket, key, start = 0) {
      const get = (from: number, IfMatch?: string) =>
        send('GetObject', () =>
          client.send(
            new GetObjectCommand({
              Bucket: bucket,
              Key: key,
              IfMatch,
              ...(from > 0 && { Range: `bytes=${from}-` }),
            }),
          ),
        );
      const { Body, ETag } = await get(start);
      return resumed(
        Body as unknown as AsyncIterable<Uint8Array>,
        async (bytes) => (await get(start + bytes, ETag)).Body as unknown as AsyncIterable<Uint8Array>,
        (error) => send.failure('GetObject', error),
      );
    },
  };
}

const MOST_RESUMES = 4;

/** The bytes of an object; where the connection breaks within them, the rest is asked for. */
async function* resumed(
  body: AsyncIterable<Uint8Array>,
  rest: (bytes: number) => Promise<AsyncIterable<Uint8Array>>,
  failure: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let source = body;
  for (let resumes = 0; ; ) {
    const before = bytes;
    try {
      for await (const chunk of source) {
        bytes += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      // What it has brought shows that it is worth another try.
      resumes = bytes > before ? 0 : resumes + 1;
      if (resumes >= MOST_RESUMES) throw failure(error);
      source = await rest(bytes);
    }
  }
}

/** A body that its CRC-32 vouches for is not hashed a second time for the signature, as the aws CLI does it. */
function leaveUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (call) => {
      const { headers } = call.request as { headers: Record<string, string> };
      if (headers['x-amz-checksum-crc32']) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(call);
    },
    { step: 'build', priority: 'low', name: 'leaveUnsigned' },
  );
}
