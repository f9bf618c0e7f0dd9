import { FlowError } from '../../errors.js';
import { type Attention, type LookAround, lookAround } from '../../operations/desk/look-around.js';
import { createPace } from '../../operations/desk/pace.js';
import type { DeskData, DeskJob } from '../../operations/desk/snapshot.js';
import { knownTable } from '../../operations/framework/known-table.js';
import { listJobs } from '../../operations/import/jobs/list-jobs.js';
import { listBatches } from '../../operations/task/list-batches.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

/** A target as a desk uses it: what looks around is paced, what somebody asks for is only counted. */
export interface DeskSource {
  /** Calls are made at once. */
  target: Target;
  looking: LookAround;
}

const MOST_JOBS = 200;

export function deskSource(
  context: Context,
  target: Target,
  {
    stateMachineArn,
    attention,
    signal,
  }: { stateMachineArn?: string; attention(): Attention; signal: AbortSignal },
): DeskSource {
  const { clock } = context;
  // On this machine nobody shares anything.
  const pace = createPace(clock, signal, target.loopback ? 600 : undefined);
  const gateways = target.gatewaysAt(pace.background);
  const looking = lookAround({
    states: gateways.states,
    pace,
    stateMachineArn,
    readJobs: () => readJobs(context, { ...target, gateways }),
    attention,
    clock,
    signal,
  });
  return { looking, target: { ...target, gateways: target.gatewaysAt(pace.foreground) } };
}

export const nothingYet: DeskData = {
  executions: { rows: [] },
  paused: { rows: [] },
  jobs: { rows: [] },
  machines: { rows: [] },
  calls: 0,
};

/** Imports by the framework's records, batches by the journal and their executions; newest first. */
async function readJobs(_context: Context, target: Target): Promise<DeskJob[]> {
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

const batches = async (target: Target) =>
  await listBatches({
    gateways: target.gateways,
    journal: target.batches,
    stateMachineArn: await target.machineArn('task'),
    tasksTable: knownTable(() => target.tableName('tasks')),
    tenant: target.tenant,
    limit: MOST_JOBS / 2,
  });
