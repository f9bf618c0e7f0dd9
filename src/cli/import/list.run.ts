import { exitCodes, FlowError } from '../../errors.js';
import { knownTable } from '../../operations/framework/known-table.js';
import { listJobs } from '../../operations/import/jobs/list-jobs.js';
import { jobDocument, jobListLines } from '../../views/import/jobs.js';
import type { Run } from '../shell/command.js';
import type { declaration } from './list.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  const target = await context.connect({ changes: false });
  // A laptop may have the machines only: then nothing keeps jobs, and no tenant would find any.
  if (target.loopback && knownTable(() => target.tableName('import_tmp')) === undefined) {
    context.out.list('jobs', []);
    context.err.notice(
      `No app with tables is configured here, so no import job is recorded; the executions: mbc-flow list import-csv${target.flagsForHints}`,
    );
    return exitCodes.ok;
  }
  const tenant = options.tenant ?? target.tenant;
  if (tenant === undefined) {
    throw new FlowError(exitCodes.usage, 'TenantNeeded', 'import jobs belong to a tenant; no tenant is set', {
      hint: '--tenant CODE, or "tenant" of the target in mbc-flow.json',
    });
  }
  const table = target.tableName('import_tmp');
  const jobs = await listJobs(target.gateways, { table, tenant, limit: options.limit });
  await context.names.save(
    'jobs',
    jobs.map(({ id }) => id),
  );
  const lines = jobs.length === 0 ? [] : jobListLines(jobs, context.terminal);
  context.out.list('jobs', jobs.map(jobDocument), lines);
  if (jobs.length === 0) context.err.notice(`No import job of tenant ${tenant} is in ${table}.`);
  return exitCodes.ok;
};
