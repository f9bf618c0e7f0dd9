import { type JobState, jobState } from '../../framework/import/job-state.js';
import type { Gateways, TableItem, TableKey } from '../../ports/aws.js';
import { ulidEnd } from '../../workflow/names/stable-name.js';
import { executionOfRecord, type Waiting } from '../framework/execution-of-record.js';
import {
  type Author,
  authorship,
  recordKey,
  recordKeys,
  writeRecord,
} from '../framework/framework-record.js';

/** What the framework's import jobs are made of. */
export interface JobOrder {
  table: string;
  tenant: string;
  /** What the framework calls the rows; not a DynamoDB table. */
  tableName: string;
  fileName: string;
  /** The machine's input but for `sourceId`. */
  attributes: Record<string, string>;
}

/** Id of the newest job record of the same import, whoever wrote it. */
export async function findJob(
  { tables }: Pick<Gateways, 'tables'>,
  { table, tenant, tableName }: JobOrder,
  digest: string,
): Promise<string | undefined> {
  const pk = `CSV_IMPORT#${tenant}`;
  for await (const { sk } of recordKeys({ tables }, table, { pk, skPrefix: `${tableName}#`, reverse: true }))
    if (sk.endsWith(ulidEnd(digest))) return `${pk}#${sk}`;
  return undefined;
}

/** Writes the record from which the framework starts the import; one that is there already stays. */
export async function writeJob(
  { tables }: Pick<Gateways, 'tables'>,
  order: JobOrder,
  id: string,
  by: Author,
): Promise<void> {
  const key = recordKey(id) as TableKey;
  await writeRecord({ tables }, order.table, {
    ...key,
    id,
    version: 0,
    code: key.sk.slice(key.sk.lastIndexOf('#') + 1),
    tenantCode: order.tenant,
    type: 'CSV_MASTER_JOB',
    name: `CSV Import: ${order.fileName}`,
    status: 'CREATED',
    attributes: order.attributes,
    ...authorship(by),
  });
}

export async function readJob(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  id: string,
): Promise<JobState | undefined> {
  const item: TableItem | undefined = await tables.get(table, recordKey(id) as TableKey);
  return item && jobState(item);
}

/** Waits for the execution of an import's job record. @throws as `executionOfRecord` */
export async function executionOfJob(
  job: JobOrder & { id: string },
  stateMachineArn: string,
  waiting: Waiting,
): Promise<string> {
  const { gateways } = waiting;
  return await executionOfRecord(
    {
      id: job.id,
      stateMachineArn,
      async isOurs({ executionArn }) {
        const { input = '{}' } = await gateways.states.describeExecution(executionArn);
        return (JSON.parse(input) as { sourceId?: string }).sourceId === job.id;
      },
      state: () => readJob(gateways, job.table, job.id),
      path: 'the table’s stream, import-action-queue and the function',
    },
    waiting,
  );
}
