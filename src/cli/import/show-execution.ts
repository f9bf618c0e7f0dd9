import { type ExitCode, exitCodes } from '../../errors.js';
import { openSource } from '../../files/open-source.js';
import { writeWhole } from '../../files/result-file.js';
import { formerResult } from '../../operations/import/former-result.js';
import { orderOf } from '../../operations/import/retry-import.js';
import { formOf } from '../../operations/import/written-form.js';
import { importDocument, importLines } from '../../views/import/import.js';
import type { Context } from '../shell/context.js';
import { calledNow } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { correctedLine } from './corrected-command.js';
import { followingOf } from './follow-until.js';
import { nextLines } from './next-lines.js';

/** An import that has no job record, or whose failed rows are wanted: by its execution, as its own run showed it. */
export async function showExecution(
  context: Context,
  target: Target,
  executionArn: string,
  { failedRows, path }: { failedRows?: string; path?: string } = {},
): Promise<ExitCode> {
  const { gateways, pollMilliseconds, flagsForHints: flags } = target;
  const { cwd, clock, signal, terminal, out, err, dryRun } = context;
  const around = { gateways, clock, signal, pollMilliseconds };
  const following = await followingOf(target, undefined);
  const { former, file, result } = await formerResult(executionArn, following, around, {
    original: path === undefined ? undefined : await openSource(cwd, path),
    ...(failedRows !== undefined &&
      !dryRun && {
        failedRowsFile: { path: failedRows, write: (rows) => writeWhole(cwd, failedRows, rows) },
      }),
  });
  if (failedRows !== undefined && dryRun) err.notice(`Would write ${failedRows}; nothing was changed.`);
  const { input, machine } = former;
  const { report, dialect, form = formOf(file) } = file;
  const columns = form.header ? undefined : report.columns;
  const written = { file: { ...file, dialect: { ...dialect, columns } }, input };
  const next = nextLines(result, {
    reference: await calledNow(target, executionArn),
    flags,
    takesSome: machine.mapState !== undefined,
    corrected:
      result.failedRowsFile &&
      correctedLine(result.failedRowsFile, written, target, { via: 'auto' }, orderOf(former)),
  });
  out.document(importDocument(result), importLines(file.source.path, result, terminal, next));
  return result.failedRowsError === undefined ? exitCodes.ok : exitCodes.failed;
}
