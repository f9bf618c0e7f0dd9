import { unwrapped } from '../../../framework/import/batch-reply.js';
import { type JobState, jobState } from '../../../framework/import/job-state.js';
import { isObject, parsedJson } from '../../../json/json.js';
import type { TableKey } from '../../../ports/aws.js';
import { patiently } from '../../../ports/retry.js';
import type { Wait } from '../../../ports/waits.js';
import { followExecution } from '../../follow/follow-execution.js';
import { authorship, recordKey, writeRecord } from '../../framework/framework-record.js';
import { eventsOf } from '../../pace/merge-events.js';
import { formerImport } from '../former-import.js';
import type { ImportSurroundings } from '../import-file.js';
import { type ImportResult, importResult, knownJob } from '../import-result.js';
import type { QueuedFates } from '../queued/follow-queued.js';
import type { Following } from '../queued/rows-to-end.js';
import { uploadFile } from '../upload-file.js';
import type { ZipFile, ZipPlan } from './plan-zip.js';

export type ZipEvent =
  | { type: 'uploading'; file: ZipFile; bytes: number }
  | { type: 'started'; executionArn: string; former: boolean }
  /** So many files are done. */
  | { type: 'running'; done: number }
  | { type: 'storing'; file: ZipFile; fates: QueuedFates; rows: number };

export type ZipOutcome =
  | { type: 'imported'; result: ZipResult }
  | { type: 'detached'; executionArn: string }
  /** A signal came: before there was an execution, or while it ran, or before all rows were stored. */
  | { type: 'left' }
  | { type: 'leftRunning'; executionArn: string; result?: ZipResult };

export interface ZipResult {
  executionArn: string;
  /** Of the execution. */
  status: string;
  failure?: ImportResult['failure'];
  job?: JobState & { id?: string };
  /** By file, in their order; without a result where its import was never started. */
  files: { file: ZipFile; result?: ImportResult }[];
}

type Surroundings = ImportSurroundings & { tell(event: ZipEvent): Promise<void> };

/** Imports a ZIP from its upload to the end of its rows. An outcome counts as told once whoever reads has taken it. */
export async function* importZip(
  plan: ZipPlan,
  { detach, following }: { detach: boolean; following: Following },
  surroundings: ImportSurroundings & { waitForEnd(executionArn: string): Wait },
): AsyncGenerator<ZipEvent | { type: 'outcome'; outcome: ZipOutcome }> {
  const { signal, waits, journal } = surroundings;
  const work = async (tell: (event: ZipEvent) => Promise<void>): Promise<ZipOutcome> => {
    const around = { ...surroundings, tell };
    let executionArn: string;
    try {
      executionArn = await startZip(plan, around);
    } catch (error) {
      if (signal.aborted) return { type: 'left' };
      throw error;
    }
    if (detach) return { type: 'detached', executionArn };
    const result = await waits.during(surroundings.waitForEnd(executionArn), () =>
      followZip(plan, executionArn, following, around),
    );
    const isOpen = signal.aborted && result?.files.some((file) => (file.result?.rows.queued ?? 0) > 0);
    if (!result || isOpen) return { type: 'leftRunning', executionArn, ...(result && { result }) };
    return { type: 'imported', result };
  };
  const outcome = yield* eventsOf<ZipEvent, ZipOutcome>(work);
  yield { type: 'outcome', outcome };
  if (outcome.type === 'imported' || outcome.type === 'detached') {
    const executionArn = outcome.type === 'detached' ? outcome.executionArn : outcome.result.executionArn;
    const key = plan.input.sortedS3Keys[0] ?? '';
    await journal.write(plan.name, { key, jobId: plan.jobId, executionArn, told: true });
  }
}

/**
 * Uploads the files and starts import-zip, or goes on where a former run of the same ZIP stopped: what S3 has is not sent
 * again, what was started is not started again.
 */
async function startZip(plan: ZipPlan, around: Surroundings): Promise<string> {
  const { gateways, journal, clock, signal, tell } = around;
  const { name, jobId, record, stateMachineArn } = plan;
  const started = { key: plan.input.sortedS3Keys[0] ?? '', jobId };
  if (plan.former === undefined) {
    await journal.write(name, started);
    for (const file of plan.files) {
      const { key } = file.entry;
      await uploadFile(file, {
        gateways,
        signal,
        onProgress: (bytes) => void tell({ type: 'uploading', file, bytes }),
        onState: (upload) => journal.write(name, { ...started, uploads: { [key]: upload } }),
      });
    }
    if (record) {
      const { arn: who } = await gateways.identity.callerIdentity();
      const by = { who, now: clock.now(), requestId: name };
      await patiently(around, () => writeRecord(gateways, record.table, masterRecord(plan, by)));
    }
  }
  const executionArn =
    plan.former ??
    (
      await patiently(around, () =>
        gateways.states.startExecution({ stateMachineArn, name, input: JSON.stringify(plan.input) }),
      )
    ).executionArn;
  await journal.write(name, { ...started, executionArn });
  await tell({ type: 'started', executionArn, former: plan.former !== undefined });
  return executionArn;
}

/** As the framework's own service writes it; its stream passes over records of this type. */
function masterRecord(
  { path, jobId, tenant, input }: ZipPlan,
  by: Parameters<typeof authorship>[0],
): TableKey {
  const key = recordKey(jobId) as TableKey;
  const { bucket, tableName } = input.parameters;
  const file = path.replace(/^.*[/\\]/, '');
  return {
    ...key,
    id: jobId,
    version: 0,
    code: key.sk.slice(key.sk.lastIndexOf('#') + 1),
    tenantCode: tenant,
    type: 'ZIP_MASTER_JOB',
    name: `ZIP Import: ${file}`,
    status: 'PROCESSING',
    attributes: {
      bucket,
      key: file,
      tenantCode: tenant,
      tableName,
      extractedFileKeys: input.sortedS3Keys,
    },
    ...authorship(by),
  };
}

/** Follows the files to their ends, and their rows; undefined when `signal` fired before the execution's end. */
async function followZip(
  plan: ZipPlan,
  executionArn: string,
  following: Following,
  around: Surroundings,
): Promise<ZipResult | undefined> {
  const { gateways, signal, clock, pollMilliseconds, tell } = around;
  const model = await followExecution(gateways.states, executionArn, {
    signal,
    clock,
    pollMilliseconds,
    onUpdate(_model, _runs, events) {
      const done = events.filter(({ type }) => type === 'MapIterationSucceeded').length;
      if (done > 0) void tell({ type: 'running', done });
    },
  });
  if (model.status === 'RUNNING') return undefined;
  const children = await executionsOfFiles(plan, model.startedAt ?? 0, around);
  const files: ZipResult['files'] = [];
  for (const file of plan.files) {
    const child = children.get(file.entry.key);
    const result = child && (await resultOf(file, child, plan, following, around));
    files.push({ file, ...(result && { result }) });
  }
  const { output } = await gateways.states.describeExecution(executionArn);
  const recorded = plan.record && (await knownJob(gateways, plan.record));
  const answered = unwrapped(parsedJson(output) ?? null);
  const job = recorded
    ? { ...recorded, id: plan.jobId }
    : isObject(answered)
      ? jobState(answered)
      : undefined;
  const { status, failure } = model;
  return { executionArn, status, ...(failure && { failure }), ...(job && { job }), files };
}

/** The executions of import-csv that the files were read by: told by their keys, which no other import has. */
async function executionsOfFiles(
  { csvMachineArn, input }: ZipPlan,
  since: number,
  { gateways: { states } }: Surroundings,
): Promise<Map<string, string>> {
  const wanted = new Set(input.sortedS3Keys);
  const found = new Map<string, string>();
  for await (const { executionArn, startDate } of states.listExecutions({ stateMachineArn: csvMachineArn })) {
    if (startDate.getTime() < since - 60_000 || found.size === wanted.size) break;
    const described = parsedJson((await states.describeExecution(executionArn)).input);
    const key = isObject(described) ? described.key : undefined;
    // A file whose step was tried again: its newest import counts.
    if (typeof key === 'string' && wanted.has(key) && !found.has(key)) found.set(key, executionArn);
  }
  return found;
}

async function resultOf(
  file: ZipFile,
  executionArn: string,
  plan: ZipPlan,
  following: Following,
  around: Surroundings,
): Promise<ImportResult> {
  const { gateways, tell } = around;
  const former = await formerImport(gateways, executionArn);
  const { machine, mapRun, startDate, stopDate = startDate, status } = former;
  const jobId = former.input.sourceId;
  const record = plan.record && jobId !== undefined ? { table: plan.record.table, id: jobId } : undefined;
  const [startedAt, stoppedAt] = [startDate.getTime(), stopDate.getTime()];
  return await importResult(
    { executionArn, status, file: file.file, machine, mapRun, jobId, record, startedAt, stoppedAt },
    following,
    { ...around, onStoring: (fates, rows) => void tell({ type: 'storing', file, fates, rows }) },
  );
}
