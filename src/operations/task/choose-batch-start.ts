import { exitCodes, FlowError } from '../../errors.js';
import { localAccount } from '../../framework/conventions.js';
import type { Gateways } from '../../ports/aws.js';
import { machineName } from '../../workflow/names/arn.js';
import { isMissing, knownTable } from '../framework/known-table.js';
import { whyNoTables } from '../framework/unreachable-tables.js';

/** How a batch is started, and why so. */
export type BatchStart =
  | { via: 'execution'; why: string }
  | { via: 'table'; table: string; tenant: string; type: string; who: string; why: string };

export interface BatchWishes {
  via: 'auto' | 'table' | 'execution';
  stateMachineArn: string;
  /** The machine is the one that plays the framework's role `task` on this target. */
  ofFramework: boolean;
  /** The items are records of the framework that are there: those of a former batch. */
  records: boolean;
  tenant?: string;
  type?: string;
  /** Name of the framework's table of tasks. @throws FlowError where nothing says it */
  tasksTable(): string;
  callerArn(): Promise<string>;
}

/**
 * Decides how to start by what the machine's function needs: the framework's own addresses a record of each item, and
 * makes ghosts of those that are not there.
 * @throws FlowError 2 where every way would leave such ghosts, or for what is missing
 */
export async function chooseBatchStart(
  { tables }: Pick<Gateways, 'tables'>,
  wishes: BatchWishes,
): Promise<BatchStart> {
  const { via, stateMachineArn, ofFramework, records, tenant } = wishes;
  if (records) {
    if (via === 'table') throw usage('the items have their records already', '--via table');
    return { via: 'execution', why: 'the records of the items are there' };
  }
  if (via === 'table') return await throughTable(tables, wishes, 'as told');
  // The framework's own rule for what its task handler gets.
  if (!ofFramework && !machineName(stateMachineArn).includes('sfn-task'))
    return { via: 'execution', why: "the machine's own function takes the items as they are" };
  const local = stateMachineArn.split(':')[4] === localAccount;
  if (via === 'auto') {
    try {
      return await throughTable(tables, wishes, "the framework's task handler needs a record of each item");
    } catch (error) {
      if (!(error instanceof FlowError) || error.code === 'TenantNeeded' || error.code === 'TypeNeeded')
        throw error;
      // An app that never had tables or tenants needs no records; only its .env names where they would be.
      if (local && tenant === undefined && isMissing(error))
        return { via: 'execution', why: `no records of the items: ${whyNoTables(error)}` };
      if (error.exitCode === exitCodes.unreachable) throw error;
      // The built-in functions need no records; where there are tables, it is the app's own that gets the items.
      if (!local || error.code !== 'TablePrefixNeeded') throw ghosts(stateMachineArn, error.message);
    }
  }
  if (!local || knownTable(wishes.tasksTable) !== undefined)
    throw ghosts(stateMachineArn, '--via execution was given');
  return { via: 'execution', why: 'the local machine takes items without records' };
}

async function throughTable(
  tables: Gateways['tables'],
  { tasksTable, tenant, type, callerArn }: BatchWishes,
  why: string,
): Promise<BatchStart> {
  const table = tasksTable();
  // A key that no record has: whether the table is there and may be read.
  await tables.get(table, { pk: 'SFN_TASK#', sk: '#' });
  if (tenant === undefined)
    throw new FlowError(exitCodes.usage, 'TenantNeeded', 'tasks belong to a tenant; no tenant is set', {
      hint: '--tenant CODE, or "tenant" of the target in mbc-flow.json',
    });
  if (type === undefined)
    throw new FlowError(
      exitCodes.usage,
      'TypeNeeded',
      'the app distinguishes tasks by their type; no type is set',
      {
        hint: '--type NAME, as the app’s factory of task events expects it',
      },
    );
  return {
    via: 'table',
    table,
    tenant,
    type,
    who: await callerArn(),
    why: `${why}: its record is written to ${table}`,
  };
}

const usage = (message: string, where: string): FlowError =>
  new FlowError(exitCodes.usage, 'BadUsage', message, { where });

const ghosts = (stateMachineArn: string, why: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'RecordsNeeded',
    `the framework's task handler updates a record of each item; items without one leave ghost records, which the framework then takes for new tasks; none can be written: ${why}`,
    {
      where: stateMachineArn,
      hint: '--via table with the right to write the tasks table; --machine for one whose own function takes items',
    },
  );
