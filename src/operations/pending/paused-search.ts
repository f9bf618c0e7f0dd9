import type { LogsGateway, StepFunctionsGateway } from '../../ports/aws.js';
import type { ExecutionMemory } from '../../ports/execution-memory.js';

export interface PausedSearch {
  states: Pick<
    StepFunctionsGateway,
    | 'listStateMachines'
    | 'describeStateMachine'
    | 'describeStateMachineForExecution'
    | 'listExecutions'
    | 'historyPages'
    | 'describeExecution'
  >;
  memory: ExecutionMemory;
  /** Where it may be read instead of histories: without tokens, and some seconds late. */
  logs?: Pick<LogsGateway, 'filterPages'>;
  /** One machine only. */
  stateMachineArn?: string;
  /** One execution only (and its map runs). */
  executionArn?: string;
  /** These request ids only: executions that are known to be others' are not read again. */
  requestIds?: ReadonlySet<string>;
  /** Reads all, also machines whose definition has no wait. */
  deep: boolean;
  now(): number;
  /** The time where the executions are, which a local server may have moved. Without it nothing is taken as asleep. */
  serverNow?(): Promise<number>;
  signal: AbortSignal;
  onProgress(progress: ScanProgress): void;
  /** So many executions were read from logs. */
  onLogged?(executions: number): void;
}

export interface ScanProgress {
  read: number;
  total: number;
}
