import type { HistoryEvent } from '../asl/engine/history-event.js';
import type { ExecutionStatus } from '../asl/engine/protocol.js';

/**
 * What operations know of AWS: plain data in AWS's own field names, dates as Date. Each call may throw
 * FlowError (not found 3, denied 4, conflict 5, unreachable 6); paging and retries stay behind the gateway.
 */

export interface StateMachineSummary {
  stateMachineArn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  creationDate: Date;
}
export interface StateMachineDescription extends StateMachineSummary {
  definition: string;
  roleArn: string;
  status?: string;
  description?: string;
  /** Changes with the definition; absent until the first change. */
  revisionId?: string;
  /** When this definition came to be. */
  updateDate?: Date;
  logGroupArn?: string;
  /** How much goes to the log group: OFF without one. */
  logLevel?: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  includeExecutionData?: boolean;
  tracingEnabled?: boolean;
}
export interface MachineVersion {
  versionArn: string;
  creationDate: Date;
}
export interface MachineAlias {
  aliasArn: string;
  name: string;
  /** In percent. */
  routes: { versionArn: string; weight: number }[];
}
export interface ExecutionSummary {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus | 'PENDING_REDRIVE';
  startDate: Date;
  stopDate?: Date;
  redriveCount?: number;
}
export interface ExecutionDescription extends ExecutionSummary {
  input?: string;
  output?: string;
  error?: string;
  cause?: string;
  redriveStatus?: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  redriveStatusReason?: string;
  /** Of X-Ray: `Root=1-…;Sampled=1`. */
  traceHeader?: string;
  /** Of a map run's child. */
  mapRunArn?: string;
}
/** An EXPRESS execution that was started and waited for. */
export interface SyncExecution {
  executionArn: string;
  name?: string;
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  startDate: Date;
  stopDate: Date;
  output?: string;
  error?: string;
  cause?: string;
  traceHeader?: string;
}
/** One state to run alone. `definition`: of its machine; `input`, `variables` and the mock's result: JSON texts. */
export interface StateTrial {
  definition: string;
  stateName: string;
  input: string;
  variables?: string;
  roleArn?: string;
  mock?: { result: string } | { errorOutput: { error?: string; cause?: string } };
}
export interface TriedState {
  status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  output?: string;
  error?: string;
  cause?: string;
  nextState?: string;
  /** What each phase made of the data: JSON texts, by AWS's names for the phases. */
  inspection: Record<string, unknown>;
}
export interface MapRunCounts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
  failuresNotRedrivable?: number;
  pendingRedrive?: number;
}
export interface MapRunDescription {
  mapRunArn: string;
  executionArn: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  startDate: Date;
  stopDate?: Date;
  maxConcurrency: number;
  itemCounts: MapRunCounts;
  executionCounts: MapRunCounts;
  redriveCount?: number;
}

export interface StepFunctionsGateway {
  listStateMachines(): AsyncIterable<StateMachineSummary>;
  describeStateMachine(arn: string): Promise<StateMachineDescription>;
  describeStateMachineForExecution(executionArn: string): Promise<StateMachineDescription>;
  /** Versions, the newest first. */
  listVersions(stateMachineArn: string): AsyncIterable<MachineVersion>;
  listAliases(stateMachineArn: string): AsyncIterable<{ aliasArn: string; creationDate: Date }>;
  describeAlias(aliasArn: string): Promise<MachineAlias>;
  tags(stateMachineArn: string): Promise<Record<string, string>>;
  updateDefinition(stateMachineArn: string, definition: string): Promise<void>;
  /** A STANDARD one. Gives its ARN. */
  createStateMachine(machine: { name: string; definition: string; roleArn: string }): Promise<string>;
  startExecution(start: {
    stateMachineArn: string;
    name?: string;
    input: string;
  }): Promise<{ executionArn: string; startDate: Date }>;
  /** EXPRESS only: answers when it has ended, whatever its outcome. */
  startSyncExecution(start: {
    stateMachineArn: string;
    name?: string;
    input: string;
  }): Promise<SyncExecution>;
  /** Calls what the state calls, unless there is a mock. */
  testState(trial: StateTrial): Promise<TriedState>;
  redriveExecution(executionArn: string): Promise<{ redriveDate: Date }>;
  stopExecution(executionArn: string, why?: { error?: string; cause?: string }): Promise<{ stopDate: Date }>;
  /**
   * Answers a paused task. All three: FlowError 5 when its token is dead (answered, timed out, stopped), 2 when it is
   * no token. No error's text holds the token.
   */
  sendTaskSuccess(answer: { taskToken: string; output: string }): Promise<void>;
  sendTaskFailure(answer: { taskToken: string; error?: string; cause?: string }): Promise<void>;
  sendTaskHeartbeat(taskToken: string): Promise<void>;
  describeExecution(executionArn: string): Promise<ExecutionDescription>;
  /** Newest first. */
  listExecutions(filter: {
    stateMachineArn?: string;
    mapRunArn?: string;
    status?: ExecutionStatus;
    /** No more than so many are needed: spares large pages. */
    atMost?: number;
  }): AsyncIterable<ExecutionSummary>;
  /** Pages in the order asked for; ascending unless `reverse`. A page is what one API call gave. */
  historyPages(
    executionArn: string,
    options?: {
      reverse?: boolean;
      includeExecutionData?: boolean;
      pageSize?: number;
      /** Task tokens are needed; else they are struck out. */
      tokens?: boolean;
    },
  ): AsyncIterable<HistoryEvent[]>;
  listMapRuns(executionArn: string): AsyncIterable<{ mapRunArn: string; startDate: Date; stopDate?: Date }>;
  describeMapRun(mapRunArn: string): Promise<MapRunDescription>;
}

/** A multipart upload under way: what S3 has of it. */
export interface UploadState {
  uploadId: string;
  partBytes: number;
  parts: UploadedPart[];
  /** As it was begun with. */
  encryption?: ObjectEncryption;
}
/** Other than the bucket's own. */
export interface ObjectEncryption {
  algorithm: 'AES256' | 'aws:kms';
  /** Id, ARN or alias; S3's own key where it is left out. */
  kmsKeyId?: string;
}
export interface UploadedPart {
  number: number;
  bytes: number;
  etag: string;
  /** Base64, as S3 has it. */
  crc32: string;
}

export interface ObjectUpload {
  bucket: string;
  key: string;
  /** The same bytes at each call. */
  body(): AsyncIterable<Uint8Array>;
  /** About; what the body really has counts. */
  size: number;
  contentType: string;
  metadata?: Record<string, string>;
  encryption?: ObjectEncryption;
  signal?: AbortSignal;
  /** Bytes that S3 has, those of a former attempt too. */
  onProgress?(bytes: number): void;
  /** Of a former attempt that broke off. */
  resume?: UploadState;
  /** Called whenever it changed, so that a later attempt can resume; undefined when nothing is left to resume. */
  onState?(state: UploadState | undefined): Promise<void>;
}

export interface ObjectGateway {
  bucketAnswers(bucket: string): Promise<boolean>;
  head(
    bucket: string,
    key: string,
  ): Promise<
    { size: number; etag: string; metadata: Record<string, string>; encryption?: string } | undefined
  >;
  upload(upload: ObjectUpload): Promise<void>;
  /** From the byte `start` on (default 0). */
  read(bucket: string, key: string, start?: number): Promise<AsyncIterable<Uint8Array>>;
  /** At most 1,000, in the order of their keys, behind `startAfter`. `lastModified`: epoch milliseconds. */
  list(
    bucket: string,
    prefix: string,
    startAfter?: string,
  ): Promise<{ key: string; size: number; etag: string; lastModified: number; storageClass: string }[]>;
}

export interface IdentityGateway {
  callerIdentity(): Promise<{ account: string; arn: string }>;
}

export interface LogEvent {
  /** Unique within its log group; absent in a live tail. */
  eventId?: string;
  /** The log group's name. */
  logGroup: string;
  logStream: string;
  /** Epoch milliseconds. */
  timestamp: number;
  message: string;
}
export interface LiveTailUpdate {
  events: LogEvent[];
  /** More than 500 lines came in that second: some are left out. */
  sampled: boolean;
}

export interface LogsGateway {
  /** Pages by time; some may be empty. Times: epoch milliseconds, both inclusive. FlowError 3: no such log group. */
  filterPages(filter: {
    logGroup: string;
    startTime?: number;
    endTime?: number;
    filterPattern?: string;
    logStreamNames?: string[];
  }): AsyncIterable<LogEvent[]>;
  /** One update a second, until `signal` fires or AWS ends the session after three hours. Costs by the minute. */
  liveTail(tail: {
    logGroupArns: string[];
    filterPattern?: string;
    signal: AbortSignal;
  }): AsyncIterable<LiveTailUpdate>;
}

export interface FunctionGateway {
  /** The name of the log group that a function writes to, by name or ARN. */
  logGroup(functionName: string): Promise<string>;
  /** Environment variables of a Lambda function, by name or ARN. They may hold secrets: never print them. */
  environment(functionName: string): Promise<Record<string, string>>;
  /** What calls a function by itself: streams and queues. */
  eventSources(functionName: string): Promise<EventSource[]>;
  /** The same of all functions of the account. */
  eventSourceMappings(): Promise<EventSourceMapping[]>;
  /** Calls a function and waits for what it returns. `payload`: JSON text. FlowError 3: there is none. */
  invoke(functionName: string, payload: string): Promise<Invocation>;
}

export interface EventSourceMapping {
  /** Of the stream or the queue. */
  eventSourceArn: string;
  functionArn: string;
  /** JSON texts; one of them has to fit. */
  filters: string[];
}

export interface Invocation {
  statusCode: number;
  /** The function failed: `Unhandled`; `payload` then tells why. */
  functionError?: string;
  /** JSON text. */
  payload: string;
  /** The end of its log, at most 4 KB. */
  log?: string;
  requestId?: string;
}

export interface EventSource {
  arn: string;
  /** AWS's word: `Enabled`, `Disabled`, `Creating`, … */
  state: string;
  /** What became of the last record; `OK`, `No records processed`, or a problem. */
  lastResult?: string;
}

export interface PermissionGateway {
  /** The actions that a role or user may not do, by IAM's policy simulator. */
  refused(principalArn: string, actions: string[], resourceArns?: string[]): Promise<string[]>;
}

export interface StateMachineAlarm {
  name: string;
  /** `ExecutionsFailed`, … */
  metric: string;
  stateMachineArn: string;
  firing: boolean;
  /** Its actions are switched on. */
  enabled: boolean;
}

export interface AlarmGateway {
  /** The alarms on metrics of state machines. */
  ofStateMachines(): Promise<StateMachineAlarm[]>;
}

/** What CloudWatch counted of a state machine's executions in a time. */
export interface MachineMetrics {
  started: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  throttled: number;
  /** Milliseconds; undefined where nothing ended. */
  duration?: { p50: number; p95: number; p99: number };
  /** Oldest first; those without a count are left out. */
  series: { at: number; started: number; failed: number }[];
}

export interface MetricsGateway {
  /** Of each ARN with at least one data point. Times: epoch milliseconds. */
  ofStateMachines(
    arns: string[],
    range: { since: number; until: number; buckets: number },
  ): Promise<Map<string, MachineMetrics>>;
}

/** A row of a DynamoDB table, as plain values. */
export type TableItem = Record<string, unknown>;
/** The framework's tables: all have the key `pk` and `sk`. */
export interface TableKey extends TableItem {
  pk: string;
  sk: string;
}

export interface TableGateway {
  /** Consistent; undefined where there is none. */
  get(table: string, key: TableKey): Promise<TableItem | undefined>;
  /** Of any table: its partition key, and its sort key where it has one. FlowError 3: there is no such table */
  keyNames(table: string): Promise<string[]>;
  /** @param options `absent`: FlowError 5 where an item of this key has this attribute already */
  put(table: string, item: TableKey, options?: { absent?: string }): Promise<void>;
  /** In the order of `sk`; `reverse`: the last first. `where`: only those with this value; `only`: these attributes. */
  query(
    table: string,
    of: {
      pk: string;
      skPrefix?: string;
      reverse?: boolean;
      where?: { name: string; value: string };
      only?: string[];
    },
  ): AsyncIterable<TableItem>;
  /** Sets attributes of an item that is there; FlowError 5 where it is not. */
  update(table: string, key: TableKey, values: TableItem): Promise<void>;
}

/** Queues are looked at, and never consumed. */
export interface QueueGateway {
  /** FlowError 3: there is no such queue. The numbers are approximate. */
  describe(url: string): Promise<{ waiting: number; inFlight: number; deadLetterArn?: string }>;
  /** URL of a queue by its ARN. */
  url(arn: string): Promise<string>;
  /** Bodies of messages that wait, which stay there. Each look counts as a delivery: for dead letters only. */
  peek(url: string, atMost: number): Promise<string[]>;
}

/** The services of one target. Each getter makes (and loads) its client at first use. */
export interface Gateways {
  readonly states: StepFunctionsGateway;
  readonly objects: ObjectGateway;
  readonly identity: IdentityGateway;
  readonly functions: FunctionGateway;
  readonly logs: LogsGateway;
  readonly tables: TableGateway;
  readonly queues: QueueGateway;
  readonly permissions: PermissionGateway;
  readonly alarms: AlarmGateway;
  readonly metrics: MetricsGateway;
}
