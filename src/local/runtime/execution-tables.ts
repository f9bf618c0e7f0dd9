import type Database from 'libsql';
import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import type { JsonObject } from '../../json/json.js';
import { packedText, unpackedText } from '../store/compression.js';
import { statement } from '../store/statements.js';
import type { TaskReference } from './tokens.js';

/** The tables of executions, their steps, and map runs, and the statements on them. */
export const runtimeSchema = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS definitions (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS executions (
  id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, machine_arn TEXT NOT NULL, machine_name TEXT NOT NULL,
  name TEXT NOT NULL, type TEXT NOT NULL, definition_id INTEGER NOT NULL, role_arn TEXT NOT NULL,
  map_run_id INTEGER, map_index INTEGER, item_count INTEGER, parent_task TEXT, test_case TEXT,
  status TEXT NOT NULL, start_date INTEGER NOT NULL, stop_date INTEGER,
  input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
  configuration_id INTEGER, version_arn TEXT, alias_arn TEXT, trace_header TEXT,
  redrive_count INTEGER NOT NULL DEFAULT 0, redrive_date INTEGER);
CREATE INDEX IF NOT EXISTS executions_by_machine ON executions (machine_arn, id) WHERE map_run_id IS NULL;
CREATE INDEX IF NOT EXISTS executions_by_map_run ON executions (map_run_id, map_index) WHERE map_run_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS executions_by_task ON executions (parent_task) WHERE parent_task IS NOT NULL;
CREATE INDEX IF NOT EXISTS executions_running ON executions (id) WHERE status = 'RUNNING';
CREATE TABLE IF NOT EXISTS steps (
  execution_id INTEGER NOT NULL, seq INTEGER NOT NULL, last_event INTEGER NOT NULL,
  stimulus TEXT NOT NULL, events TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS steps_of_execution ON steps (execution_id, seq);
CREATE TABLE IF NOT EXISTS redrives (execution_id INTEGER NOT NULL, token TEXT NOT NULL, redrive_date INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS redrives_of_execution ON redrives (execution_id, token);
CREATE TABLE IF NOT EXISTS map_runs (
  id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, execution_id INTEGER NOT NULL, task_id INTEGER NOT NULL,
  spec TEXT NOT NULL, status TEXT NOT NULL, start_date INTEGER NOT NULL, stop_date INTEGER,
  redrive_count INTEGER NOT NULL DEFAULT 0, redrive_date INTEGER, progress TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS map_runs_of_execution ON map_runs (execution_id, id);
`;

/** Steps from one format of these tables to the next; whoever adds a column to a table adds the step to it here. */
export const runtimeMigrations: string[] = [
  'ALTER TABLE executions ADD COLUMN parent_task TEXT; ALTER TABLE executions ADD COLUMN test_case TEXT',
  `ALTER TABLE executions ADD COLUMN configuration_id INTEGER;
   ALTER TABLE executions ADD COLUMN version_arn TEXT;
   ALTER TABLE executions ADD COLUMN alias_arn TEXT;
   ALTER TABLE executions ADD COLUMN trace_header TEXT;
   ALTER TABLE executions ADD COLUMN redrive_count INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE executions ADD COLUMN redrive_date INTEGER;
   ALTER TABLE state_machines ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE map_runs ADD COLUMN redrive_count INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE map_runs ADD COLUMN redrive_date INTEGER`,
  // Events have marks in them from here on (`packEvents`); those without are read as ever.
  'UPDATE map_runs SET id = id WHERE false',
  // Long texts and bytes are packed from here on (`packedText`).
  'ALTER TABLE s3_parts ADD COLUMN packed INTEGER',
];

/** A redrive is possible this long after the end, and for so many events: the redrive itself is one, too. */
export const mostAgeOfRedrive = 14 * 24 * 60 * 60 * 1000;
export const mostEventsOfRedrive = 24_999;

export interface ExecutionRow {
  id: number;
  arn: string;
  machine_arn: string;
  machine_name: string;
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  definition_id: number;
  role_arn: string;
  /** Set for the children of a map run: their place in it, and how many items they hold. */
  map_run_id: number | null;
  map_index: number | null;
  item_count: number | null;
  /** Key of the Task that started it: `executionId.taskId`, with `.sync` when the Task waits for its end. */
  parent_task: string | null;
  /** Of the mocks' file: the test case that it was started with. */
  test_case: string | null;
  /** `PENDING_REDRIVE`: a map run's child, until its turn comes. */
  status: ExecutionStatus | 'PENDING_REDRIVE';
  start_date: number;
  stop_date: number | null;
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
  /** The machine's configuration when it started: a text of `definitions`, `ConfigurationAtStart`. */
  configuration_id: number | null;
  version_arn: string | null;
  alias_arn: string | null;
  trace_header: string | null;
  redrive_count: number;
  redrive_date: number | null;
}

/** What DescribeStateMachineForExecution and the vended logs must know of the machine as it was. */
export interface ConfigurationAtStart {
  loggingConfiguration?: JsonObject;
  tracingConfiguration?: JsonObject;
  encryptionConfiguration?: JsonObject;
  revisionId?: string;
  /** Epoch milliseconds. */
  updateDate: number;
}

export interface MapRunRow {
  id: number;
  arn: string;
  execution_id: number;
  task_id: number;
  /** JSON of MapRunSpec. */
  spec: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  start_date: number;
  stop_date: number | null;
  redrive_count: number;
  redrive_date: number | null;
  /** JSON of MapRunProgress. */
  progress: string;
}

export interface StepRow {
  seq: number;
  last_event: number;
  stimulus: string;
  events: string;
}

/** Definitions and configurations are kept once, however many executions run them. */
export function textId(db: Database.Database, text: string): number {
  const found = statement(db, 'SELECT id FROM definitions WHERE text = ?').get(text) as
    | { id: number }
    | undefined;
  if (found) return found.id;
  return Number(statement(db, 'INSERT INTO definitions (text) VALUES (?)').run(text).lastInsertRowid);
}

export function textOf(db: Database.Database, id: number): string {
  return (statement(db, 'SELECT text FROM definitions WHERE id = ?').get(id) as { text: string }).text;
}

/** A row of `executions` as it is selected, its texts unpacked. */
export function executionOf(selected: unknown): ExecutionRow {
  const row = selected as ExecutionRow;
  row.input = unpackedText(row.input);
  row.output = unpackedText(row.output);
  return row;
}

const oneExecution = (selected: unknown): ExecutionRow | undefined =>
  selected === undefined ? undefined : executionOf(selected);

export const executionByArn = (db: Database.Database, arn: string): ExecutionRow | undefined =>
  oneExecution(statement(db, 'SELECT * FROM executions WHERE arn = ?').get(arn));

export const executionById = (db: Database.Database, id: number): ExecutionRow | undefined =>
  oneExecution(statement(db, 'SELECT * FROM executions WHERE id = ?').get(id));

/** A Task that starts an execution; `sync`: and waits for its end. */
export interface ParentTask extends TaskReference {
  sync: boolean;
}

export const parentKey = ({ executionId, taskId, sync }: ParentTask): string =>
  `${executionId}.${taskId}${sync ? '.sync' : ''}`;

/** The execution that a Task started. */
export const executionByTask = (db: Database.Database, parent: ParentTask): ExecutionRow | undefined =>
  oneExecution(statement(db, 'SELECT * FROM executions WHERE parent_task = ?').get(parentKey(parent)));

export function mapRunByArn(db: Database.Database, arn: string): MapRunRow | undefined {
  return statement(db, 'SELECT * FROM map_runs WHERE arn = ?').get(arn) as MapRunRow | undefined;
}

export function mapRunById(db: Database.Database, id: number): MapRunRow | undefined {
  return statement(db, 'SELECT * FROM map_runs WHERE id = ?').get(id) as MapRunRow | undefined;
}

export function insertExecution(db: Database.Database, row: ExecutionRow): void {
  statement(
    db,
    `INSERT INTO executions (id, arn, machine_arn, machine_name, name, type, definition_id, role_arn, map_run_id,
       map_index, item_count, parent_task, test_case, status, start_date, input, configuration_id, version_arn,
       alias_arn, trace_header)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    row.id,
    row.arn,
    row.machine_arn,
    row.machine_name,
    row.name,
    row.type,
    row.definition_id,
    row.role_arn,
    row.map_run_id,
    row.map_index,
    row.item_count,
    row.parent_task,
    row.test_case,
    row.status,
    row.start_date,
    packedText(row.input),
    row.configuration_id,
    row.version_arn,
    row.alias_arn,
    row.trace_header,
  );
}

/** What a redrive changes in its row. */
export function reopenExecution(db: Database.Database, row: ExecutionRow): void {
  statement(
    db,
    `UPDATE executions SET status = 'RUNNING', start_date = ?, stop_date = NULL, output = NULL, error = NULL,
       cause = NULL, redrive_count = ?, redrive_date = ? WHERE id = ?`,
  ).run(row.start_date, row.redrive_count, row.redrive_date, row.id);
}

export function endExecution(db: Database.Database, row: ExecutionRow): void {
  statement(
    db,
    'UPDATE executions SET status = ?, stop_date = ?, output = ?, error = ?, cause = ? WHERE id = ?',
  ).run(
    row.status,
    row.stop_date,
    row.output === null ? null : packedText(row.output),
    row.error,
    row.cause,
    row.id,
  );
}

export function insertStep(
  db: Database.Database,
  executionId: number,
  seq: number,
  stimulus: string,
  events: string,
  lastEvent: number,
): void {
  statement(
    db,
    'INSERT INTO steps (execution_id, seq, last_event, stimulus, events) VALUES (?, ?, ?, ?, ?)',
  ).run(executionId, seq, lastEvent, stimulus, events);
}

/** Epoch milliseconds of the latest thing that was recorded; 0 where nothing was. */
export function latestTime(db: Database.Database): number {
  const ends = statement(
    db,
    'SELECT max(max(start_date), coalesce(max(stop_date), 0), coalesce(max(redrive_date), 0)) AS at FROM executions',
  ).get() as { at: number | null };
  // A stimulus begins with its type and its time.
  const steps = statement(
    db,
    `SELECT substr(stimulus, 1, 200) AS head FROM steps
     WHERE rowid IN (SELECT max(steps.rowid) FROM steps JOIN executions ON executions.id = execution_id
                     WHERE status = 'RUNNING' GROUP BY execution_id)`,
  ).all() as { head: string }[];
  return steps.reduce(
    (latest, { head }) => Math.max(latest, Number(/"at":(\d+)/.exec(head)?.[1] ?? 0)),
    ends.at ?? 0,
  );
}

/** Where the written steps of an execution end: its next one, and its last event. */
export function lastStep(db: Database.Database, executionId: number): { seq: number; lastEvent: number } {
  return statement(
    db,
    'SELECT coalesce(max(seq) + 1, 0) AS seq, coalesce(max(last_event), 0) AS lastEvent FROM steps WHERE execution_id = ?',
  ).get(executionId) as { seq: number; lastEvent: number };
}

/** Steps of an execution in order, a page at a time, so that a long one is never in memory whole. */
export function* stepsOf(db: Database.Database, executionId: number): Generator<StepRow> {
  let after = -1;
  for (;;) {
    const page = statement(
      db,
      'SELECT seq, last_event, stimulus, events FROM steps WHERE execution_id = ? AND seq > ? ORDER BY seq LIMIT 200',
    ).all(executionId, after) as StepRow[];
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < 200) return;
    after = last.seq;
  }
}
