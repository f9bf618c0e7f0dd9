import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { exitCodes, FlowError } from '../errors.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';
import type { ObjectGateway } from './gateways.js';
import { uploadObject } from './upload.js';

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
        if (error instanceof FlowError && error.exitCode === exitCodes.notFound) return undefined;
        throw error;
      }
    },

    upload: (upload) => uploadObject(client, send, upload),

    async list(bucket, prefix) {
      const page = await send('ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix })),
      );
      return (page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: Key, size: Size }));
    },

    async read(bucket, key) {
      const object = await send('GetObject', () =>
        client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
      );
      return object.Body as unknown as AsyncIterable<Uint8Array>;
    },
  };
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
