import type Database from 'libsql';
import type { Effect, MapRunSpec } from '../../../asl/engine/protocol.js';
import { isObject } from '../../../json/json.js';
import { jsonText, parseOwn } from '../../../json/lossless.js';
import { executionArn, expressArn, resourceOf, stateMachineArn } from '../../arns.js';
import type { Store } from '../../store/port.js';
import { statement } from '../../store/statements.js';
import type { MapRunRow } from '../execution-tables.js';
import type { LiveExecution, NewExecution } from '../live-execution.js';
import { nameUuid } from '../tokens.js';
import type { ChildInput } from './items.js';
import { type MapRunProgress, noProgress, sum } from './progress.js';

/** A map run in memory. */
export interface MapRun {
  id: number;
  arn: string;
  /** Absent when the process died between its end and that of the map run. */
  parent: LiveExecution | undefined;
  taskId: number;
  spec: MapRunSpec;
  /** Definition of the children, JSON text. */
  definition: string;
  progress: MapRunProgress;
  /** Children whose end is durable; `progress` runs ahead of the disk by a group commit. */
  settled: number;
  /** Children whose start is not durable yet. */
  starting: number;
  /** Of the inputs of running children. */
  bytesUnderWay: number;
  /** Why it ends badly; set once. */
  failure?: { error: string; cause: string };
  stopped: boolean;
  finishing: boolean;
  /** Wakes the dispatcher when a child has ended. */
  wake: () => void;
  /** Time is not skipped while items are read. */
  letClockGo: () => void;
}

type MapRunEffect = Extract<Effect, { type: 'StartMapRun' | 'RedriveMapRun' }>;

export function begunRun(id: number, parent: LiveExecution, effect: MapRunEffect): MapRun {
  const { mapRunArn: arn, taskId, spec } = effect;
  return mapRun(parent, { id, arn, taskId, spec, progress: noProgress() });
}

export function resumedRun(parent: LiveExecution | undefined, row: MapRunRow): MapRun {
  return mapRun(parent, {
    id: row.id,
    arn: row.arn,
    taskId: row.task_id,
    spec: parseOwn(row.spec) as unknown as MapRunSpec,
    progress: JSON.parse(row.progress) as MapRunProgress,
  });
}

function mapRun(
  parent: LiveExecution | undefined,
  known: Pick<MapRun, 'id' | 'arn' | 'taskId' | 'spec' | 'progress'>,
): MapRun {
  const { ProcessorConfig: _, ...definition } = isObject(known.spec.itemProcessor)
    ? known.spec.itemProcessor
    : {};
  return {
    ...known,
    parent,
    definition: jsonText(definition),
    settled: sum(known.progress.ended.children),
    starting: 0,
    bytesUnderWay: 0,
    stopped: false,
    finishing: false,
    wake: () => {},
    letClockGo: () => {},
  };
}

export function insertRun(db: Database.Database, run: MapRun, startDate: number): void {
  statement(
    db,
    `INSERT INTO map_runs (id, arn, execution_id, task_id, spec, status, start_date, progress)
     VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?)`,
  ).run(
    run.id,
    run.arn,
    run.parent?.row.id,
    run.taskId,
    jsonText(run.spec),
    startDate,
    JSON.stringify(run.progress),
  );
}

/** Within a unit of work; of those in one transaction the last one's is written. @param text JSON of MapRunProgress */
export function saveProgress(store: Store, run: MapRun, text: string): void {
  const last = store.gathered(
    run,
    () => ({ text }),
    (db, { text }) => statement(db, 'UPDATE map_runs SET progress = ? WHERE id = ?').run(text, run.id),
  );
  last.text = text;
}

/** The execution of the child at `index`: its name follows from its place, so it is the same after a crash. */
export function childExecution(run: MapRun, index: number, { input, itemCount }: ChildInput): NewExecution {
  const { parent, spec } = run;
  // `mapRun:SM/label:uuid` gives the children their machine, `SM/label`.
  const machine = resourceOf(run.arn)?.[1] ?? '';
  const name = nameUuid(`${run.arn}#${index}`);
  return {
    arn:
      spec.executionType === 'EXPRESS'
        ? expressArn(machine, name, nameUuid(`${run.arn}#${index}#express`))
        : executionArn(machine, name),
    name,
    machineArn: stateMachineArn(machine),
    machineName: machine,
    type: spec.executionType,
    roleArn: parent?.row.role_arn ?? '',
    definition: run.definition,
    input,
    testCase: parent?.row.test_case ?? undefined,
    child: {
      mapRunId: run.id,
      index,
      itemCount,
      configurationId: parent?.row.configuration_id ?? null,
    },
  };
}
