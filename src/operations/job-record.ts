import type { Gateways, TableItem, TableKey } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';

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

/** `CSV_IMPORT#<tenant>#<table>#<code>` → its key; undefined where it is none. */
export function recordKey(id: string): TableKey | undefined {
  const [first = '', second = '', ...rest] = id.split('#');
  return rest.length < 2 ? undefined : { pk: `${first}#${second}`, sk: rest.join('#') };
}

/** A ULID: the time, and 80 bits of a digest instead of chance, by which the record of the same import is found. */
export function jobCode(now: number, digest: string): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let time = '';
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = letters[rest % 32] + time;
  return time + fingerprint(digest);
}

const fingerprint = (digest: string): string => {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let bits = BigInt(`0x${digest.slice(0, 20)}`);
  let text = '';
  for (; text.length < 16; bits >>= 5n) text = letters[Number(bits & 31n)] + text;
  return text;
};

/** Id of the newest job record of the same import, whoever wrote it. */
export async function findJob(
  { tables }: Pick<Gateways, 'tables'>,
  { table, tenant, tableName }: JobOrder,
  digest: string,
): Promise<string | undefined> {
  const pk = `CSV_IMPORT#${tenant}`;
  try {
    for await (const { sk } of tables.query(table, { pk, skPrefix: `${tableName}#`, reverse: true })) {
      if (typeof sk === 'string' && sk.endsWith(fingerprint(digest))) return `${pk}#${sk}`;
    }
  } catch (error) {
    // Who may write a record need not be allowed to list them.
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.denied) throw error;
  }
  return undefined;
}

/** Writes the record from which the framework starts the import; one that is there already stays. */
export async function writeJob(
  { tables }: Pick<Gateways, 'tables'>,
  order: JobOrder,
  id: string,
  by: { who: string; now: number; requestId: string },
): Promise<void> {
  const key = recordKey(id) as TableKey;
  const at = frameworkTime(by.now);
  const record = {
    ...key,
    id,
    version: 0,
    code: key.sk.slice(key.sk.lastIndexOf('#') + 1),
    tenantCode: order.tenant,
    type: 'CSV_MASTER_JOB',
    name: `CSV Import: ${order.fileName}`,
    status: 'CREATED',
    attributes: order.attributes,
    requestId: by.requestId,
    createdAt: at,
    updatedAt: at,
    createdBy: by.who,
    updatedBy: by.who,
    createdIp: '127.0.0.1',
    updatedIp: '127.0.0.1',
  };
  try {
    await tables.put(order.table, record, { absent: 'pk' });
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.conflict) throw error;
  }
}

/** As the framework writes times: to the second, at Japan's offset. */
const frameworkTime = (now: number): string =>
  `${new Date(now + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;

/** What the framework says of a job. */
export interface JobState {
  status: string;
  message?: string;
  total?: number;
  succeeded?: number;
  failed?: number;
}

export async function readJob(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  id: string,
): Promise<JobState | undefined> {
  const item: TableItem | undefined = await tables.get(table, recordKey(id) as TableKey);
  return item && jobState(item);
}

/** From a record, or from what the machine's last step says. */
export function jobState(value: Record<string, unknown>): JobState | undefined {
  const result = (typeof value.result === 'object' && value.result) || value;
  const { message, total, succeeded, failed } = result as Record<string, unknown>;
  if (typeof value.status !== 'string') return undefined;
  const count = (number: unknown): number | undefined => (typeof number === 'number' ? number : undefined);
  return {
    status: value.status,
    ...(typeof message === 'string' && { message }),
    total: count(total),
    succeeded: count(succeeded),
    failed: count(failed),
  };
}
