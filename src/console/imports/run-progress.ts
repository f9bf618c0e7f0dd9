import { noRows } from '../../framework/import/row-ledger.js';
import type { ImportEvent } from '../../operations/import/import-file.js';
import type { ImportResult } from '../../operations/import/import-result.js';
import type { ZipResult } from '../../operations/import/zip/run-zip.js';
import { isGood, rowReasons } from '../../views/import/import.js';
import { isGoodZip } from '../../views/import/zip.js';
import { mapRunProgress } from '../../views/states/map-progress.js';
import { failureText } from '../../workflow/failure/cause.js';
import type { ImportRunRow } from '../api.js';

/** Reasons that are shown in the row. */
const GROUPS = 20;

/** What of a run's row a step of its import changes. */
export function newsOf(step: ImportEvent, now: number): Partial<ImportRunRow> {
  switch (step.type) {
    case 'uploading':
      return { phase: 'uploading', bytes: { done: step.bytes, total: step.total } };
    case 'waiting':
      return { phase: 'starting', jobId: step.jobId };
    case 'starting':
      return { phase: 'starting' };
    case 'started':
      return { phase: 'running', executionArn: step.executionArn };
    case 'running': {
      const { succeeded, failed, rate } = mapRunProgress(step.mapRun, now);
      const { mapRunArn } = step.mapRun;
      return { phase: 'running', mapRunArn, progress: { succeeded, failed, rate: rate ?? null } };
    }
    case 'storing':
      return { phase: 'storing', stored: { done: step.fates.stored, of: step.rows } };
    case 'accounting':
      return { phase: 'accounting' };
    default:
      return {};
  }
}

export function endOf(result: ImportResult): Partial<ImportRunRow> {
  const { executionArn, status, rows, failures, failure, durationSeconds, job, until } = result;
  return {
    phase: 'ended',
    executionArn,
    end: {
      good: isGood(result),
      status: job?.status === 'FAILED' && status === 'SUCCEEDED' ? 'FAILED' : status,
      rows,
      until,
      durationSeconds,
      ...(failure && { why: failureText(failure.error, failure.cause) }),
      ...(job?.id !== undefined && { jobId: job.id }),
      groups: rowReasons(failures)
        .slice(0, GROUPS)
        .map(({ reason, kind, count, examples }) => ({ reason, kind, count, lines: examples.map(lineOf) })),
    },
  };
}

const lineOf = (failure: ImportResult['failures'][number]): number | null =>
  'line' in failure ? failure.line : (failure.firstLine ?? null);

/** Of a ZIP: what its files say is said there. */
export function endOfZip(result: ZipResult): Partial<ImportRunRow> {
  const { executionArn, status, failure, job, files } = result;
  const ends = files.flatMap((file) => file.result ?? []);
  return {
    phase: 'ended',
    executionArn,
    end: {
      good: isGoodZip(result),
      status: job?.status === 'FAILED' ? 'FAILED' : status,
      rows: ends.map(({ rows }) => rows).reduce(added, noRows),
      until: ends.every(({ until }) => until === 'stored') ? 'stored' : 'queued',
      durationSeconds: ends.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      ...(failure && { why: failureText(failure.error, failure.cause) }),
      ...(job?.id !== undefined && { jobId: job.id }),
      groups: [],
    },
  };
}

/** A file of a ZIP that was not reached. */
export const notStarted: Partial<ImportRunRow> = {
  phase: 'ended',
  end: { good: false, status: 'NOT_STARTED', rows: null, until: 'queued', durationSeconds: 0, groups: [] },
};

const added = (sum: ImportResult['rows'], rows: ImportResult['rows']): ImportResult['rows'] => ({
  total: sum.total + rows.total,
  succeeded: sum.succeeded + rows.succeeded,
  failed: sum.failed + rows.failed,
  queued: sum.queued + rows.queued,
  failedLater: sum.failedLater + rows.failedLater,
  deadLettered: sum.deadLettered + rows.deadLettered,
  unknown: sum.unknown + rows.unknown,
});
