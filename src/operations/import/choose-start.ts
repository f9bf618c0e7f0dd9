import { exitCodes, FlowError } from '../../errors.js';
import { localAccount } from '../../framework/conventions.js';
import type { ImportMachine } from '../../framework/import/machine.js';
import type { Gateways } from '../../ports/aws.js';
import { recordKey } from '../framework/framework-record.js';
import { isMissing, knownTable } from '../framework/known-table.js';
import { whyNoTables } from '../framework/unreachable-tables.js';

/** How an import is started, and why so. */
export type Start =
  | { via: 'execution'; table?: string; madeUpJob?: true; why: string }
  | { via: 'table'; table: string; tenant: string; why: string };

export interface StartWishes {
  via: 'auto' | 'table' | 'execution';
  sourceId?: string;
  tenant?: string;
  stateMachineArn: string;
  /** Name of the framework's job table. @throws FlowError where nothing says it */
  jobTable(): string;
}

/**
 * Decides how to start by what the deployed machine needs and what may be done.
 * @throws FlowError 2 or 3 where every way would leave a job record that is none (the framework's last step makes
 * one of any id, and its queue then retries that for days)
 */
export async function chooseStart(
  { tables }: Pick<Gateways, 'tables'>,
  machine: ImportMachine,
  wishes: StartWishes,
): Promise<Start> {
  const { via, sourceId, stateMachineArn } = wishes;
  if (sourceId !== undefined) {
    if (via === 'table')
      throw usage('--source-id names an existing job record, and --via table writes a new one');
    return { via: 'execution', ...(await knownRecord(tables, sourceId, wishes)) };
  }
  if (via === 'table') return await throughTable(tables, wishes, 'as told');
  if (!machine.finalizes) return { via: 'execution', why: 'the machine needs bucket and key only' };
  if (via === 'auto') {
    try {
      return await throughTable(tables, wishes, 'the machine closes a job record (finalize_parent_job)');
    } catch (error) {
      if (!(error instanceof FlowError) || error.code === 'TenantNeeded') throw error;
      const isHere = stateMachineArn.split(':')[4] === localAccount;
      // An app that never had tables or tenants closes no record; only its .env names where they would be.
      if (isHere && wishes.tenant === undefined && isMissing(error))
        return { via: 'execution', madeUpJob: true, why: `no job record: ${whyNoTables(error)}` };
      if (error.exitCode === exitCodes.unreachable) throw error;
      // The built-in functions need no record; where there are tables, it is the app's own that gets the rows.
      if (!isHere || error.code !== 'TablePrefixNeeded') throw needsJob(stateMachineArn, error.message);
    }
  }
  if (stateMachineArn.split(':')[4] !== localAccount || knownTable(wishes.jobTable) !== undefined)
    throw needsJob(stateMachineArn, '--via execution was given');
  return {
    via: 'execution',
    madeUpJob: true,
    why: 'no job record on the local server',
  };
}

async function throughTable(tables: Gateways['tables'], wishes: StartWishes, why: string): Promise<Start> {
  const table = wishes.jobTable();
  // A key that no record has: whether the table is there and may be read.
  await tables.get(table, { pk: 'CSV_IMPORT#', sk: '#' });
  if (wishes.tenant === undefined) {
    throw new FlowError(
      exitCodes.usage,
      'TenantNeeded',
      'a job record belongs to a tenant; no tenant is set',
      {
        hint: '--tenant CODE, or "tenant" of the target in mbc-flow.json',
      },
    );
  }
  return { via: 'table', table, tenant: wishes.tenant, why: `${why}: its record is written to ${table}` };
}

/** @returns why the id can be used, and the record's table where it was found there */
async function knownRecord(
  tables: Gateways['tables'],
  sourceId: string,
  wishes: StartWishes,
): Promise<{ why: string; table?: string }> {
  const key = recordKey(sourceId);
  if (!key)
    throw usage(`--source-id ${sourceId} is not the id of a job record (CSV_IMPORT#<tenant>#<table>#<code>)`);
  let found: unknown;
  try {
    found = await tables.get(wishes.jobTable(), key);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return { why: `of the job record ${sourceId}, which could not be looked up (${error.message})` };
  }
  if (found) return { why: `of the job record ${sourceId}`, table: wishes.jobTable() };
  throw new FlowError(exitCodes.notFound, 'JobNotFound', `there is no job record ${sourceId}`, {
    where: wishes.jobTable(),
    hint: '--via table writes one',
  });
}

const usage = (message: string): FlowError => new FlowError(exitCodes.usage, 'BadUsage', message);

const needsJob = (stateMachineArn: string, why: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'SourceIdNeeded',
    `this machine closes a job record of the framework (finalize_parent_job) and needs a real one; none can be written: ${why}`,
    {
      where: stateMachineArn,
      hint: '--source-id with the id of an existing CSV_IMPORT#… record, or --via table with the right to write import_tmp',
    },
  );
