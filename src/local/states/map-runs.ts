import type { MapRunSpec } from '../../asl/engine/protocol.js';
import type { JsonObject } from '../../json/json.js';
import { executionById, type MapRunRow } from '../runtime/execution-tables.js';
import { type MapRunProgress, sum } from '../runtime/map-runs/progress.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { existingExecution, existingMapRun } from './existing-resources.js';
import { invalid, page, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

export async function listMapRuns(context: StatesContext, input: Input<'ListMapRuns'>): Promise<JsonObject> {
  const { executionArn } = input;
  const row = existingExecution(context, executionArn);
  const { rows, ...more } = page(
    context,
    `mapRuns ${executionArn}`,
    input,
    (db, after = 0, count) =>
      statement(db, 'SELECT * FROM map_runs WHERE execution_id = ? AND id > ? ORDER BY id LIMIT ?').all(
        row.id,
        after,
        count,
      ) as MapRunRow[],
    (run) => run.id,
  );
  const mapRuns = rows.map((run) => ({
    executionArn,
    mapRunArn: run.arn,
    stateMachineArn: row.machine_arn,
    startDate: seconds(run.start_date),
    ...(run.stop_date !== null && { stopDate: seconds(run.stop_date) }),
  }));
  return { mapRuns, ...more };
}

export async function describeMapRun(
  context: StatesContext,
  { mapRunArn }: Input<'DescribeMapRun'>,
): Promise<JsonObject> {
  const row = existingMapRun(context, mapRunArn);
  const parent = context.store.read((db) => executionById(db, row.execution_id));
  return mapRunDescription(row, parent?.arn ?? '');
}

/** A limit takes effect with the next child that could start or the next item that fails. */
export async function updateMapRun(
  context: StatesContext,
  { mapRunArn, ...limits }: Input<'UpdateMapRun'>,
): Promise<JsonObject> {
  const row = existingMapRun(context, mapRunArn);
  if (!(await context.mapRuns.update(row.arn, limits)))
    throw invalid('Map Run has finished and cannot be updated');
  return {};
}

function mapRunDescription(row: MapRunRow, executionArn: string): JsonObject {
  const spec = JSON.parse(row.spec) as MapRunSpec;
  const progress = JSON.parse(row.progress) as MapRunProgress;
  const written = row.status !== 'RUNNING' && spec.resultWriter?.bucket !== undefined;
  const counts = (of: 'children' | 'items', total: number): JsonObject => {
    const ended = progress.ended[of];
    const done = sum(ended);
    const pendingRedrive = progress.pendingRedrive?.[of] ?? 0;
    return {
      pending: total - progress[of],
      running: progress[of] - done - pendingRedrive,
      ...ended,
      total,
      resultsWritten: written ? done : 0,
      failuresNotRedrivable: progress.notRedrivable?.[of] ?? 0,
      pendingRedrive,
    };
  };
  return {
    mapRunArn: row.arn,
    executionArn,
    status: row.status,
    startDate: seconds(row.start_date),
    ...(row.stop_date !== null && { stopDate: seconds(row.stop_date) }),
    maxConcurrency: spec.maxConcurrency,
    toleratedFailureCount: spec.toleratedFailureCount,
    toleratedFailurePercentage: spec.toleratedFailurePercentage,
    itemCounts: counts('items', Math.max(progress.items, progress.readAll ? 0 : (progress.total ?? 0))),
    executionCounts: counts('children', progress.children),
    redriveCount: row.redrive_count,
    ...(row.redrive_date !== null && { redriveDate: seconds(row.redrive_date) }),
  };
}
