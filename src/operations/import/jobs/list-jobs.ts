import { exitCodes, FlowError } from '../../../errors.js';
import { type JobState, jobState } from '../../../framework/import/job-state.js';
import type { Gateways, TableItem } from '../../../ports/aws.js';

/** A job record of the framework, without what must not be shown: a job out of a ZIP holds a task token. */
export interface ListedJob extends JobState {
  id: string;
  kind: 'csv' | 'zip';
  name: string;
  table?: string;
  /** Epoch milliseconds. */
  createdAt: number;
  updatedAt: number;
  /** Id of the ZIP's job that it belongs to. */
  source?: string;
}

/** Of a record these are read, and no others. */
const shown = ['pk', 'sk', 'id', 'name', 'type', 'status', 'result', 'source', 'createdAt', 'updatedAt'];

const kinds = [
  { kind: 'csv', pk: 'CSV_IMPORT' },
  { kind: 'zip', pk: 'ZIP_IMPORT' },
] as const;

/** The import jobs of a tenant, newest first, whoever started them. */
export async function listJobs(
  { tables }: Pick<Gateways, 'tables'>,
  { table, tenant, limit }: { table: string; tenant: string; limit: number },
): Promise<ListedJob[]> {
  const jobs: ListedJob[] = [];
  for (const { kind, pk } of kinds) {
    for await (const item of tables.query(table, { pk: `${pk}#${tenant}`, only: shown })) {
      const job = listedJob(item, kind);
      if (job) jobs.push(job);
      // A table may have collected them for years; more than a screen of the newest is not kept.
      if (jobs.length > limit * 20) jobs.sort(newestFirst).splice(limit * 10);
    }
  }
  return jobs.sort(newestFirst).slice(0, limit);
}

const newestFirst = (a: ListedJob, b: ListedJob): number =>
  b.createdAt - a.createdAt || (b.id < a.id ? -1 : 1);

/** The jobs of a ZIP's files, in the order in which they were made. */
export async function childJobs(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  { id }: Pick<ListedJob, 'id'>,
): Promise<ListedJob[]> {
  const [, tenant = ''] = id.split('#');
  const where = { name: 'source', value: id };
  const jobs: ListedJob[] = [];
  for await (const item of tables.query(table, { pk: `CSV_IMPORT#${tenant}`, only: shown, where })) {
    const job = listedJob(item, 'csv');
    if (job) jobs.push(job);
  }
  return jobs.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** One job by its id. @throws FlowError 3 where there is none */
export async function findJobRecord(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  id: string,
): Promise<ListedJob> {
  const [kind = '', tenant = '', ...rest] = id.split('#');
  const item = await tables.get(table, { pk: `${kind}#${tenant}`, sk: rest.join('#') });
  const job = item && listedJob(item, kind === 'ZIP_IMPORT' ? 'zip' : 'csv');
  if (job) return job;
  throw new FlowError(exitCodes.notFound, 'JobNotFound', `there is no job record ${id}`, { where: table });
}

export const isJobId = (reference: string): boolean => /^(CSV|ZIP)_IMPORT#[^#]+#.+/.test(reference);

function listedJob(item: TableItem, kind: ListedJob['kind']): ListedJob | undefined {
  const state = jobState(item);
  if (!state) return undefined;
  const time = (value: unknown): number => Date.parse(String(value)) || 0;
  return {
    ...state,
    ...(kind === 'zip' && zipCounts(item.result)),
    id: `${String(item.pk)}#${String(item.sk)}`,
    kind,
    name: String(item.name ?? ''),
    ...(kind === 'csv' && { table: String(item.sk).split('#')[0] }),
    createdAt: time(item.createdAt),
    updatedAt: time(item.updatedAt),
    ...(typeof item.source === 'string' && { source: item.source }),
  };
}

/** The framework counts a ZIP under other names. */
function zipCounts(result: unknown): Pick<JobState, 'total' | 'succeeded' | 'failed'> {
  const { totalRows, processedRows, failedRows } = (result ?? {}) as Record<string, unknown>;
  const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return { total: count(totalRows), succeeded: count(processedRows), failed: count(failedRows) };
}
