import { type SubTaskState, subTaskState } from '../../framework/task/task-record.js';
import type { Gateways, TableItem, TableKey } from '../../ports/aws.js';

/** The framework's records of the items of a batch, by the key of the batch's own record. */
export async function* subTasks(
  { tables }: Pick<Gateways, 'tables'>,
  table: string,
  { pk, sk }: TableKey,
): AsyncGenerator<{ item: TableItem; state: SubTaskState }> {
  for await (const item of tables.query(table, { pk, skPrefix: `${sk}#` })) {
    const state = subTaskState(item);
    if (state) yield { item, state };
  }
}
