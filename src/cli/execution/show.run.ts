import { exitCodes, FlowError } from '../../errors.js';
import { readText } from '../../files/read-text.js';
import { showAnyExecution } from '../../operations/execution/show-any.js';
import { showSavedExecution } from '../../operations/execution/show-execution.js';
import { mapRunFailures } from '../../operations/follow/map-run-failures.js';
import { knownTable } from '../../operations/framework/known-table.js';
import { isImportInput } from '../../operations/import/former-import.js';
import { type ShowOptions, showLines } from '../../views/execution/show.js';
import type { Shown } from '../../views/execution/show-document.js';
import { executionDocument } from '../../views/execution/show-document.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { hintReference } from '../shell/hint-reference.js';
import type { declaration } from './show.js';

export const run: Run<typeof declaration> = async (context, [execution], { history }) => {
  if (history !== undefined) await showSaved(context, history, execution);
  else if (execution !== undefined) await showOne(context, execution);
  else
    throw new FlowError(exitCodes.usage, 'BadUsage', 'specify an execution, or a saved history', {
      hint: 'mbc-flow show @last',
    });
  return exitCodes.ok;
};

/** Input and output of a piped page are cut at this many columns. */
const PIPE_COLUMNS = 1000;

async function showOne(context: Context, reference: string): Promise<void> {
  const target = await context.connect({ changes: false });
  const executionArn = await target.executionArn(reference);
  const shown = await showAnyExecution(target.gateways, executionArn, context.clock.now());
  const failures = await mapRunFailures(target.gateways.states, shown.mapRuns);
  print(
    context,
    { ...shown, mapRunFailures: failures },
    {
      reference: hintReference(reference, target, false),
      flagsForHints: target.flagsForHints,
      importedFile: isImportInput(shown.model.input),
      importJobs: knownTable(() => target.tableName('import_tmp')) !== undefined,
    },
  );
}

async function showSaved(context: Context, file: string, only: string | undefined): Promise<void> {
  const stdin = file === '-';
  const shown = showSavedExecution(await readText(context, file), stdin ? 'stdin' : file, only);
  // What came from stdin is gone.
  print(context, shown, { file: stdin ? undefined : hintReference(file, { flagsForHints: '' }) });
}

function print(
  { out, terminal, clock }: Context,
  shown: Shown,
  hints: Pick<ShowOptions, 'reference' | 'file' | 'flagsForHints' | 'importJobs' | 'importedFile'>,
): void {
  const columns = terminal.stdoutIsTTY ? terminal.columns : PIPE_COLUMNS;
  const now = shown.historyEnds ?? clock.now();
  const look = { now, columns, color: terminal.color, utc: terminal.utc, ...hints };
  out.document(executionDocument(shown), showLines(shown, look));
}
