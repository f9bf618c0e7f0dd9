import { FlowError } from '../../errors.js';
import type { JobState } from '../../framework/import/job-state.js';
import type { ImportMachine } from '../../framework/import/machine.js';
import { isPlaced, type RowCounts, type RowFailure } from '../../framework/import/row-ledger.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import type { Failure } from '../../workflow/history/execution-model.js';
import { accountRows } from './account-rows.js';
import { type CheckedFile, problemCount } from './check-file.js';
import { readJob } from './job-record.js';
import type { QueuedFates, QueuedSurroundings } from './queued/follow-queued.js';
import { type Following, rowsToEnd, type Until } from './queued/rows-to-end.js';
import { failedRows, toldLines } from './select-rows.js';

export interface ImportResult {
  executionArn: string;
  status: string;
  failure?: Failure;
  rows: RowCounts;
  /** By the lines that people know. */
  failures: RowFailure[];
  /** Where the failed rows were written, or why they could not be. */
  failedRowsFile?: string;
  failedRowsError?: string;
  /** How many problems of the file it went on with. */
  problems: number;
  /** How far queued rows were followed, and why not to their end. */
  until: Until;
  why?: string;
  /** The framework's job as its record says (then with its id), or as the machine's last step does. */
  job?: JobState & { id?: string };
  durationSeconds: number;
}

/** A file for the rows that failed. */
export interface FailedRowsFile {
  path: string;
  write(rows: AsyncIterable<Uint8Array>): Promise<void>;
}

/** An import whose execution has ended. */
export interface EndedImport {
  executionArn: string;
  status: string;
  failure?: Failure;
  file: CheckedFile;
  machine: ImportMachine;
  mapRun: MapRunDescription | undefined;
  jobId?: string;
  /** The record of its job, where there is one. */
  record?: { table: string; id: string };
  /** Epoch milliseconds. */
  startedAt: number;
  stoppedAt: number;
}

interface Surroundings extends Omit<QueuedSurroundings, 'onProgress'> {
  /** Told of each batch that had to be asked for by itself. */
  onBatch?(batches: number): void;
  /** Of so many rows that were queued. */
  onStoring?(fates: QueuedFates, rows: number): void;
  /** It ended some time ago: nothing is waited for. */
  once?: boolean;
}

/** What became of every row, to their data rows where that is wanted; those that failed go into a file. */
export async function importResult(
  ended: EndedImport,
  following: Following,
  around: Surroundings,
  failedRowsFile?: FailedRowsFile,
): Promise<ImportResult> {
  const { executionArn, status, failure, file, jobId, record, startedAt, stoppedAt } = ended;
  const { gateways, clock, once = false, onBatch, onStoring } = around;
  const refused = await accountRows(gateways, { ...ended, onBatch, ...(!once && { clock }) });
  const { counts, failures, until, why } = await rowsToEnd(
    refused,
    { ...ended, jobId, since: startedAt },
    following,
    { ...around, onProgress: (fates) => onStoring?.(fates, refused.counts.queued) },
  );
  const recorded = record && (await knownJob(gateways, record));
  const job = recorded ? { ...recorded, id: jobId } : refused.job;
  return {
    executionArn,
    status,
    failure,
    rows: counts,
    failures: toldLines(failures, file.source),
    ...(failedRowsFile && (await keepFailedRows(ended, failures, failedRowsFile))),
    problems: problemCount(file),
    until,
    why,
    ...(job && { job }),
    durationSeconds: (stoppedAt - startedAt) / 1000,
  };
}

/** What the record says at the end; undefined where it can't be read any more. */
export async function knownJob(
  gateways: Gateways,
  { table, id }: NonNullable<EndedImport['record']>,
): Promise<JobState | undefined> {
  try {
    return await readJob(gateways, table, id);
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}

/** A full disk does not hide the outcome. */
async function keepFailedRows(
  { file, machine }: EndedImport,
  failures: RowFailure[],
  { path, write }: FailedRowsFile,
): Promise<Pick<ImportResult, 'failedRowsFile' | 'failedRowsError'>> {
  if (failures.length === 0) return {};
  if (!failures.some(isPlaced)) return { failedRowsError: 'it is not known which rows failed' };
  try {
    await write(failedRows(file, machine.reader, failures));
    return { failedRowsFile: path };
  } catch (error) {
    return { failedRowsError: (error as Error).message };
  }
}
