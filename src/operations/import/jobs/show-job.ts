import { exitCodes, FlowError } from '../../../errors.js';
import { jobOfInput } from '../../../framework/import/job-of-input.js';
import type { RowCounts, RowFailure } from '../../../framework/import/row-ledger.js';
import type { ExecutionSummary, Gateways } from '../../../ports/aws.js';
import type { Clock } from '../../../ports/clock.js';
import { shellWord } from '../../../workflow/names/shell-word.js';
import { formerResult } from '../former-result.js';
import type { Following } from '../queued/rows-to-end.js';
import { childJobs, findJobRecord, type ListedJob } from './list-jobs.js';

export interface ShownJob {
  job: ListedJob;
  execution?: { executionArn: string; status: string };
  /** Of a CSV whose execution has ended. */
  rows?: RowCounts;
  failures?: RowFailure[];
  /** Why queued rows are not followed. */
  why?: string;
  /** Of a ZIP: the jobs of its files, as far as they were begun. */
  children?: ListedJob[];
}

export interface JobSurroundings {
  gateways: Gateways;
  table: string;
  /** ARNs of the machines by role, asked for when they are needed. */
  machineArn(role: 'import-csv' | 'import-zip'): Promise<string>;
  following: Following;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
}

/** The execution of a job. @throws FlowError 3 where there is none, or none any more */
export async function jobExecution(id: string, around: JobSurroundings): Promise<string> {
  const execution = await executionOf(await findJobRecord(around.gateways, around.table, id), around);
  if (execution) return execution.executionArn;
  throw new FlowError(
    exitCodes.notFound,
    'ExecutionNotFound',
    'this job has no execution, or none any more',
    {
      where: id,
      hint: `mbc-flow import show ${shellWord(id)}`,
    },
  );
}

const ended = (status: string): boolean => status === 'COMPLETED' || status === 'FAILED';

/** What became of a job: its execution, its rows as far as anything tells, the jobs of a ZIP's files. */
export async function showJob(id: string, around: JobSurroundings): Promise<ShownJob> {
  const { gateways, table } = around;
  const job = await findJobRecord(gateways, table, id);
  const execution = await executionOf(job, around);
  const found = execution && {
    execution: { executionArn: execution.executionArn, status: execution.status },
  };
  if (job.kind === 'zip') return { job, ...found, children: await childJobs(gateways, table, job) };
  if (!execution || execution.status === 'RUNNING') return { job, ...found };
  const { result } = await formerResult(execution.executionArn, around.following, around);
  const { rows, failures, why } = result;
  return { job, ...found, rows, failures, ...(why !== undefined && { why }) };
}

/** True when nothing more happens by itself. */
export const isOver = ({ job, rows, children = [] }: ShownJob): boolean =>
  ended(job.status) && (rows?.queued ?? 0) === 0 && children.every(({ status }) => ended(status));

/** Looks again and again until the job and its rows are at their end, or `signal` fires. */
export async function* watchJob(id: string, around: JobSurroundings): AsyncGenerator<ShownJob> {
  const { clock, signal, pollMilliseconds } = around;
  for (;;) {
    const shown = await showJob(id, around);
    yield shown;
    if (isOver(shown) || signal.aborted) return;
    try {
      await clock.sleep(pollMilliseconds * 5, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return;
    }
  }
}

/** Executions are found by their time and their input: the framework does not keep their names. */
const mostLookedInto = 50;
const slack = 60_000;

async function executionOf(
  job: ListedJob,
  { gateways: { states }, machineArn }: JobSurroundings,
): Promise<ExecutionSummary | undefined> {
  const stateMachineArn = await machineArn(job.kind === 'zip' ? 'import-zip' : 'import-csv');
  let looked = 0;
  for await (const execution of states.listExecutions({ stateMachineArn, atMost: 100 })) {
    if (execution.startDate.getTime() < job.createdAt - slack || ++looked > mostLookedInto) return undefined;
    const { input, status } = await states.describeExecution(execution.executionArn);
    if (jobOfInput(input) === job.id) return { ...execution, status };
  }
  return undefined;
}
