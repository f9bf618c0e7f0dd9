import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { startFauxqs } from 'fauxqs';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/json/json.js';
import { directory, type Ran, run, start } from '../cli/world.js';
import { type Invocation, type RecordedCall, type Recording, recordingOf, sourceOf } from './recording.js';
import { difference, substituted, substitutionsOf, type Tokens } from './substitutions.js';
import { startTablesWithStreams } from './tables.js';

const machine = (name: string): string => `arn:aws:states:ap-northeast-1:101010101010:stateMachine:${name}`;
const client = { region: 'ap-northeast-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Which queue the framework's topic hands an action to. Nothing follows from the others. */
const subscriptions: Record<string, string> = {
  'task-execute': 'task-action-queue',
  'sub-task-status': 'sub-task-status-queue',
  'import-execute': 'import-action-queue',
  'import-status': 'import-status-queue',
};
const queues = [...new Set(Object.values(subscriptions))];

export interface StandIn {
  cwd: string;
  recording: Recording;
  /** The environment of the app, and of commands. */
  env: Record<string, string>;
  endpoint: string;
  /** Writes a file into the app's folder. */
  write(name: string, text: string | Uint8Array): void;
  /** Runs mbc-flow in the app's folder. */
  run(...args: string[]): Promise<Ran>;
  /** All rows of a table, by the framework's name for it. */
  rows(table: string): Promise<Record<string, unknown>[]>;
  put(table: string, item: JsonObject): Promise<void>;
  /** What a queue holds, being worked on or not. */
  messages(queue: string): number;
  sfn: SFNClient;
}

interface StandInOptions {
  /** Further words for `mbc-flow dev`. */
  dev?: string[];
  /** Of the queue of rows. */
  queueAttributes?: Record<string, string>;
  /** After so many deliveries, its messages are dead letters. */
  maxReceiveCount?: number;
  /** Seconds after which a message that failed is there again: 30. One that is worked on is not, however long it takes. */
  backAfter?: number;
  /** Runs `mbc-flow dev` with these words instead of this process. */
  serve?(settings: { cwd: string; env: Record<string, string>; words: string[] }): Promise<{
    endpoint: string;
    stop(): Promise<unknown>;
  }>;
  /** Writes files into the app's folder, and adds words for `mbc-flow dev`, before that starts. */
  prepare?(cwd: string, env: Record<string, string>, lambda: string): string[];
  /** What `SFN_COMMAND_ARN` and `SFN_IMPORT_CSV_ARN` name, where it is not the built-in machines. */
  machines?: { command?: string; import?: string };
}

/**
 * An application of the framework out of a recording: behind `mbc-flow dev` it answers as its functions did, writes what
 * they wrote, sends what they sent and logs what they printed. Gone when the test ends.
 */
export async function startStandIn(scenario: string, options: StandInOptions = {}): Promise<StandIn> {
  const recording = recordingOf(scenario);
  const { tablePrefix, nodeEnv } = recording;
  const modules = ['sample', 'product'].flatMap((name) =>
    ['command', 'data', 'history'].map((kind) => `${tablePrefix}${name}-${kind}`),
  );
  const streamed = ['sample-command', 'product-command', 'import_tmp', 'tasks'].map(
    (name) => tablePrefix + name,
  );
  const tables = await startTablesWithStreams(
    [...modules, `${tablePrefix}import_tmp`, `${tablePrefix}tasks`],
    streamed,
  );
  const sqs = await startFauxqs({ port: 0, logger: false, defaultRegion: client.region });
  const urls = new Map<string, string>();
  const { queueArn } = sqs.createQueue('import-dead-letter-queue');
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: queueArn,
    maxReceiveCount: options.maxReceiveCount,
  });
  for (const name of queues) {
    const attributes = {
      VisibilityTimeout: '600',
      ...(name === 'import-action-queue' && options.queueAttributes),
      ...(name === 'import-action-queue' && options.maxReceiveCount !== undefined && { RedrivePolicy }),
    };
    const { queueUrl } = sqs.createQueue(name, { attributes });
    urls.set(name, queueUrl);
  }
  const cwd = directory();
  const env: Record<string, string> = {
    NODE_ENV: nodeEnv,
    APP_NAME: 'shop',
    DYNAMODB_ENDPOINT: tables.endpoint,
    SQS_ENDPOINT: sqs.address,
    S3_BUCKET_NAME: 'local-bucket',
    IMPORT_QUEUE_URL: urls.get('import-action-queue') ?? '',
    SFN_COMMAND_ARN: machine(options.machines?.command ?? 'command'),
    SFN_TASK_ARN: machine('sfn-task'),
    SFN_IMPORT_CSV_ARN: machine(options.machines?.import ?? 'import-csv'),
    SFN_IMPORT_ZIP_ORCHESTRATOR_ARN: machine('import-zip'),
  };
  const app = createReplay(recording);
  const { backAfter = 30 } = options;
  let comeBack = async (_event: JsonObject, _seconds: number): Promise<void> => {};
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const event = (await json(request)) as JsonObject;
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    const name = decodeURIComponent(/functions\/([^/]+)\//.exec(request.url ?? '')?.[1] ?? '');
    const { payload, failed } = await app.invoke(name, event, requestId).catch((error: Error) => ({
      payload: { errorType: error.name, errorMessage: error.message },
      failed: true,
    }));
    if (failed) {
      response.setHeader('x-amz-function-error', 'Unhandled');
      await comeBack(event, backAfter);
    }
    response.end(JSON.stringify(payload));
  };
  const functions = createServer((request, response) => {
    // When the test ends, one may be at work still, and nothing that it calls is there any more.
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(functions, 'listening');
  const lambda = `http://127.0.0.1:${(functions.address() as AddressInfo).port}`;
  const prepared = options.prepare?.(cwd, env, lambda) ?? [];
  const words = ['--event-sources', '--lambda-endpoint', lambda, ...prepared, ...(options.dev ?? [])];
  const { endpoint, stop } = await (options.serve ?? serveHere)({ cwd, env, words });
  onTestFinished(async () => {
    await stop();
    functions.closeAllConnections();
    functions.close();
    await sqs.stop();
  });
  Object.assign(env, { SFN_ENDPOINT: endpoint, S3_ENDPOINT: endpoint });
  const clients = {
    sfn: new SFNClient({ ...client, endpoint }),
    s3: new S3Client({ ...client, endpoint, forcePathStyle: true }),
    logs: new CloudWatchLogsClient({ ...client, endpoint, disableHostPrefix: true }),
    sqs: new SQSClient({ ...client, endpoint: sqs.address }),
    tables: new DynamoDBClient({ ...client, endpoint: tables.endpoint }),
  };
  app.connect(clients, urls);
  comeBack = async ({ Records = [] }, VisibilityTimeout) => {
    for (const { eventSourceARN, receiptHandle } of Records as JsonObject[]) {
      const QueueUrl = urls.get(String(eventSourceARN).split(':').at(-1) ?? '');
      if (QueueUrl === undefined) continue;
      const message = { QueueUrl, ReceiptHandle: String(receiptHandle), VisibilityTimeout };
      await clients.sqs.send(new ChangeMessageVisibilityCommand(message));
    }
  };
  return {
    cwd,
    recording,
    env,
    endpoint,
    write: (name, text) => writeFileSync(join(cwd, name), text),
    run: (...args) => run(args, { cwd, env }),
    async rows(table) {
      const { Items = [] } = await clients.tables.send(new ScanCommand({ TableName: tablePrefix + table }));
      return Items.map((item) => unmarshall(item));
    },
    async put(table, item) {
      await clients.tables.send(new PutItemCommand({ TableName: table, Item: item as never }));
    },
    messages(queue) {
      const { ready = [], inflight = [] } = sqs.inspectQueue(queue)?.messages ?? {};
      return ready.length + inflight.length;
    },
    sfn: clients.sfn,
  };
}

const serveHere: NonNullable<StandInOptions['serve']> = async ({ cwd, env, words }) => {
  const dev = start(['dev', '--port', '0', '-o', 'json', ...words], { cwd, env });
  const stop = async (): Promise<void> => {
    dev.signal('SIGTERM');
    await dev.done;
  };
  const ready = await dev.waitFor(/"ready":true/);
  const line = ready.split('\n').find((one) => one.includes('"ready"')) ?? '{}';
  return { endpoint: (JSON.parse(line) as { endpoint: string }).endpoint, stop };
};

interface Clients {
  sfn: SFNClient;
  s3: S3Client;
  logs: CloudWatchLogsClient;
  sqs: SQSClient;
  tables: DynamoDBClient;
}

/** The functions of a recording, played again. */
function createReplay({ invocations }: Recording) {
  const tokens: Tokens = new Map();
  const used = new Set<Invocation>();
  let connected: { clients: Clients; urls: Map<string, string> } | undefined;
  const logStreams = new Map<string, Promise<string>>();

  const choose = (event: JsonObject): Invocation | undefined => {
    const source = sourceOf(event);
    const alike = invocations.filter((one) => one.source === source);
    if (alike.length < 2) return alike[0];
    const candidates = alike
      .map((one) => ({ one, score: difference(one.event, event) + (used.has(one) ? 0.5 : 0) }))
      .sort((a, b) => a.score - b.score);
    return candidates[0]?.one;
  };

  return {
    connect(clients: Clients, urls: Map<string, string>): void {
      connected = { clients, urls };
    },
    async invoke(
      name: string,
      event: JsonObject,
      requestId: string,
    ): Promise<{ payload: unknown; failed: boolean }> {
      const recorded = choose(event);
      if (!recorded || !connected) {
        return {
          payload: { errorType: 'Error', errorMessage: `not recorded: ${sourceOf(event)}` },
          failed: true,
        };
      }
      used.add(recorded);
      const { clients, urls } = connected;
      const then = { ...recorded.event, requestId: (recorded as unknown as { requestId: string }).requestId };
      const found = substitutionsOf(then, { ...event, requestId }, tokens);
      const { calls, printed, response, error } = recorded;
      const began = Date.now();
      for (const [index, call] of calls.entries()) {
        if (call.status === undefined && !isOverwritten(call, calls.slice(index + 1)))
          await perform(substituted(call as never, found), clients, urls);
      }
      // The steps of commands are eight a row, and nobody reads their log here.
      if (!recorded.source.startsWith('stepfunctions:command:')) {
        const logGroup = `/aws/lambda/${name}`;
        const logStream = logStreams.get(logGroup) ?? openLog(clients, logGroup);
        logStreams.set(logGroup, logStream);
        const lines = substituted(printed as never, found) as Invocation['printed'];
        await log(clients, logGroup, await logStream, { lines, requestId, began });
      }
      const payload = error ?? response ?? null;
      return { payload: substituted(payload as never, found), failed: error !== undefined };
    },
  };
}

/** A status that the same invocation replaces: nobody waits for it. */
const isOverwritten = ({ operation, input }: RecordedCall, later: RecordedCall[]): boolean =>
  operation === 'UpdateItem' &&
  later.some(
    (other) =>
      other.operation === operation &&
      JSON.stringify(other.input.Key) === JSON.stringify(input.Key) &&
      other.input.UpdateExpression === input.UpdateExpression,
  );

/** Calls that change something, against what is there now. */
async function perform(
  { service, operation, input }: RecordedCall,
  { sfn, s3, sqs, tables }: Clients,
  urls: Map<string, string>,
): Promise<void> {
  const queue = (url: unknown): string => urls.get(String(url).split('/').at(-1) ?? '') ?? '';
  switch (`${service}.${operation}`) {
    case 'DynamoDB.PutItem':
      // A second delivery would have found its row there.
      await tables.send(new PutItemCommand(input as never)).catch((error: Error) => {
        if (error.name !== 'ConditionalCheckFailedException') throw error;
      });
      return;
    case 'DynamoDB.UpdateItem':
      await tables.send(new UpdateItemCommand(input as never));
      return;
    case 'SQS.SendMessage':
      await sqs.send(
        new SendMessageCommand({ ...(input as never as object), QueueUrl: queue(input.QueueUrl) } as never),
      );
      return;
    case 'SQS.SendMessageBatch':
      await sqs.send(
        new SendMessageBatchCommand({ ...(input as object), QueueUrl: queue(input.QueueUrl) } as never),
      );
      return;
    case 'SNS.Publish': {
      const { action } = (input.Message ?? {}) as { action?: string };
      const subscribed = urls.get(subscriptions[action ?? ''] ?? '');
      if (subscribed === undefined) return;
      const MessageAttributes = { action: { DataType: 'String', StringValue: action } };
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: subscribed,
          MessageBody: JSON.stringify(input.Message),
          MessageAttributes,
        }),
      );
      return;
    }
    case 'StepFunctions.StartExecution': {
      // The framework ends its names with the time.
      const name = String(input.name).replace(/\d{13}$/, String(Date.now()));
      await sfn.send(new StartExecutionCommand({ ...(input as object), name } as never));
      return;
    }
    case 'StepFunctions.SendTaskSuccess':
      await sfn.send(new SendTaskSuccessCommand(input as never));
      return;
    case 'S3.PUT': {
      const [, bucket, key] = /^\/([^/]+)\/([^?]+)/.exec(String(input.path)) ?? [];
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: String(input.body) }));
    }
  }
}

async function openLog({ logs }: Clients, logGroupName: string): Promise<string> {
  const logStreamName = `2026/11/29/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => {});
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  return logStreamName;
}

/** What was printed, between the lines that the platform writes. */
async function log(
  { logs }: Clients,
  logGroupName: string,
  logStreamName: string,
  { lines, requestId, began }: { lines: Invocation['printed']; requestId: string; began: number },
): Promise<void> {
  const messages = [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...lines.flatMap(({ from, text }) => (from === 'runtime' ? [text] : text.split('\n'))),
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 512 MB\tMax Memory Used: 180 MB`,
  ];
  const timestamp = Math.max(began, Date.now());
  await logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: messages.filter((message) => message !== '').map((message) => ({ timestamp, message })),
    }),
  );
}
