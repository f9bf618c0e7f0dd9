import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { refuseFile } from '../../files/result-file.js';
import { isRecordId, jobOfInput } from '../../framework/import/job-of-input.js';
import { isImportInput } from '../../operations/import/former-import.js';
import { isJobId } from '../../operations/import/jobs/list-jobs.js';
import {
  isOver,
  jobExecution,
  type ShownJob,
  showJob,
  watchJob,
} from '../../operations/import/jobs/show-job.js';
import { shownJobDocument, shownJobLines } from '../../views/import/jobs.js';
import { oneLine } from '../../views/text/safe-text.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { OptionsOf, Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { followingOf } from './follow-until.js';
import type { declaration } from './show.js';
import { showExecution } from './show-execution.js';

export const run: Run<typeof declaration> = async (context, [reference, path], options) => {
  const { watch = false, failedRows } = options;
  const { clock, signal } = context;
  await refuseBadUsage(context, path, options);
  const target = await context.connect({ changes: false });
  const around = async () => ({
    gateways: target.gateways,
    table: target.tableName('import_tmp'),
    machineArn: target.machineArn,
    following: await followingOf(target, undefined),
    clock,
    signal,
    pollMilliseconds: target.pollMilliseconds,
  });
  if (failedRows !== undefined) {
    const executionArn = isJobId(reference)
      ? await jobExecution(reference, await around())
      : await target.executionArn(reference);
    return await showExecution(context, target, executionArn, { failedRows, path });
  }
  const found = isJobId(reference) ? { id: reference } : await jobOfExecution(target, reference);
  if (found.id === undefined) return await showExecution(context, target, found.executionArn);
  const { id } = found;
  const job = await around();
  let shown: ShownJob | undefined;
  if (watch) {
    for await (shown of watchJob(id, job)) context.err.progress(progressText(shown));
    context.err.progress('');
    if (shown && !isOver(shown) && signal.aborted)
      throw interrupted(
        context,
        'The job has not ended yet.',
        `mbc-flow import show ${shellWord(id)} --watch`,
      );
  }
  shown ??= await showJob(id, job);
  const lines = shownJobLines(shown, clock.now(), context.terminal, target.flagsForHints);
  context.out.document(shownJobDocument(shown), lines);
  return watch ? outcomeOf(shown) : exitCodes.ok;
};

/** Found out before anything is called. */
async function refuseBadUsage(
  { cwd }: Context,
  path: string | undefined,
  { failedRows, watch }: OptionsOf<NonNullable<(typeof declaration)['options']>>,
): Promise<void> {
  const refuse = (where: string, message: string, hint: string): never => {
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
  };
  if (failedRows === undefined && path !== undefined)
    refuse(
      '[file.csv]',
      'the file is read for --failed-rows only',
      'omit it, or add --failed-rows failed.csv',
    );
  if (failedRows === undefined) return;
  if (watch)
    refuse('--watch', 'the failed rows are known when the import has ended', 'omit it, or --failed-rows');
  await refuseFile(
    cwd,
    { flag: '--failed-rows', what: 'the failed rows' },
    failedRows,
    path === undefined ? [] : [path],
  );
}

/** The job that an execution of import-csv or import-zip works on; no id where there is no record of it. */
async function jobOfExecution(
  target: Target,
  reference: string,
): Promise<{ id: string } | { id: undefined; executionArn: string }> {
  const executionArn = await target.executionArn(reference);
  const { input } = await target.gateways.states.describeExecution(executionArn);
  const id = jobOfInput(input);
  if (id !== undefined && isRecordId(id)) return { id };
  if (isImportInput(input)) return { id: undefined, executionArn };
  throw new FlowError(exitCodes.notFound, 'JobNotFound', 'this execution does not belong to an import job', {
    where: executionArn,
    hint: `mbc-flow show ${executionArn}${target.flagsForHints}`,
  });
}

function progressText({ job, rows, children }: ShownJob): string {
  const files = children ? `  ${children.length} files started` : '';
  const stored = rows ? `  ${rows.succeeded}/${rows.total} rows stored` : '';
  return `${oneLine(job.id)}  ${job.status}${files}${stored}`;
}

function outcomeOf({ job, rows }: ShownJob): ExitCode {
  const lost = rows ? rows.total - rows.succeeded : (job.failed ?? 0);
  return job.status === 'COMPLETED' && lost === 0 ? exitCodes.ok : exitCodes.failed;
}
