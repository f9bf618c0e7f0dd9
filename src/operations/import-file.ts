import { createHash } from 'node:crypto';
import type { Gateways, MapRunDescription } from '../aws/gateways.js';
import { createTranscoder } from '../csv/transcode.js';
import { exitCodes, FlowError } from '../errors.js';
import { type ImportMachine, importName, readImportMachine, uploadKey } from '../workflow/import-machine.js';
import type { ExecutionModel, Failure } from '../workflow/model.js';
import type { RowCounts, RowFailure } from '../workflow/row-ledger.js';
import { accountRows } from './account-rows.js';
import type { CheckedFile } from './check-file.js';
import { followExecution } from './follow-execution.js';

export interface ImportOrder {
  table: string;
  tenant?: string;
  bucket: string;
  key?: string;
  sourceId?: string;
  /** Further members of the machine's input. */
  attributes: Record<string, string>;
  stateMachineArn: string;
  /** Of the state machine, as deployed: JSON text. */
  definition: string;
}

/** Everything that an import will do, decided before anything is changed. */
export interface ImportPlan {
  file: CheckedFile;
  machine: ImportMachine;
  stateMachineArn: string;
  bucket: string;
  key: string;
  name: string;
  /** JSON text. */
  input: string;
}

/** The framework's local account: nobody's production, and its machines take a job id that has no record. */
const localAccount = '101010101010';

export function planImport(file: CheckedFile, order: ImportOrder, now: number): ImportPlan {
  const { stateMachineArn, table, bucket } = order;
  const machine = readImportMachine(order.definition);
  const local = stateMachineArn.split(':')[4] === localAccount;
  const tenant = order.tenant ?? (local ? 'local' : undefined);
  const key = order.key ?? uploadKey(file.source.name, file.sha256, now);
  const jobId =
    local && machine.finalizes ? `CSV_IMPORT#${tenant}#${table}#${file.sha256.slice(0, 16)}` : undefined;
  const sourceId = order.sourceId ?? jobId;
  if (machine.finalizes && sourceId === undefined) throw needsJob(stateMachineArn);
  const input = {
    ...order.attributes,
    processingMode: 'STEP_FUNCTION',
    bucket,
    key,
    tableName: table,
    ...(tenant !== undefined && { tenantCode: tenant }),
    ...(sourceId !== undefined && { sourceId }),
  };
  const name = importName(table, file.sha256, now);
  return { file, machine, stateMachineArn, bucket, key, name, input: JSON.stringify(input) };
}

/** Without a real job record the framework's last step would make a ghost of it, which is then retried for days. */
const needsJob = (stateMachineArn: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'SourceIdNeeded',
    'this machine closes a job record of the framework (finalize_parent_job) and needs the id of one',
    { where: stateMachineArn, hint: '--source-id with the id of an existing CSV_IMPORT#… record' },
  );

export interface ImportResult {
  executionArn: string;
  status: string;
  failure?: Failure;
  rows: RowCounts;
  failures: RowFailure[];
  durationSeconds: number;
}

export type ImportEvent =
  | { type: 'uploading'; bytes: number; total: number }
  | { type: 'started'; executionArn: string }
  | { type: 'running'; mapRun: MapRunDescription }
  | { type: 'accounting' };

interface Surroundings {
  gateways: Gateways;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  signal: AbortSignal;
  onEvent(event: ImportEvent): void;
}

/**
 * Uploads the checked file and starts its execution.
 * @throws FlowError when the file is not what was checked; then, and on abort, no object is left behind
 */
export async function uploadAndStart(plan: ImportPlan, around: Surroundings): Promise<string> {
  const { gateways, onEvent, signal } = around;
  const total = plan.file.report.bytes;
  await gateways.objects.upload({
    bucket: plan.bucket,
    key: plan.key,
    body: uploadedBytes(plan.file, (bytes) => onEvent({ type: 'uploading', bytes, total })),
    size: total,
    contentType: 'text/csv; charset=utf-8',
    signal,
  });
  const { executionArn } = await gateways.states.startExecution(plan);
  onEvent({ type: 'started', executionArn });
  return executionArn;
}

/** The bytes that the machine reads: UTF-8 with commas. Fails before its end when the file was changed. */
async function* uploadedBytes(
  { source, report, sha256, stamp }: CheckedFile,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const transcoder = createTranscoder({
    encoding: report.encoding ?? 'utf-8',
    delimiter: report.delimiter ?? ',',
  });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source.read()) {
    hash.update(chunk);
    bytes += chunk.length;
    const piece = transcoder ? transcoder.push(chunk) : chunk;
    if (piece.length > 0) yield piece;
    onProgress(bytes);
  }
  if (hash.digest('hex') !== sha256 || (await source.stamp()) !== stamp) {
    throw new FlowError(
      exitCodes.usage,
      'FileChanged',
      'the file was changed while it was imported; nothing was started',
      {
        where: source.path,
        hint: 'run the same command again',
      },
    );
  }
  const rest = transcoder?.end();
  if (rest && rest.length > 0) yield rest;
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
  const model: ExecutionModel = await followExecution(gateways.states, executionArn, {
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
  const { counts, failures } = await accountRows(gateways, plan, executionArn, mapRuns.at(-1));
  const { startedAt = began, stoppedAt = clock.now() } = model;
  return {
    executionArn,
    status: model.status,
    failure: model.failure,
    rows: counts,
    failures,
    durationSeconds: (stoppedAt - startedAt) / 1000,
  };
}
