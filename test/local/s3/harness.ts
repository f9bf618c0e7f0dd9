import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { createClock } from '../../../src/local/clock.js';
import { createS3, type S3, s3Schema } from '../../../src/local/s3/index.js';
import type { Store } from '../../../src/local/store/port.js';
import { openStore } from '../../../src/local/store/store.js';

export const bucket = 'local-bucket';

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** `Code` of an XML error. */
  code: string | undefined;
}

export interface TestS3 extends S3 {
  store: Store;
  /** Where the bodies are. */
  directory: string;
  port: number;
  endpoint: string;
  client: S3Client;
  newClient(config: S3ClientConfig): S3Client;
  /** Names of the body files on disk. */
  files(): string[];
  /** A request without SDK. */
  send(
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string | Uint8Array,
  ): Promise<Reply>;
  socket(): Socket;
  /** Closes the server and the store; the directory stays for another `startS3`. */
  stop(): Promise<void>;
}

export function temporaryDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mbc-flow-s3-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** S3 alone behind a plain node server. Stops with the test. */
export async function startS3(dir = temporaryDirectory()): Promise<TestS3> {
  const directory = join(dir, 'objects');
  mkdirSync(directory, { recursive: true });
  const store = openStore(join(dir, 'state.db'), [s3Schema], (error) => {
    throw error;
  });
  const s3 = createS3({ store, directory, clock: createClock(), region: 'ap-northeast-1' });
  await s3.recover();
  await s3.objects.createBucket(bucket);
  const server = createServer((request, response) => void s3.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const newClient = (config: S3ClientConfig): S3Client => {
    const client = new S3Client({
      endpoint,
      region: 'ap-northeast-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      ...config,
    });
    onTestFinished(() => client.destroy());
    return client;
  };
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    store.close();
  };
  onTestFinished(stop);
  return {
    ...s3,
    store,
    directory,
    port,
    endpoint,
    client: newClient({}),
    newClient,
    files: () => readdirSync(directory),
    socket: () => connect(port, '127.0.0.1'),
    send: (method, path, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const request = httpRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const whole = Buffer.concat(chunks);
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: whole,
              code: /<Code>(.*?)<\/Code>/.exec(whole.toString('utf8'))?.[1],
            });
          });
        });
        request.on('error', reject);
        request.end(body);
      }),
    stop,
  };
}

/** Bytes that repeat in no short pattern, the same on every run. */
export function noise(size: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}
