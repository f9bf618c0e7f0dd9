import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { exitCodes, FlowError } from '../errors.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';
import type { ObjectGateway } from './gateways.js';

const smallestPart = 8 << 20;
/** S3 takes at most 10,000 parts. */
const mostParts = 9_000;

/** S3 over the AWS SDK. */
export function createObjectGateway(settings: ClientSettings): ObjectGateway {
  const client = equip(
    new S3Client({
      ...sdkConfig(settings),
      ...(settings.endpoint !== undefined && { forcePathStyle: true }),
    }),
    settings,
  );
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
        return { size: head.ContentLength ?? 0, etag: (head.ETag ?? '').replaceAll('"', '') };
      } catch (error) {
        if (error instanceof FlowError && error.exitCode === exitCodes.notFound) return undefined;
        throw error;
      }
    },

    async upload({ bucket, key, body, size, contentType, signal, onProgress }) {
      const upload = new Upload({
        client: stoppable(client, signal),
        params: {
          Bucket: bucket,
          Key: key,
          Body: Readable.from(until(body, signal)),
          ContentType: contentType,
        },
        partSize: Math.max(smallestPart, Math.ceil(size / mostParts)),
        queueSize: 3,
        leavePartsOnError: false,
      });
      upload.on('httpUploadProgress', ({ loaded }) => onProgress?.(loaded ?? 0));
      await send('PutObject', () => upload.done());
    },

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

/**
 * The client, whose transfers end when `signal` fires. Upload's own abort() does not wait until the parts are gone;
 * a failing body does.
 */
function stoppable(client: S3Client, signal: AbortSignal | undefined): S3Client {
  const send = (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    const transfers = command instanceof UploadPartCommand || command instanceof PutObjectCommand;
    return client.send(command, transfers ? { abortSignal: signal } : {});
  };
  return Object.assign(Object.create(client) as S3Client, { send });
}

async function* until(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    signal?.throwIfAborted();
    yield chunk;
  }
  signal?.throwIfAborted();
}
