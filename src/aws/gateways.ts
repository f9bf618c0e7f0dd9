import type { ExecutionStatus } from '../asl/execution.js';
import type { HistoryEvent } from '../asl/history-event.js';

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
  logGroupArn?: string;
}
export interface ExecutionSummary {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus | 'PENDING_REDRIVE';
  startDate: Date;
  stopDate?: Date;
}
export interface ExecutionDescription extends ExecutionSummary {
  input?: string;
  output?: string;
  error?: string;
  cause?: string;
  redriveCount?: number;
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
}

export interface StepFunctionsGateway {
  listStateMachines(): AsyncIterable<StateMachineSummary>;
  describeStateMachine(arn: string): Promise<StateMachineDescription>;
  describeStateMachineForExecution(executionArn: string): Promise<StateMachineDescription>;
  startExecution(start: {
    stateMachineArn: string;
    name?: string;
    input: string;
  }): Promise<{ executionArn: string; startDate: Date }>;
  stopExecution(executionArn: string, why?: { error?: string; cause?: string }): Promise<{ stopDate: Date }>;
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
    options?: { reverse?: boolean; includeExecutionData?: boolean; pageSize?: number },
  ): AsyncIterable<HistoryEvent[]>;
  listMapRuns(executionArn: string): AsyncIterable<{ mapRunArn: string; startDate: Date; stopDate?: Date }>;
  describeMapRun(mapRunArn: string): Promise<MapRunDescription>;
}

export interface ObjectGateway {
  bucketAnswers(bucket: string): Promise<boolean>;
  head(bucket: string, key: string): Promise<{ size: number; etag: string } | undefined>;
  /** Multipart above one part; parts are aborted when it fails or `signal` fires. */
  upload(upload: {
    bucket: string;
    key: string;
    body: AsyncIterable<Uint8Array>;
    size: number;
    contentType: string;
    signal?: AbortSignal;
    onProgress?: (uploadedBytes: number) => void;
  }): Promise<void>;
  read(bucket: string, key: string): Promise<AsyncIterable<Uint8Array>>;
  /** At most 1,000, in the order of their keys. */
  list(bucket: string, prefix: string): Promise<{ key: string; size: number }[]>;
}

export interface IdentityGateway {
  callerIdentity(): Promise<{ account: string; arn: string }>;
}

export interface FunctionGateway {
  /** Environment variables of a Lambda function, by name or ARN. They may hold secrets: never print them. */
  environment(functionName: string): Promise<Record<string, string>>;
}

/** The services of one target. Each getter makes (and loads) its client at first use. */
export interface Gateways {
  readonly states: StepFunctionsGateway;
  readonly objects: ObjectGateway;
  readonly identity: IdentityGateway;
  readonly functions: FunctionGateway;
}
