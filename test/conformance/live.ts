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
  type LoggingConfiguration,
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
/** Where a recorded test put the ARN of its first machine. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: as the record has it
const MACHINE = '${create_state_machine_with_iam_role}';
/** Waits, delays and timeouts pass so much faster than on AWS. */
const TIME_SCALE = 0.02;

/** What a case left behind here; `answer` is StartSyncExecution's. */
export interface Made {
  history: RecordedEvent[];
  /** The events that its functions were sent. */
  sent: string[];
  answer: Json;
  log: Json[];
}

/** One execution of a record: its recorded history, if there is one, and its input, if that was recorded. */
export interface Run {
  events: RecordedEvent[];
  input?: string;
}

/** A real server on which one recorded case after the other is run again. */
export interface Live {
  /** The machine of a record, and each of its executions; in order. */
  rerun(record: RecordedExecution, runs: Run[]): Promise<Made[]>;
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

  async function rerun(record: RecordedExecution, runs: Run[]): Promise<Made[]> {
    const [{ events, input } = { events: [] }] = runs;
    const names = recordedNames(input, beginningOf(record, events));
    await putObjects(s3, record, names);
    const activity = events.some(({ type }) => type === 'ActivityScheduled');
    if (activity) await sfn.send(new CreateActivityCommand({ name: 'recorded' }));
    else await sfn.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    const name = `case-${cases++}`;
    const logs = await logging(cloudWatch, record, name);
    const [definition = '', target] = record.definitions.toReversed();
    // The machine that the other one starts.
    const started = target === undefined ? undefined : await create(`${name}-target`, target);
    const withTarget = (text: string): string => (started ? text.replaceAll(MACHINE, started) : text);
    const stateMachineArn = await create(
      name,
      deployed(withTarget(definition), activity),
      logs?.configuration,
    );
    const made: Made[] = [];
    for (const run of runs) {
      const begun = beginningOf(record, run.events);
      const input = withTarget(inputOf(run.input, recordedNames(run.input, begun), begun));
      made.push(await execute(record, run, { stateMachineArn, input }, logs?.group));
    }
    return made;

    async function create(name: string, definition: string, loggingConfiguration?: LoggingConfiguration) {
      const command = { name, type: record.type, roleArn: ROLE, definition, loggingConfiguration };
      return (await sfn.send(new CreateStateMachineCommand(command))).stateMachineArn ?? '';
    }
  }

  async function execute(
    record: RecordedExecution,
    { events }: Run,
    call: { stateMachineArn: string; input: string },
    logGroup: string | undefined,
  ): Promise<Made> {
    const asRecorded = renaming(roleOf(events));
    const made = <T>(part: T): T => JSON.parse(asRecorded(JSON.stringify(part))) as T;
    const sent = functions.play(record.lambdaHandlers[0]);
    if (record.recorded.start_execution_sync_response) {
      const answer = await sfn.send(new StartSyncExecutionCommand(call));
      return { history: [], sent: [], answer: made(answer as unknown as Json), log: [] };
    }
    const { executionArn } = await sfn.send(new StartExecutionCommand(call));
    const over = new AbortController();
    const answering = events.some(({ type }) => type === 'ActivityScheduled')
      ? answerActivities(sfn, events, over.signal)
      : Promise.resolve();
    if (record.type === 'STANDARD') await closed(sfn, executionArn ?? '', events);
    over.abort();
    await answering;
    const log = logGroup === undefined ? [] : await logged(cloudWatch, logGroup, executionArn ?? '');
    const history: HistoryEvent[] = [];
    if (record.type === 'STANDARD')
      for await (const page of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
        history.push(...(page.events ?? []));
    return {
      history: made(history) as unknown as RecordedEvent[],
      sent: sent.map(asRecorded),
      answer: null,
      log: made(log),
    };
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

/** What stands for the role in a recording, where its history does not say. */
const roleOf = (events: RecordedEvent[]): string =>
  String(detailsOf(events[0] ?? { type: '' }).roleArn ?? 'snf_role_arn');

/** The input as it was recorded. */
function beginningOf({ recorded }: RecordedExecution, events: RecordedEvent[]): Json {
  const { start_execution_sync_response: answer } = recorded;
  return detailsOf(events[0] ?? { type: '' }).input ?? (isObject(answer) ? (answer.input ?? null) : null);
}

/** The definition with ARNs of ours where the recorded test put its own. */
function deployed(definition: string, activity: boolean): string {
  const resource = activity || /activity/i.test(definition) ? ACTIVITY : FUNCTION;
  return definition.replace(
    /("(\w+)": ")[^"]*\$\{[^"]*\}[^"]*"/g,
    (_whole, head: string, field: string) => `${head}${field === 'Resource' ? resource : FUNCTION}"`,
  );
}

/** What stood where the given input has a text with `${…}` in it, as the recorded input shows. */
function recordedNames(input: string | undefined, recorded: Json): Map<string, string> {
  const names = new Map<string, string>();
  if (input !== undefined) collect(JSON.parse(input) as Json, recorded, names);
  names.delete(MACHINE);
  return names;
}

function inputOf(input: string | undefined, names: Map<string, string>, recorded: Json): string {
  if (input === undefined) return typeof recorded === 'string' ? recorded : JSON.stringify(recorded);
  return [...names].reduce(
    (text, [given, name]) => text.replaceAll(JSON.stringify(given), JSON.stringify(name)),
    input,
  );
}

async function putObjects(
  s3: S3Client,
  record: RecordedExecution,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  // What a fixture made is there, also where nothing was put into it.
  for (const [given, name] of names)
    if (/create_bucket/.test(given))
      await s3.send(new CreateBucketCommand({ Bucket: name })).catch(() => undefined);
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
  if (Array.isArray(given) && Array.isArray(recorded))
    for (const [index, item] of given.entries()) collect(item, recorded[index] ?? null, names);
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

/** The activity's, as recordings have it. */
export const activityArn = renaming('')(ACTIVITY);
