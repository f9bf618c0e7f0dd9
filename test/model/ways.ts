import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import Database from 'libsql';
import { startLocalServer } from '../../src/local/index.js';
import type { RecordedEvent } from '../conformance/record.js';
import { FLAKY, INPUT, type Workflow } from './random-machine.js';

const roleArn = 'arn:aws:iam::101010101010:role/model';
const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:model:run';

/** The function of all machines, on a Lambda endpoint. */
export async function startFunction(): Promise<{ endpoint: string; stop(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { value, fails, attempt, redrives } = JSON.parse(Buffer.concat(chunks).toString());
      const fail = attempt < fails && !(redrives > 0 && fails > 2);
      if (fail) response.setHeader('x-amz-function-error', 'Unhandled');
      response.end(JSON.stringify(fail ? { errorType: FLAKY, errorMessage: 'again' } : value));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface Way {
  lambdaEndpoint: string;
  timeScale: number;
  /** A data directory to go on with; it is used up. */
  dataDir?: string;
}

export const directory = (): string => mkdtempSync(join(tmpdir(), 'mbc-flow-model-'));

/** Runs the machine to its end, or what a data directory has of it, and answers with its history. */
export async function run(machine: Workflow, way: Way): Promise<RecordedEvent[]> {
  return onServer(way, async (sfn) => {
    if (!way.dataDir || !(await exists(sfn))) await begin(sfn, machine);
    await ended(sfn);
    return historyOf(sfn);
  });
}

/** Runs the machine to its failure, redrives it, and answers with its history. */
export async function redriven(machine: Workflow, way: Way): Promise<RecordedEvent[]> {
  return onServer(way, async (sfn) => {
    await begin(sfn, machine);
    await ended(sfn);
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    await ended(sfn);
    return historyOf(sfn);
  });
}

/**
 * Runs the machine; after each commit of the server, what is on the disk is what a kill at that moment would leave.
 * Answers with copies of it, which are the caller's to remove.
 */
export async function snapshots(machine: Workflow, way: Way): Promise<string[]> {
  const dataDir = directory();
  const copies: string[] = [];
  // No other server runs in this process meanwhile.
  const exec = Database.prototype.exec;
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    const result = exec.call(this, sql);
    if (sql === 'COMMIT') copies.push(copyOf(dataDir));
    return result;
  };
  try {
    await run(machine, { ...way, dataDir });
  } finally {
    Database.prototype.exec = exec;
  }
  return copies;
}

function copyOf(dataDir: string): string {
  const copy = directory();
  // The lock is the process's; the index of the write-ahead log is made anew.
  cpSync(dataDir, copy, {
    recursive: true,
    filter: (path) => !/\/(?:lock[^/]*|server[^/]*|[^/]*-shm)$/.test(path),
  });
  return copy;
}

async function onServer<T>(way: Way, work: (sfn: SFNClient) => Promise<T>): Promise<T> {
  const dataDir = way.dataDir ?? directory();
  const server = await startLocalServer({ ...way, dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sfn = new SFNClient({ endpoint: server.endpoint, region: 'ap-northeast-1', credentials });
  try {
    return await work(sfn);
  } finally {
    sfn.destroy();
    await server.stop();
    if (existsSync(dataDir)) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function begin(sfn: SFNClient, machine: Workflow): Promise<void> {
  const definition = JSON.stringify(machine);
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name: 'model', roleArn, definition }),
  );
  const input = JSON.stringify(INPUT);
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'run', input }));
}

async function exists(sfn: SFNClient): Promise<boolean> {
  return sfn.send(new DescribeExecutionCommand({ executionArn })).then(
    () => true,
    () => false,
  );
}

async function ended(sfn: SFNClient): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return;
    if (Date.now() > until) throw new Error('it is still running after a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function historyOf(sfn: SFNClient): Promise<RecordedEvent[]> {
  const events: unknown[] = [];
  for await (const page of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
    events.push(...(page.events ?? []));
  return JSON.parse(JSON.stringify(events)) as RecordedEvent[];
}
