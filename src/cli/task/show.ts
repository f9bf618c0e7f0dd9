import { exitCodes } from '../../errors.js';
import type { Command } from '../shell/command.js';
import { executionReferenced, tasksTableOf } from './order.js';

export const taskShow: Command = {
  name: 'task show',
  summary: 'What became of the items of a batch, also where its execution says SUCCEEDED',
  arguments: [
    {
      syntax: '<reference>',
      description: 'batch, execution, or id of a record of the framework (SFN_TASK#…)',
    },
  ],
  examples: [
    {
      line: 'mbc-flow task show items-1f0c2d9a3b4e5f60',
      what: 'counts, what failed and why, what to type next',
    },
    { line: 'mbc-flow task show @last -o json', what: 'of any execution over items' },
  ],
  async run(context, [reference]) {
    const target = await context.connect({ changes: false });
    const { showBatch } = await import('../../operations/task/show-batch.js');
    const shown = await showBatch(String(reference), {
      gateways: target.gateways,
      journal: target.batches,
      tasksTable: tasksTableOf(target),
      executionArn: (given) => executionReferenced(target, given),
    });
    const { shownDocument, shownLines } = await import('../../views/task/show.js');
    context.out.json(shownDocument(shown));
    if (context.output !== 'text') return exitCodes.ok;
    for (const line of shownLines(shown, context.terminal, target.flagsForHints)) context.out.line(line);
    return exitCodes.ok;
  },
};
