import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import type { Shown } from '../../views/execution/show-document.js';
import type { Command, Context } from '../shell/command.js';
import { executionReference } from '../shell/execution-reference.js';
import { hintReference } from '../shell/hint-reference.js';

/** Input and output of a piped page are cut at this many columns. */
const PIPE_COLUMNS = 1000;

export const show: Command = {
  name: 'show',
  aliases: ['status', 'describe'],
  summary: 'One page about an execution: where it stands, why it failed, what to type next',
  description:
    'Shows status, timing, the states that ran, what it waits for, the decoded cause of a failure, map runs, input and output. Task tokens are never shown.',
  arguments: [{ syntax: '[execution]', description: executionReference }],
  options: [
    {
      flags: '--history <file>',
      description:
        'read a saved history (what `aws stepfunctions get-execution-history` prints, or log lines) instead; - is stdin',
    },
  ],
  examples: [
    { line: 'mbc-flow show @last', what: 'the execution that was started last' },
    { line: 'mbc-flow show @last -o json', what: 'the same for a script' },
    { line: 'mbc-flow show --history history.json', what: 'a saved history, without calling anyone' },
  ],
  async run(context, [execution], options) {
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
  },
};

async function showOne(context: Context, reference: string): Promise<void> {
  const target = await context.connect({ changes: false });
  const executionArn = await target.executionArn(reference);
  const { showAnyExecution } = await import('../../operations/execution/show-any.js');
  const shown = await showAnyExecution(target.gateways, executionArn, context.clock.now());
  await print(context, shown, {
    reference: hintReference(reference, target, false),
    flagsForHints: target.flagsForHints,
  });
}

async function readSaved(context: Context, file: string, only: string | undefined) {
  const { showSavedExecution } = await import('../../operations/execution/show-execution.js');
  return showSavedExecution(await readText(context, file), file === '-' ? 'stdin' : file, only);
}

async function print(
  context: Context,
  shown: Shown,
  hints: { reference?: string; file?: string; flagsForHints?: string },
): Promise<void> {
  const { executionDocument } = await import('../../views/execution/show-document.js');
  context.out.json(executionDocument(shown));
  if (context.output !== 'text') return;
  const { showLines } = await import('../../views/execution/show.js');
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
