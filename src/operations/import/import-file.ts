import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { patiently } from '../../ports/retry.js';
import type { Waits } from '../../ports/waits.js';
import { startUnlessThere } from '../execution/start-once.js';
import { followExecution } from '../follow/follow-execution.js';
import type { ImportJournal, JournalEntry } from './import-journal.js';
import { type FailedRowsFile, type ImportResult, importResult } from './import-result.js';
import { executionOfJob, writeJob } from './job-record.js';
import type { ImportPlan } from './plan-import.js';
import type { QueuedFates } from './queued/follow-queued.js';
import type { Following } from './queued/rows-to-end.js';
import { uploadFile } from './upload-file.js';

export type ImportEvent =
  | { type: 'uploading'; bytes: number; total: number }
  /** The object is in the bucket, whole. */
  | { type: 'uploaded' }
  /** The job record is being written, or the execution started: whether it was is known only afterwards. */
  | { type: 'starting' }
  /** The job record is written: the framework starts the execution, with us or without. */
  | { type: 'waiting'; jobId: string }
  | { type: 'started'; executionArn: string; former: boolean }
  | { type: 'running'; mapRun: MapRunDescription }
  | { type: 'accounting'; batches?: number }
  /** Of so many rows that were queued. */
  | { type: 'storing'; fates: QueuedFates; rows: number };

export interface ImportSurroundings {
  gateways: Gateways;
  journal: ImportJournal;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
  waits: Waits;
}

type Surroundings = ImportSurroundings & {
  /** Resolves when the event has been seen. */
  tell(event: ImportEvent): Promise<void>;
};

/**
 * Uploads the checked file and starts its execution, or goes on where a former run of the same import stopped: what
 * S3 has is not sent again, what was started is not started again.
 * @throws FlowError when the file is not what was checked; then, and on abort, no object is left behind
 */
export async function uploadAndStart(plan: ImportPlan, around: Surroundings): Promise<string> {
  const { journal, tell, gateways, signal } = around;
  let entry = plan.entry;
  const note = async (news: Partial<JournalEntry>): Promise<void> => {
    entry = { ...entry, ...news };
    await journal.write(plan.name, entry);
  };
  if (!plan.former) {
    await note({});
    await uploadFile(plan, {
      gateways,
      signal,
      onProgress: (bytes) => void tell({ type: 'uploading', bytes, total: plan.file.report.bytes }),
      onState: (upload) => note({ upload }),
    });
    await tell({ type: 'uploaded' });
  }
  const executionArn = plan.former ?? (await start(plan, around, note));
  await note({ executionArn, upload: undefined });
  await tell({ type: 'started', executionArn, former: plan.former !== undefined });
  return executionArn;
}

/** The outcome was told: who imports the same file again is told of it. */
export async function closeImport(
  plan: ImportPlan,
  executionArn: string,
  journal: ImportJournal,
): Promise<void> {
  await journal.write(plan.name, { key: plan.entry.key, executionArn, told: true });
}

async function start(
  plan: ImportPlan,
  around: Surroundings,
  note: (news: Partial<JournalEntry>) => Promise<void>,
): Promise<string> {
  const { gateways, clock, tell } = around;
  const { job, name, stateMachineArn } = plan;
  if (job) {
    await note({ jobId: job.id });
    await tell({ type: 'starting' });
    const { arn: who } = await gateways.identity.callerIdentity();
    const by = { who, now: clock.now(), requestId: name };
    await patiently(around, () => writeJob(gateways, job, job.id, by));
    await tell({ type: 'waiting', jobId: job.id });
    return await executionOfJob(job, stateMachineArn, around);
  }
  await tell({ type: 'starting' });
  const start = { stateMachineArn, name, input: JSON.stringify(plan.input) };
  // Between the plan and now the same import may have been started elsewhere.
  const former = (executionArn: string) => ({ executionArn });
  return (await patiently(around, () => startUnlessThere(gateways.states, start, former))).executionArn;
}

/**
 * Follows the execution to its end and accounts for every row, to their data rows where that is wanted; undefined when
 * `signal` fired before the execution's end.
 */
export async function followImport(
  plan: ImportPlan,
  executionArn: string,
  following: Following,
  around: Surroundings,
  failedRowsFile?: FailedRowsFile,
): Promise<ImportResult | undefined> {
  const { gateways, clock, pollMilliseconds, signal, tell } = around;
  const began = clock.now();
  let mapRuns: MapRunDescription[] = [];
  const model = await followExecution(gateways.states, executionArn, {
    signal,
    clock,
    pollMilliseconds,
    onUpdate(_model, runs) {
      mapRuns = runs;
      const mapRun = runs.at(-1);
      if (mapRun) void tell({ type: 'running', mapRun });
    },
  });
  if (model.status === 'RUNNING') return undefined;
  await tell({ type: 'accounting' });
  const { status, failure, startedAt = began, stoppedAt = clock.now() } = model;
  const jobId = plan.job?.id ?? plan.input.sourceId;
  return await importResult(
    { ...plan, executionArn, status, failure, mapRun: mapRuns.at(-1), jobId, startedAt, stoppedAt },
    following,
    {
      ...around,
      onBatch: (batches) => void tell({ type: 'accounting', batches }),
      onStoring: (fates, rows) => void tell({ type: 'storing', fates, rows }),
    },
    failedRowsFile,
  );
}
