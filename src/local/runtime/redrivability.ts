import type { Clock } from '../clock.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import { type ExecutionRow, mostAgeOfRedrive, mostEventsOfRedrive } from './execution-tables.js';
import type { Executions } from './executions.js';

export interface Redrivability {
  redriveStatus: string;
  redriveStatusReason?: string;
}

interface Around {
  clock: Clock;
  store: Store;
  executions: Pick<Executions, 'deletions'>;
}

const day = 24 * 60 * 60 * 1000;
const mostAge = 365 * day;

/** Whether an execution can be redriven, and what stands against it. */
export function redrivability(context: Around, row: ExecutionRow): Redrivability {
  const reason = obstacle(context, row);
  if (reason !== undefined) return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
  return { redriveStatus: row.map_run_id === null ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}

function obstacle(context: Around, row: ExecutionRow): string | undefined {
  if (row.status === 'RUNNING' || row.status === 'SUCCEEDED')
    return `Execution is ${row.status} and cannot be redriven`;
  if (context.executions.deletions.has(row.machine_arn)) return 'State machine is in DELETING status';
  const now = context.clock.now();
  if (now - (row.stop_date ?? now) > mostAgeOfRedrive) return 'Execution redrivable period exceeded';
  if (now - row.start_date > mostAge) return 'Execution has exceeded the max execution time';
  const { last } = context.store.read((db) =>
    statement(db, 'SELECT max(last_event) AS last FROM steps WHERE execution_id = ?').get(row.id),
  ) as { last: number | null };
  return (last ?? 0) >= mostEventsOfRedrive ? 'Execution history event limit exceeded' : undefined;
}
