import type Database from 'libsql';
import type { QueryAnswer } from '../../asl/data/jsonata-query.js';
import type { StateMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Effect, Env, Evaluation, Stimulus } from '../../asl/engine/protocol.js';
import { createExecution, type Execution } from '../../asl/engine/transition.js';
import { type ExecutionRow, type ParentTask, parentKey } from './execution-tables.js';

export type StartMapRun = Extract<Effect, { type: 'StartMapRun' | 'RedriveMapRun' }>;
export type InvokeTask = Extract<Effect, { type: 'InvokeTask' }>;
/** A write that has to stand in the same transaction as a step. */
export type AlongWith = (db: Database.Database) => void;

/** An execution in memory: its row, the interpreter's state, and what is under way for it outside. */
export interface LiveExecution {
  row: ExecutionRow;
  execution: Execution;
  /** Steps written so far, and the last event in them. */
  seq: number;
  lastEvent: number;
  invocations: Map<number, AbortController>;
  timers: Map<number, () => void>;
  /** Tasks that somebody outside may answer at any time, with what lets the clock go on without them. */
  outside: Map<number, () => void>;
  /** Who waits for its end. */
  onEnd: (() => void)[];
  /** Writes its events to the log group of its machine, in the transaction of their step. */
  log?: (db: Database.Database, events: HistoryEvent[]) => void;
}

export interface NewExecution {
  arn: string;
  name: string;
  machineArn: string;
  machineName: string;
  type: 'STANDARD' | 'EXPRESS';
  roleArn: string;
  definition: string;
  /** JSON text. */
  input: string;
  child?: { mapRunId: number; index: number; itemCount: number; configurationId: number | null };
  /** The Task that starts it. */
  parentTask?: ParentTask;
  /** JSON text of ConfigurationAtStart. */
  configuration?: string;
  versionArn?: string;
  aliasArn?: string;
  traceHeader?: string;
  testCase?: string;
  /** Its caller waits for its end. */
  synchronous?: boolean;
}

/** Who carries out what an execution asks of the world outside it. */
export interface Performers {
  /** Calls the task's integration; the outcome comes back as a stimulus (none: it was delivered already). */
  invoke(task: InvokeTask, execution: ExecutionRow, signal: AbortSignal): Promise<Stimulus | undefined>;
  /** The task's integration answered (durably), and the task waits on. */
  submitted(parent: LiveExecution, taskId: number): void;
  /** Nobody waits for the task any more. */
  cancel(parent: LiveExecution, taskId: number): void;
  /** Has JSONata expressions evaluated. Never throws. */
  evaluate(evaluation: Evaluation): Promise<QueryAnswer[]>;
  startMapRun(parent: LiveExecution, effect: StartMapRun): Promise<void>;
  stopMapRun(mapRunArn: string): void;
  /** A child is about to end: the write that counts it, and what to do once that is durable. */
  childEnding(row: ExecutionRow): { along?: AlongWith; after: () => void } | undefined;
  /** What logs the execution's events, as its machine was configured when it started. */
  eventLog(db: Database.Database, row: ExecutionRow): NonNullable<LiveExecution['log']>;
}

/** What is written of an execution that starts; the ids of its texts are told once they are stored. */
export const rowOf = (start: NewExecution, id: number, now: number): ExecutionRow => ({
  id,
  arn: start.arn,
  machine_arn: start.machineArn,
  machine_name: start.machineName,
  name: start.name,
  type: start.type,
  definition_id: 0,
  role_arn: start.roleArn,
  map_run_id: start.child?.mapRunId ?? null,
  map_index: start.child?.index ?? null,
  item_count: start.child?.itemCount ?? null,
  parent_task: start.parentTask ? parentKey(start.parentTask) : null,
  test_case: start.testCase ?? null,
  status: 'RUNNING',
  start_date: now,
  stop_date: null,
  input: start.input,
  output: null,
  error: null,
  cause: null,
  configuration_id: start.child?.configurationId ?? null,
  version_arn: start.versionArn ?? null,
  alias_arn: start.aliasArn ?? null,
  trace_header: start.traceHeader ?? null,
  redrive_count: 0,
  redrive_date: null,
});

/** In memory, before any of its steps. */
export const enlivened = (
  row: ExecutionRow,
  machine: StateMachine,
  environment: Env,
  synchronous = false,
): LiveExecution => ({
  row,
  execution: createExecution(
    {
      executionArn: row.arn,
      name: row.name,
      roleArn: row.role_arn,
      stateMachineArn: row.machine_arn,
      stateMachineName: row.machine_name,
      type: row.type,
      startDate: row.start_date,
      input: row.input,
      // A map run writes the inputs of its children itself.
      inputIsWritten: row.map_run_id !== null,
      ...(row.version_arn !== null && { stateMachineVersionArn: row.version_arn }),
      ...(row.alias_arn !== null && { stateMachineAliasArn: row.alias_arn }),
      synchronous,
    },
    machine,
    environment,
  ),
  seq: 0,
  lastEvent: 0,
  invocations: new Map(),
  timers: new Map(),
  outside: new Map(),
  onEnd: [],
});
