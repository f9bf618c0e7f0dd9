import { exitCodes } from '../../errors.js';
import { showBatch } from '../../operations/task/show-batch.js';
import { shownDocument, shownLines } from '../../views/task/show.js';
import type { Run } from '../shell/command.js';
import { surroundings } from './batch-order.js';
import type { declaration } from './show.js';

export const run: Run<typeof declaration> = async (context, [reference]) => {
  const target = await context.connect({ changes: false });
  const shown = await showBatch(reference, surroundings(context, target));
  context.out.document(shownDocument(shown), shownLines(shown, context.terminal, target.flagsForHints));
  return exitCodes.ok;
};
