import { exitCodes } from '../../errors.js';
import { listBatches } from '../../operations/task/list-batches.js';
import { batchDocuments, batchListLines } from '../../views/task/list.js';
import type { Run } from '../shell/command.js';
import { surroundings } from './batch-order.js';
import type { declaration } from './list.js';

export const run: Run<typeof declaration> = async (context, _args, { machine, tenant, limit }) => {
  const target = await context.connect({ changes: false });
  const batches = await listBatches({
    ...surroundings(context, target),
    stateMachineArn: await target.machineArn(machine),
    tenant: tenant ?? target.tenant,
    limit,
  });
  await context.names.save(
    'batches',
    batches.map(({ batch }) => batch),
  );
  const lines = batches.length === 0 ? [] : batchListLines(batches, context.terminal);
  context.out.list('batches', batchDocuments(batches), lines);
  if (batches.length === 0)
    context.err.notice(
      `No batch has been started yet: mbc-flow task start items.json${target.flagsForHints}`,
    );
  return exitCodes.ok;
};
