import type { JsonObject } from '../../json/json.js';
import { AwsError } from '../ports.js';
import { redrivability } from '../runtime/redrivability.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { existingExecution } from './existing-resources.js';
import { seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

/** AWS knows a client's token this long. */
const tokenLife = 15 * 60 * 1000;

/** Goes on with an execution that ended without success; the same token means the same redrive. */
export async function redriveExecution(
  context: StatesContext,
  { executionArn, clientToken }: Input<'RedriveExecution'>,
): Promise<JsonObject> {
  const { store, clock, executions } = context;
  const row = existingExecution(context, executionArn);
  const known = store.read((db) =>
    statement(
      db,
      'SELECT redrive_date FROM redrives WHERE execution_id = ? AND token = ? AND redrive_date > ?',
    ).get(row.id, clientToken ?? null, clock.now() - tokenLife),
  ) as { redrive_date: number } | undefined;
  if (known) return { redriveDate: seconds(known.redrive_date) };
  const { redriveStatus, redriveStatusReason } = redrivability(context, row);
  if (redriveStatus === 'REDRIVABLE_BY_MAP_RUN')
    throw notRedrivable('Execution is a child of a Map Run and can only be redriven by it');
  if (redriveStatus !== 'REDRIVABLE') throw notRedrivable(String(redriveStatusReason));
  const redriven = await executions.redrive(row, (db) => {
    if (clientToken !== undefined)
      statement(db, 'INSERT INTO redrives VALUES (?, ?, ?)').run(row.id, clientToken, row.redrive_date);
  });
  if (!redriven) throw notRedrivable('Execution is RUNNING and cannot be redriven');
  return { redriveDate: seconds(row.redrive_date ?? clock.now()) };
}

const notRedrivable = (reason: string): AwsError => new AwsError('ExecutionNotRedrivable', reason);
