import { exitCodes, FlowError } from '../../errors.js';
import type { Gateways, TableKey } from '../../ports/aws.js';

/** `<KIND>#<tenant>#<rest>`, the id of a record of the framework → its key; undefined where it is none. */
export function recordKey(id: string): TableKey | undefined {
  const [first = '', second = '', ...rest] = id.split('#');
  return rest.length < 2 ? undefined : { pk: `${first}#${second}`, sk: rest.join('#') };
}

export interface Author {
  who: string;
  /** Epoch milliseconds. */
  now: number;
  requestId: string;
}

/** What every record of the framework says of its making. */
export const authorship = ({ who, now, requestId }: Author) => ({
  requestId,
  createdAt: frameworkTime(now),
  updatedAt: frameworkTime(now),
  createdBy: who,
  updatedBy: who,
  createdIp: '127.0.0.1',
  updatedIp: '127.0.0.1',
});

/** As the framework writes times: to the second, at Japan's offset. */
const frameworkTime = (now: number): string =>
  `${new Date(now + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;

/** Keys of the records of a kind; none where who may write them may not list them. */
export async function* recordKeys(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  of: { pk: string; skPrefix: string; reverse?: boolean },
): AsyncGenerator<TableKey> {
  try {
    for await (const { pk, sk } of tables.query(table, of))
      if (typeof pk === 'string' && typeof sk === 'string') yield { pk, sk };
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.denied) throw error;
  }
}

/** Writes a record from which the framework starts its work; one that is there already stays. */
export async function writeRecord(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  record: TableKey,
): Promise<void> {
  try {
    await tables.put(table, record, { absent: 'pk' });
  } catch (error) {
    if (!(error instanceof FlowError) || error.exitCode !== exitCodes.conflict) throw error;
  }
}
