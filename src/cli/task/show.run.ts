import { exitCodes } from '../../errors.js';
import { showBatch } from '../../operations/task/show-batch.js';
import { shownDocument, shownLines } from '../../views/task/show.js';
import type { Run } from '../shell/command.js';
import { executionReferenced, tasksTableOf } from './order.js';
import type { declaration } from './show.js';

export const run: Run<typeof declaration> = async (context, [reference]) => {
  const target = await context.connect({ changes: false });
  const shown = await showBatch(String(reference), {
    gateways: target.gateways,
    journal: target.batches,
    tasksTable: tasksTableOf(target),
    executionArn: (given) => executionReferenced(target, given),
  });
  context.out.json(shownDocument(shown));
  if (context.output !== 'text') return exitCodes.ok;
  for (const line of shownLines(shown, context.terminal, target.flagsForHints)) context.out.line(line);
  return exitCodes.ok;
};
