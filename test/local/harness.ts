import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type LocalServer, type LocalServerOptions, startLocalServer } from '../../src/local/index.js';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export function temporaryDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mbc-flow-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface Local extends LocalServer {
  sfn: SFNClient;
  s3: S3Client;
  logs: CloudWatchLogsClient;
}

/** A server of its own for one test, with real SDK clients; stopped when the test ends. */
export async function startServer(options: Partial<LocalServerOptions> = {}): Promise<Local> {
  const dataDir = options.dataDir ?? temporaryDirectory();
  const server = await startLocalServer({ ...options, dataDir });
  onTestFinished(() => server.stop());
  return connected(server);
}

/** One server for all tests of a file or suite, told before the first of them. */
export function suiteServer(told: (local: Local) => Promise<void> | void): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'mbc-flow-test-'));
  let server: LocalServer | undefined;
  beforeAll(async () => {
    server = await startLocalServer({ dataDir });
    await told(connected(server));
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

function connected(server: LocalServer): Local {
  const { endpoint } = server;
  const config = { endpoint, region: 'ap-northeast-1', credentials };
  return Object.assign(server, {
    sfn: new SFNClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    logs: new CloudWatchLogsClient({ ...config, disableHostPrefix: true }),
  });
}

/** Polls until the execution is closed: soon at first, then less often, as each look takes its share of the machine. */
export async function ended(sfn: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  for (let asked = 0; ; asked++) {
    const description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (description.status !== 'RUNNING') return description;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 + asked * 5, 50)));
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
