import type { MapRunSpec } from '../../asl/execution.js';
import type { HistoryEvent } from '../../asl/history-event.js';
import type { JsonObject } from '../../asl/json.js';
import type { MapRunProgress } from '../runtime/map-run-progress.js';
import type { ExecutionRow, MapRunRow, StateMachineRow } from '../runtime/tables.js';

/** Rows as the API's answers show them. Times are epoch seconds on this wire; what is absent has no key. */

export const seconds = (milliseconds: number): number => milliseconds / 1000;

export function stateMachineItem(row: StateMachineRow): JsonObject {
  return {
    stateMachineArn: row.arn,
    name: row.name,
    type: row.type,
    creationDate: seconds(row.creation_date),
  };
}

export function stateMachineDescription(row: StateMachineRow): JsonObject {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = JSON.parse(
    row.configuration,
  ) as Record<string, JsonObject | undefined>;
  return {
    ...stateMachineItem(row),
    status: 'ACTIVE',
    definition: row.definition,
    roleArn: row.role_arn,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false, ...loggingConfiguration },
    tracingConfiguration: { enabled: false, ...tracingConfiguration },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY', ...encryptionConfiguration },
    ...(row.revision_id !== null && { revisionId: row.revision_id }),
  };
}

export function executionItem(row: ExecutionRow, mapRunArn?: string): JsonObject {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine_arn,
    name: row.name,
    status: row.status,
    startDate: seconds(row.start_date),
    ...(row.stop_date !== null && { stopDate: seconds(row.stop_date) }),
    ...(mapRunArn !== undefined && { mapRunArn, itemCount: row.item_count ?? 1 }),
    redriveCount: 0,
  };
}

export function executionDescription(row: ExecutionRow, mapRunArn?: string): JsonObject {
  const { itemCount: _, ...item } = executionItem(row, mapRunArn);
  const redrivable = ['FAILED', 'ABORTED', 'TIMED_OUT'].includes(row.status);
  return {
    ...item,
    input: row.input,
    inputDetails: { included: true },
    ...(row.output !== null && { output: row.output, outputDetails: { included: true } }),
    ...(row.error !== null && { error: row.error }),
    ...(row.cause !== null && { cause: row.cause }),
    redriveStatus: redrivable
      ? row.map_run_id === null
        ? 'REDRIVABLE'
        : 'REDRIVABLE_BY_MAP_RUN'
      : 'NOT_REDRIVABLE',
    ...(!redrivable && { redriveStatusReason: `Execution is ${row.status} and cannot be redriven` }),
  };
}

export function mapRunItem(row: MapRunRow, executionArn: string, stateMachineArn: string): JsonObject {
  return {
    executionArn,
    mapRunArn: row.arn,
    stateMachineArn,
    startDate: seconds(row.start_date),
    ...(row.stop_date !== null && { stopDate: seconds(row.stop_date) }),
  };
}

export function mapRunDescription(row: MapRunRow, executionArn: string): JsonObject {
  const spec = JSON.parse(row.spec) as MapRunSpec;
  const progress = JSON.parse(row.progress) as MapRunProgress;
  const written = row.status !== 'RUNNING' && spec.resultWriter?.bucket !== undefined;
  const counts = (given: number, total: number, ended: MapRunProgress['ended']['items']): JsonObject => {
    const done = ended.succeeded + ended.failed + ended.timedOut + ended.aborted;
    return {
      pending: total - given,
      running: given - done,
      ...ended,
      total,
      resultsWritten: written ? done : 0,
      failuresNotRedrivable: 0,
      pendingRedrive: 0,
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
    itemCounts: counts(
      progress.items,
      Math.max(progress.items, progress.readAll ? 0 : (progress.total ?? 0)),
      progress.ended.items,
    ),
    executionCounts: counts(progress.children, progress.children, progress.ended.children),
    redriveCount: 0,
  };
}

const dataKeys = new Set([
  'input',
  'output',
  'parameters',
  'inputDetails',
  'outputDetails',
  'error',
  'cause',
]);

/** @param withData false leaves inputs, outputs and causes out, as `includeExecutionData: false` asks. */
export function historyEvent(event: HistoryEvent, withData: boolean): JsonObject {
  const wire: Record<string, unknown> = { ...event, timestamp: seconds(event.timestamp) };
  if (!withData) {
    for (const [key, details] of Object.entries(wire)) {
      if (!key.endsWith('EventDetails') || typeof details !== 'object' || details === null) continue;
      wire[key] = Object.fromEntries(Object.entries(details).filter(([name]) => !dataKeys.has(name)));
    }
  }
  return wire as JsonObject;
}
