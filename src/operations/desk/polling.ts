import type { ExecutionSummary } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import type { PausedSearch } from '../pending/paused-search.js';
import type { Pace } from './call-budget.js';
import type { DeskData, DeskJob } from './snapshot.js';

/** What somebody looks at: it is looked at first. */
export interface Attention {
  list: 'executions' | 'paused' | 'jobs' | 'machines';
  stateMachineArn?: string;
  /** Executions that are on the screen. */
  visible: readonly ExecutionSummary[];
  /** Executions are searched by what only their inputs and failures tell. */
  searching: boolean;
  /** Somebody looks at executions that began at this time (epoch milliseconds); -Infinity: at the end of the list. */
  reaching?: number;
}

export interface LookingAround {
  /** All its calls wait for `pace.background`. */
  states: PausedSearch['states'];
  pace: Pace;
  memory?: PausedSearch['memory'];
  serverNow?(): Promise<number>;
  /** One machine only. */
  stateMachineArn?: string;
  /** Imports and batches, where the target has them. @throws FlowError that says why not */
  readJobs(): Promise<DeskJob[]>;
  attention(): Attention;
  /** Executions of a machine that a whole look reads; default: what costs one call. */
  page?: number;
  /** Nobody waits for a service that does not answer: that is an error, as long as nothing is known. */
  once?: boolean;
  clock: Clock;
  signal: AbortSignal;
}

/** A desk's looks around a target. */
export interface LookAround {
  /** What is known, whenever that has changed, until `signal` fires. Calls that fail are repeated; their reason is told. */
  data(): AsyncGenerator<DeskData>;
  /**
   * Something was done to an execution: it is looked at again at once. `stepped`: it took a step by itself, and what is
   * known of its paused steps holds until it was read.
   */
  touch(
    execution: Pick<ExecutionSummary, 'executionArn' | 'stateMachineArn'>,
    how?: 'answered' | 'stepped',
  ): void;
  /** Anything may have changed, or (`machines`) which machines there are: that is looked at again at once. */
  touchAll(what: 'machines' | 'everything'): void;
}
