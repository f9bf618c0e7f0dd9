import { createHash } from 'node:crypto';
import { createTranscoder } from '../../csv/transcode.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { RowCounts, RowFailure } from '../../framework/import/row-ledger.js';
import type { Gateways, MapRunDescription, UploadState } from '../../ports/aws.js';
import type { Waits } from '../../ports/waits.js';
import type { Failure } from '../../workflow/history/model.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { followExecution } from '../follow/follow-execution.js';
import { patiently } from '../pace/retry.js';
import { accountRows } from './account-rows.js';
import { fileChanged } from './check-file.js';
import type { ImportJournal, JournalEntry } from './import-journal.js';
import { executionOfJob, type JobState, writeJob } from './job-record.js';
import type { ImportPlan } from './plan-import.js';

export interface ImportResult {
  executionArn: string;
  status: string;
  failure?: Failure;
  rows: RowCounts;
  failures: RowFailure[];
  /** What the machine's last step made of the framework's job, where it has one. */
  job?: JobState;
  durationSeconds: number;
}

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
  | { type: 'accounting'; batches?: number };

export interface Surroundings {
  gateways: Gateways;
  journal: ImportJournal;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  signal: AbortSignal;
  waits: Waits;
  onEvent(event: ImportEvent): void;
}

/**
 * Uploads the checked file and starts its execution, or goes on where a former run of the same import stopped: what
 * S3 has is not sent again, what was started is not started again.
 * @throws FlowError when the file is not what was checked; then, and on abort, no object is left behind
 */
export async function uploadAndStart(plan: ImportPlan, around: Surroundings): Promise<string> {
  const { journal, onEvent } = around;
  let entry = plan.entry;
  const note = async (news: Partial<JournalEntry>): Promise<void> => {
    entry = { ...entry, ...news };
    await journal.write(plan.name, entry);
  };
  if (!plan.former) {
    await note({});
    await upload(plan, around, entry.upload, (state) => note({ upload: state }));
    onEvent({ type: 'uploaded' });
  }
  const executionArn = plan.former ?? (await start(plan, around, note));
  await note({ executionArn, upload: undefined });
  onEvent({ type: 'started', executionArn, former: plan.former !== undefined });
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

async function upload(
  plan: ImportPlan,
  { gateways, onEvent, signal }: Surroundings,
  resume: UploadState | undefined,
  onState: (state: UploadState | undefined) => Promise<void>,
): Promise<void> {
  const { bucket, encryption } = plan;
  const { key } = plan.entry;
  if (await isUploaded(gateways, plan)) return;
  const total = plan.file.report.bytes;
  await gateways.objects.upload({
    bucket,
    key,
    body: () => uploadedBytes(plan),
    size: total,
    contentType: 'text/csv; charset=utf-8',
    metadata: { 'mbc-flow-content': plan.contentId },
    encryption,
    signal,
    onProgress: (bytes) => onEvent({ type: 'uploading', bytes, total }),
    resume,
    onState,
  });
}

async function isUploaded(
  { objects }: Gateways,
  { bucket, entry, contentId, encryption }: ImportPlan,
): Promise<boolean> {
  try {
    const head = await objects.head(bucket, entry.key);
    const asWanted = !encryption || head?.encryption === encryption.algorithm;
    return asWanted && head?.metadata['mbc-flow-content'] === contentId;
  } catch (error) {
    // Who may write an object need not be allowed to look at it.
    if (error instanceof FlowError && error.exitCode === exitCodes.denied) return false;
    throw error;
  }
}

/** The bytes that the machine reads: UTF-8 with its delimiter. Fails before its end when the file was changed. */
async function* uploadedBytes({ file, machine }: ImportPlan): AsyncGenerator<Uint8Array> {
  const { source, dialect, sha256, stamp } = file;
  const transcoder = createTranscoder(dialect, machine.reader);
  const hash = createHash('sha256');
  for await (const chunk of source.read()) {
    hash.update(chunk);
    const piece = transcoder ? transcoder.push(chunk) : chunk;
    if (piece.length > 0) yield piece;
  }
  if (hash.digest('hex') !== sha256 || (await source.stamp()) !== stamp) throw fileChanged(source.path);
  const rest = transcoder?.end();
  if (rest && rest.length > 0) yield rest;
}

async function start(
  plan: ImportPlan,
  around: Surroundings,
  note: (news: Partial<JournalEntry>) => Promise<void>,
): Promise<string> {
  const { gateways, clock, onEvent } = around;
  const { job, name, stateMachineArn } = plan;
  if (job) {
    await note({ jobId: job.id });
    onEvent({ type: 'starting' });
    const { arn: who } = await gateways.identity.callerIdentity();
    const by = { who, now: clock.now(), requestId: name };
    await patiently(around, () => writeJob(gateways, job, job.id, by));
    onEvent({ type: 'waiting', jobId: job.id });
    return await executionOfJob(job, stateMachineArn, around);
  }
  onEvent({ type: 'starting' });
  try {
    // The name makes a repeated start the same one.
    const input = JSON.stringify(plan.input);
    const started = await patiently(around, () =>
      gateways.states.startExecution({ stateMachineArn, name, input }),
    );
    return started.executionArn;
  } catch (error) {
    // Between the plan and now the same import was started elsewhere.
    if (error instanceof FlowError && error.code === 'ExecutionAlreadyExists') {
      return executionArnOf(stateMachineArn, name);
    }
    throw error;
  }
}

/** Follows the execution to its end and accounts for every row; undefined when `signal` fired before. */
export async function followImport(
  plan: ImportPlan,
  executionArn: string,
  around: Surroundings,
): Promise<ImportResult | undefined> {
  const { gateways, clock, pollMilliseconds, signal, onEvent } = around;
  const began = clock.now();
  let mapRuns: MapRunDescription[] = [];
  const model = await followExecution(gateways.states, executionArn, {
    signal,
    clock,
    pollMilliseconds,
    onUpdate(_model, runs) {
      mapRuns = runs;
      const mapRun = runs.at(-1);
      if (mapRun) onEvent({ type: 'running', mapRun });
    },
  });
  if (model.status === 'RUNNING') return undefined;
  onEvent({ type: 'accounting' });
  const { counts, failures, job } = await accountRows(gateways, {
    ...plan,
    executionArn,
    mapRun: mapRuns.at(-1),
    clock,
    onBatch: (batches) => onEvent({ type: 'accounting', batches }),
  });
  const { startedAt = began, stoppedAt = clock.now() } = model;
  return {
    executionArn,
    status: model.status,
    failure: model.failure,
    rows: counts,
    failures,
    ...(job && { job }),
    durationSeconds: (stoppedAt - startedAt) / 1000,
  };
}
