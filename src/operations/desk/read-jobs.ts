import { FlowError } from '../../errors.js';
import type { Gateways } from '../../ports/aws.js';
import { knownTable } from '../framework/known-table.js';
import { listJobs } from '../import/jobs/list-jobs.js';
import type { BatchJournal } from '../task/batch-journal.js';
import { listBatches } from '../task/list-batches.js';
import type { DeskJob } from './snapshot.js';

const MOST_JOBS = 200;

/** What of a target tells of imports and batches. */
export interface JobsTarget {
  gateways: Gateways;
  batches: BatchJournal;
  tenant?: string;
  tableName(name: string): string;
  machineArn(reference: string): Promise<string>;
}

/** Imports by the framework's records, batches by the journal and their executions; newest first. */
export async function readJobs(target: JobsTarget): Promise<DeskJob[]> {
  const jobs: DeskJob[] = [];
  const table = knownTable(() => target.tableName('import_tmp'));
  let missing: FlowError | undefined;
  if (table !== undefined && target.tenant !== undefined) {
    for (const job of await listJobs(target.gateways, {
      table,
      tenant: target.tenant,
      limit: MOST_JOBS,
    }).catch((error: unknown): [] => {
      if (!(error instanceof FlowError)) throw error;
      missing = error;
      return [];
    }))
      jobs.push({
        key: job.id,
        kind: 'import',
        name: job.name,
        status: job.status,
        startedAt: job.createdAt,
        total: job.total,
        done: job.succeeded,
        failed: job.failed,
      });
  }
  for (const batch of await batches(target).catch((error: unknown): [] => {
    if (!(error instanceof FlowError)) throw error;
    missing ??= error;
    return [];
  })) {
    const { executions, items } = batch;
    jobs.push({
      key: batch.batch,
      kind: 'batch',
      name: batch.source ?? '',
      status:
        executions.running > 0 ? 'RUNNING' : (batch.recordStatus ?? (executions.total > 0 ? 'ENDED' : '—')),
      startedAt: batch.startedAt,
      total: items?.total,
      done: items?.succeeded,
      failed: items?.failed ?? executions.failed,
      ...(batch.batch.startsWith('arn:') && { executionArn: batch.batch }),
    });
  }
  if (jobs.length === 0 && missing) throw missing;
  return jobs.sort((a, b) => b.startedAt - a.startedAt).slice(0, MOST_JOBS);
}

const batches = async (target: JobsTarget) =>
  await listBatches({
    gateways: target.gateways,
    journal: target.batches,
    stateMachineArn: await target.machineArn('task'),
    tasksTable: knownTable(() => target.tableName('tasks')),
    tenant: target.tenant,
    limit: MOST_JOBS / 2,
  });
