import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { showAnyExecution } from '../../operations/execution/show-any.js';
import { showSavedExecution } from '../../operations/execution/show-execution.js';
import { showLines } from '../../views/execution/show.js';
import type { Shown } from '../../views/execution/show-document.js';
import { executionDocument } from '../../views/execution/show-document.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { hintReference } from '../shell/hint-reference.js';
import type { declaration } from './show.js';

export const run: Run<typeof declaration> = async (context, [execution], options) => {
  const reference = typeof execution === 'string' ? execution : undefined;
  const file = typeof options.history === 'string' ? options.history : undefined;
  if (reference === undefined && file === undefined) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'Name one execution, or a saved history.', {
      hint: 'mbc-flow show @last',
    });
  }
  if (file === undefined) await showOne(context, reference ?? '');
  else
    await print(context, await readSaved(context, file, reference), {
      // What came from stdin is gone.
      file: file === '-' ? undefined : hintReference(file, { flagsForHints: '' }),
    });
  return exitCodes.ok;
};

/** Input and output of a piped page are cut at this many columns. */
const PIPE_COLUMNS = 1000;

async function showOne(context: Context, reference: string): Promise<void> {
  const target = await context.connect({ changes: false });
  const executionArn = await target.executionArn(reference);
  const shown = await showAnyExecution(target.gateways, executionArn, context.clock.now());
  await print(context, shown, {
    reference: hintReference(reference, target, false),
    flagsForHints: target.flagsForHints,
  });
}

async function readSaved(context: Context, file: string, only: string | undefined) {
  return showSavedExecution(await readText(context, file), file === '-' ? 'stdin' : file, only);
}

async function print(
  context: Context,
  shown: Shown,
  hints: { reference?: string; file?: string; flagsForHints?: string },
): Promise<void> {
  context.out.json(executionDocument(shown));
  if (context.output !== 'text') return;
  const { terminal } = context;
  const columns = terminal.stdoutIsTTY ? terminal.columns : PIPE_COLUMNS;
  for (const line of showLines(shown, {
    now: context.clock.now(),
    columns,
    color: terminal.color,
    ...hints,
  })) {
    context.out.line(line);
  }
}
