import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import { refuseFile, writeWhole } from '../../files/result-file.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { lossOf, refuseErrors } from '../../operations/import/check-file.js';
import { estimateCost } from '../../operations/import/estimate-cost.js';
import { type Import, type ImportPlan, planImports } from '../../operations/import/plan-import.js';
import { lossLine } from '../../views/import/check.js';
import { costDocument, costLines } from '../../views/import/cost.js';
import { changeText, planDocument, planLines } from '../../views/import/import.js';
import { oneLine, unbroken } from '../../views/text/safe-text.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { checkAll, filesNamed, isZip, printChecks, warn } from './check-files.js';
import { correctedLine } from './corrected-command.js';
import { checkOptions } from './dialect.js';
import { findRetry } from './find-retry.js';
import { commandsOf, followingOf } from './follow-until.js';
import type { declaration, ImportOptions } from './import.js';
import { orderFor } from './import-order.js';
import { runImports, surroundings } from './run-imports.js';
import { runZip } from './run-zip.js';

export const run: Run<typeof declaration> = async (context, [words], options) => {
  const dialect = checkOptions(options);
  if (options.check && options.retry === undefined && words.length > 0)
    return await printChecks(context, words, dialect, options.strict ?? false);
  const paths = await filesNamed(context.cwd, words);
  refuseBadUsage(paths, options);
  const { failedRows, strict = false, detach = false } = options;
  // Found out now, not when the rows have failed.
  if (failedRows !== undefined)
    await refuseFile(context.cwd, { flag: '--failed-rows', what: 'the failed rows' }, failedRows, paths);
  let files: CheckedFile[] = [];
  if (options.retry === undefined) {
    files = await checkAll(context, paths, dialect);
    for (const file of files) refuseErrors(file, strict);
    warn(context, files);
  }
  const target = await context.connect({ changes: true });
  if (options.retry === undefined && isZip(paths[0] ?? '')) {
    const ask = tellLosses(context, files).length > 0;
    return await runZip(context, target, { path: paths[0] ?? '', files, ask }, options);
  }
  const retry =
    options.retry === undefined
      ? undefined
      : await findRetry(context, target, options.retry, paths[0], dialect);
  if (options.retry !== undefined && !retry) return exitCodes.ok;
  const order = await orderFor(target, options, retry?.former);
  const imports = await planImports(retry ? [retry.file] : files, order, surroundings(context, target));
  if (context.dryRun) return await printPlans(context, target, imports, order);
  await confirmAll(context, target, imports.filter(isPlan));
  return await runImports(context, target, imports, {
    atOnce: options.parallel,
    detach,
    following: await followingOf(target, options.until),
    timeout: options.timeout,
    corrected: (plan, rows) => correctedLine(rows, plan, target, options, order),
    ...(failedRows !== undefined && {
      failedRowsFile: { path: failedRows, write: (rows) => writeWhole(context.cwd, failedRows, rows) },
    }),
  });
};

function refuseBadUsage(
  paths: string[],
  options: Pick<ImportOptions, 'retry' | 'table' | 'check' | 'key' | 'failedRows'>,
): void {
  const refuse = (where: string, message: string, hint?: string): never => {
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
  };
  if (options.retry === undefined && paths.length === 0) {
    refuse('[file.csv...]', 'no file to import was specified', 'mbc-flow import products.csv');
  }
  if (options.retry !== undefined && options.check)
    refuse(
      '--check',
      'the rows of a retry were checked when they were imported first',
      'omit it; see what --dry-run would do',
    );
  if (options.retry !== undefined && paths.length > 1) refuse('--retry', 'an import has one file only');
  if (paths.some(isZip)) {
    if (paths.length > 1)
      refuse(
        paths.find(isZip) ?? '',
        'a ZIP file has to be imported on its own',
        'import them one at a time',
      );
    if (options.key !== undefined) refuse('--key', 'a key holds one file only', 'omit it');
    if (options.failedRows !== undefined)
      refuse(
        '--failed-rows',
        'a ZIP has no single file of failed rows: each CSV in it has its own',
        'omit it; afterwards, for each execution: mbc-flow import show EXECUTION --failed-rows FILE',
      );
  }
  if (paths.length < 2) {
    if (paths[0] !== '-' || options.table !== undefined) return;
    refuse('-', 'standard input has no name to derive the table from', '--table NAME');
  }
  if (options.key !== undefined) refuse('--key', 'a key holds one file only', 'omit it');
  if (options.failedRows !== undefined) {
    refuse(
      '--failed-rows',
      'files with different columns cannot be combined',
      'import the files one at a time',
    );
  }
}

const isPlan = (one: Import): one is ImportPlan => !('error' in one);

async function confirmAll(context: Context, target: Target, plans: ImportPlan[]): Promise<void> {
  if (plans.length === 0) return;
  const losses = tellLosses(
    context,
    plans.map(({ file }) => file),
  );
  await target.confirm(plans.map(changeText).join('; '), { ask: losses.length > 0 });
}

/** @returns the lines that it said */
function tellLosses({ err }: Context, files: CheckedFile[]): string[] {
  const losses = files.flatMap((file) => {
    const lost = lossOf(file);
    return lost ? [lossLine(file.source.path, lost)] : [];
  });
  for (const line of losses) err.notice(line);
  return losses;
}

async function printPlans(
  context: Context,
  target: Target,
  imports: Import[],
  { stateMachineArn: csvMachineArn }: { stateMachineArn: string },
): Promise<ExitCode> {
  const { out, err } = context;
  const { commandMachineArn } = await commandsOf(target);
  err.notice(`Would import to ${await target.describe()}; nothing was changed.`);
  for (const one of imports) {
    if (!isPlan(one)) err.notice(`${unbroken(one.file.source.path)}: ${oneLine(one.error.message)}`);
    else {
      const cost = await estimateCost(target.gateways, { files: [one], csvMachineArn, commandMachineArn });
      const document = { ...planDocument(one), cost: costDocument(cost, target.region) };
      out.document(document, [
        ...planLines(one),
        ...costLines(cost, target.region).map((line) => `  ${line}`),
      ]);
    }
  }
  return worstExitCode(imports.map((one) => ('error' in one ? one.error.exitCode : exitCodes.ok)));
}
