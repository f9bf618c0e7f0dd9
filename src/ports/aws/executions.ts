import type { ExecutionStatus } from '../../asl/engine/protocol.js';

export interface ExecutionSummary {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus | 'PENDING_REDRIVE';
  startDate: Date;
  stopDate?: Date;
  redriveCount?: number;
  /** Of one that was started by a version of its machine, or by an alias. */
  stateMachineVersionArn?: string;
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
