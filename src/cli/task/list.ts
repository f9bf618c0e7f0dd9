import { exitCodes } from '../../errors.js';
import { textOf } from '../import/order.js';
import type { Command } from '../shell/command.js';
import { countOf } from '../shell/flag-values.js';
import { tasksTableOf } from './order.js';

export const taskList: Command = {
  name: 'task list',
  summary: 'Task batches, newest first, with what became of their items',
  options: [
    { flags: '--machine <machine>', description: 'state machine: role, name or ARN', default: 'task' },
    {
      flags: '--tenant <code>',
      description: "whose records of the framework are read (default: the target's)",
    },
    { flags: '--limit <n>', description: 'at most so many', default: '20' },
  ],
  examples: [
    { line: 'mbc-flow task list', what: 'those of this machine, and of whoever else started some' },
    {
      line: 'mbc-flow task list --tenant t1 --target dev',
      what: 'with the counts of the framework’s records',
    },
  ],
  async run(context, _args, options) {
    const limit = countOf(options.limit, '--limit');
    const target = await context.connect({ changes: false });
    const { listBatches } = await import('../../operations/task/list-batches.js');
    const batches = await listBatches({
      gateways: target.gateways,
      journal: target.batches,
      stateMachineArn: await target.machineArn(String(options.machine)),
      tasksTable: tasksTableOf(target),
      tenant: textOf(options, 'tenant') ?? target.tenant,
      limit,
    });
    const { batchListDocument, batchListLines } = await import('../../views/task/list.js');
    if (context.output === 'ndjson')
      for (const batch of batchListDocument(batches).batches) context.out.json(batch);
    else context.out.json(batchListDocument(batches));
    if (batches.length === 0)
      context.err.notice(`No batch was started yet: mbc-flow task start <items.json>${target.flagsForHints}`);
    else for (const line of batchListLines(batches, context.terminal)) context.out.line(line);
    return exitCodes.ok;
  },
};
