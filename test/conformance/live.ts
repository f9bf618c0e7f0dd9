import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteActivityCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  type HistoryEvent,
  type LogLevel,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { isObject, type Json } from '../../src/json/json.js';
import { startLocalServer } from '../../src/local/index.js';
import { detailsOf, type RecordedEvent, type RecordedExecution } from './record.js';
import { startRecordedFunctions } from './recorded-functions.js';

const region = 'ap-northeast-1';
const account = '101010101010';
const ROLE = `arn:aws:iam::${account}:role/recorded`;
const FUNCTION = `arn:aws:lambda:${region}:${account}:function:recorded`;
const ACTIVITY = `arn:aws:states:${region}:${account}:activity:recorded`;
/** Waits, delays and timeouts pass so much faster than on AWS. */
const TIME_SCALE = 0.02;

/** What a case left behind here; `answer` is StartSyncExecution's. */
export interface Made {
  history: RecordedEvent[];
  answer: Json;
  log: Json[];
}

/** A real server on which one recorded case after the other is run again. */
export interface Live {
  rerun(record: RecordedExecution, events: RecordedEvent[]): Promise<Made>;
  stop(): Promise<void>;
}

export async function startLive(): Promise<Live> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mbc-flow-conformance-'));
  const functions = await startRecordedFunctions();
  const server = await startLocalServer({
    dataDir,
    timeScale: TIME_SCALE,
    lambdaEndpoint: functions.endpoint,
  });
  const config = {
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sfn = new SFNClient({ ...config, disableHostPrefix: true });
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const cloudWatch = new CloudWatchLogsClient(config);
  let cases = 0;

  async function rerun(record: RecordedExecution, events: RecordedEvent[]): Promise<Made> {
    const begin = detailsOf(events[0] ?? { type: '' });
    const asRecorded = renaming(String(begin.roleArn));
    functions.play(record, events, asRecorded);
    const names = recordedNames(record, begin.input ?? null);
    await putObjects(s3, record, names);
    const activity = events.some(({ type }) => type === 'ActivityScheduled');
    if (activity) await sfn.send(new CreateActivityCommand({ name: 'recorded' }));
    else await sfn.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    const name = `case-${cases++}`;
    const logs = await logging(cloudWatch, record, name);
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name,
        type: record.type,
        roleArn: ROLE,
        definition: deployed(record, activity),
        loggingConfiguration: logs?.configuration,
      }),
    );
    const input = inputOf(record, names, begin.input ?? null);
    const made = <T>(part: T): T => JSON.parse(asRecorded(JSON.stringify(part))) as T;
    if (record.recorded.start_execution_sync_response) {
      const answer = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input }));
      return { history: [], answer: made(answer as unknown as Json), log: [] };
    }
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    const over = new AbortController();
    const work = activity ? answerActivities(sfn, events, over.signal) : Promise.resolve();
    if (record.type === 'STANDARD') await closed(sfn, executionArn ?? '', events);
    over.abort();
    await work;
    const log = logs ? await logged(cloudWatch, logs.group, executionArn ?? '') : [];
    if (record.type === 'EXPRESS') return { history: [], answer: null, log: made(log) };
    const history: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
      history.push(...(page.events ?? []));
    return { history: made(history) as unknown as RecordedEvent[], answer: null, log: made(log) };
  }

  return {
    rerun,
    async stop() {
      sfn.destroy();
      s3.destroy();
      cloudWatch.destroy();
      await server.stop();
      await functions.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The definition with ARNs of ours where the recorded test put its own. */
function deployed({ definitions }: RecordedExecution, activity: boolean): string {
  const definition = definitions[0] ?? '';
  const resource = activity || /activity/i.test(definition) ? ACTIVITY : FUNCTION;
  return definition.replace(
    /("(\w+)": ")[^"]*\$\{[^"]*\}[^"]*"/g,
    (_whole, head: string, field: string) => `${head}${field === 'Resource' ? resource : FUNCTION}"`,
  );
}

/** What stood where the given input has a text with `${…}` in it, as the recorded input shows. */
function recordedNames({ inputs }: RecordedExecution, recorded: Json): Map<string, string> {
  const names = new Map<string, string>();
  if (inputs[0]) collect(JSON.parse(inputs[0]) as Json, recorded, names);
  return names;
}

function inputOf({ inputs }: RecordedExecution, names: Map<string, string>, recorded: Json): string {
  if (inputs[0] === undefined) return typeof recorded === 'string' ? recorded : JSON.stringify(recorded);
  return [...names].reduce(
    (text, [given, name]) => text.replaceAll(JSON.stringify(given), JSON.stringify(name)),
    inputs[0],
  );
}

async function putObjects(
  s3: S3Client,
  record: RecordedExecution,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { Bucket, Key, Body } of record.s3Objects) {
    const bucket = names.get(Bucket) ?? Bucket;
    await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => undefined);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    for (const { Key: old } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: old }));
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: bytesOf(Body), ContentType: 'binary/octet-stream' }),
    );
  }
}

/** Python's way to write bytes is how the material has some bodies. */
const bytesOf = (body: string): string => /^bytearray\(b'(.*)'\)$/s.exec(body)?.[1] ?? body;

function collect(given: Json, recorded: Json, names: Map<string, string>): void {
  if (typeof given === 'string' && given.includes('${') && typeof recorded === 'string')
    names.set(given, recorded);
  if (!isObject(given) || !isObject(recorded)) return;
  for (const [key, value] of Object.entries(given)) collect(value, recorded[key] ?? null, names);
}

/** The log group of a case whose record has log events. */
async function logging(cloudWatch: CloudWatchLogsClient, record: RecordedExecution, name: string) {
  const { logged_execution_events: events, end_event: end } = record.recorded;
  if (!events && !end) return undefined;
  const group = `/aws/vendedlogs/states/${name}`;
  await cloudWatch.send(new CreateLogGroupCommand({ logGroupName: group }));
  const [{ log_level: level, include_execution_data: withData } = {}] = record.log;
  // Where the record does not say, its events do.
  const includeExecutionData = withData ?? /"(in|out)putDetails"/.test(JSON.stringify(events ?? end));
  const logGroupArn = `arn:aws:logs:${region}:${account}:log-group:${group}:*`;
  const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn } }];
  return {
    group,
    configuration: { level: (level ?? 'ALL') as LogLevel, includeExecutionData, destinations },
  };
}

/** Log events of the execution, once its last one is there or, at a level that leaves it out, after a while. */
async function logged(cloudWatch: CloudWatchLogsClient, logGroupName: string, arn: string): Promise<Json[]> {
  for (let asked = 0; ; asked++) {
    const { events = [] } = await cloudWatch.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: `{ $.execution_arn = "${arn}" }` }),
    );
    const lines = events.map(({ message = 'null' }) => JSON.parse(message) as Json);
    const over = lines.some((line) => isObject(line) && /^Execution(?!Started)/.test(String(line.type)));
    if (over || asked === 20) return lines;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A worker that does with each task what the recorded one did. */
async function answerActivities(sfn: SFNClient, events: RecordedEvent[], over: AbortSignal): Promise<void> {
  for (const started of events.filter(({ type }) => type === 'ActivityStarted')) {
    const { workerName } = detailsOf(started);
    const poll = new GetActivityTaskCommand({
      activityArn: ACTIVITY,
      workerName: typeof workerName === 'string' ? workerName : undefined,
    });
    const { taskToken } = await sfn.send(poll, { abortSignal: over }).catch(() => ({ taskToken: undefined }));
    const end = events.find(({ previousEventId }) => previousEventId === started.id);
    const { output, error, cause } = detailsOf(end ?? { type: '' });
    if (end?.type === 'ActivitySucceeded')
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    if (end?.type === 'ActivityFailed')
      await sfn.send(new SendTaskFailureCommand({ taskToken, error: textOf(error), cause: textOf(cause) }));
  }
}

const textOf = (value: Json | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

/** Waits for the end; where AWS's was an abort, it is stopped when it has come as far. */
async function closed(sfn: SFNClient, executionArn: string, events: RecordedEvent[]): Promise<void> {
  const aborted = events.find(({ type }) => type === 'ExecutionAborted');
  for (let asked = 0; asked < 200; asked++) {
    if (aborted && asked === 5) {
      const { error, cause } = detailsOf(aborted);
      const why = { error: textOf(error), cause: textOf(cause) };
      await sfn.send(new StopExecutionCommand({ executionArn, ...why }));
    }
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 + asked, 50)));
  }
  throw new Error('Nothing is left to happen, but the execution goes on');
}

/** Our account, region and role under the names that the recording has for them. */
const renaming = (roleArn: string) => (text: string) =>
  text.replaceAll(ROLE, roleArn).replaceAll(account, '111111111111').replaceAll(region, 'us-east-1');
