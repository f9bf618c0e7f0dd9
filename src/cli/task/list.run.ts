import { exitCodes } from '../../errors.js';
import { listBatches } from '../../operations/task/list-batches.js';
import { batchListDocument, batchListLines } from '../../views/task/list.js';
import { textOf } from '../import/order.js';
import type { Run } from '../shell/command.js';
import { countOf } from '../shell/flag-values.js';
import type { declaration } from './list.js';
import { tasksTableOf } from './order.js';

export const run: Run<typeof declaration> = async (context, _args, options) => {
  const limit = countOf(options.limit, '--limit');
  const target = await context.connect({ changes: false });
  const batches = await listBatches({
    gateways: target.gateways,
    journal: target.batches,
    stateMachineArn: await target.machineArn(String(options.machine)),
    tasksTable: tasksTableOf(target),
    tenant: textOf(options, 'tenant') ?? target.tenant,
    limit,
  });
  if (context.output === 'ndjson')
    for (const batch of batchListDocument(batches).batches) context.out.json(batch);
  else context.out.json(batchListDocument(batches));
  if (batches.length === 0)
    context.err.notice(`No batch was started yet: mbc-flow task start <items.json>${target.flagsForHints}`);
  else for (const line of batchListLines(batches, context.terminal)) context.out.line(line);
  return exitCodes.ok;
};
