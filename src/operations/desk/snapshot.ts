import type { ExecutionSummary } from '../../ports/aws.js';
import type { NamedEvent } from '../../workflow/history/event-filter.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import type { ExplainedMapRun } from '../follow/explain-map-runs.js';

/** An execution of the list; what its input and its failure tell, once they have been read. */
export interface DeskExecution extends ExecutionSummary {
  machine: string;
  /** What one would type for it. */
  typed: string;
  requestId?: string;
  error?: string;
  /** The failure in a few words. */
  why?: string;
}

/** A paused step, without its token. */
export interface DeskStep {
  /** The same for the same wait. */
  key: string;
  requestId?: string;
  execution: ExecutionSummary;
  machine: string;
  stateName: string;
  iteration?: number;
  /** Epoch milliseconds, as all times here. */
  since: number;
  timeoutAt?: number;
  heartbeatAt?: number;
  /** JSON text of what was sent; its token is struck out. */
  asked?: string;
  /** JSON text of the state's input; its token is struck out. */
  input?: string;
  /** `lambda:invoke.waitForTaskToken`: who has to answer. */
  waitsOn: string;
  answerable: boolean;
  /** Nothing at work will wake it. */
  stuck?: { reason: string };
}

/** An import or a batch of tasks. */
export interface DeskJob {
  /** What `import show` or `task show` takes. */
  key: string;
  kind: 'import' | 'batch';
  name: string;
  status: string;
  startedAt: number;
  total?: number;
  done?: number;
  failed?: number;
  executionArn?: string;
}

export interface DeskMachine {
  stateMachineArn: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  /** Of the executions that are listed. */
  running: number;
  succeeded: number;
  failed: number;
  paused: number;
  /** Epoch milliseconds. */
  lastFailureAt?: number;
  lastFailure?: string;
}

/** A list, and when it was looked at; undefined: not yet. */
export interface Looked<T> {
  rows: readonly T[];
  at?: number;
  /** There are more than are kept. */
  more?: boolean;
  /** Not all was looked at yet: so many executions of so many. */
  reading?: { read: number; of: number };
  /** Why there is nothing to see. */
  missing?: string;
}

/** What a desk knows at one moment. Lists are replaced when they change, never changed. */
export interface DeskData {
  executions: Looked<DeskExecution>;
  paused: Looked<DeskStep>;
  jobs: Looked<DeskJob>;
  machines: Looked<DeskMachine>;
  /** Calls of the last minute. */
  calls: number;
  /** When the service last said that it was too much. */
  throttledAt?: number;
  /** Why the last look failed; it is repeated. */
  trouble?: string;
}

/** An execution that was opened. */
export interface OpenedExecution {
  executionArn: string;
  model?: ExecutionModel;
  mapRuns: ExplainedMapRun[];
  /** The newest ones. */
  events: NamedEvent[];
  /** JSON texts of the whole input and output. */
  input?: string;
  output?: string;
  /** Why it can't be shown. */
  trouble?: string;
  /** The executions of its map runs that are of interest, by the run's ARN. */
  children: Map<string, Looked<DeskExecution>>;
  /** Log lines as text. */
  log?: string[];
  /** JSON text. */
  definition?: string;
}
