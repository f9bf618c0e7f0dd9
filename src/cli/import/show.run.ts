import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { jobOfInput } from '../../framework/import/job-of-input.js';
import { isJobId } from '../../operations/import/jobs/list-jobs.js';
import { isOver, type ShownJob, showJob, watchJob } from '../../operations/import/jobs/show-job.js';
import { shownJobDocument, shownJobLines } from '../../views/import/jobs.js';
import { oneLine } from '../../views/text/safe-text.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { Run } from '../shell/command.js';
import { interrupted } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { followingOf } from './follow-until.js';
import type { declaration } from './show.js';

export const run: Run<typeof declaration> = async (context, [reference], { watch = false }) => {
  const target = await context.connect({ changes: false });
  const id = isJobId(reference) ? reference : await jobOfExecution(target, reference);
  const { clock, signal } = context;
  const around = {
    gateways: target.gateways,
    table: target.tableName('import_tmp'),
    machineArn: target.machineArn,
    following: await followingOf(target, undefined),
    clock,
    signal,
    pollMilliseconds: target.pollMilliseconds,
  };
  let shown: ShownJob | undefined;
  if (watch) {
    for await (shown of watchJob(id, around)) context.err.progress(progressText(shown));
    context.err.progress('');
    if (shown && !isOver(shown) && signal.aborted)
      throw interrupted(
        context,
        'The job has not ended yet.',
        `mbc-flow import show ${shellWord(id)} --watch`,
      );
  }
  shown ??= await showJob(id, around);
  const lines = shownJobLines(shown, clock.now(), context.terminal, target.flagsForHints);
  context.out.document(shownJobDocument(shown), lines);
  return watch ? outcomeOf(shown) : exitCodes.ok;
};

/** The job that an execution of import-csv or import-zip works on. @throws FlowError 3 for another execution */
async function jobOfExecution(target: Target, reference: string): Promise<string> {
  const executionArn = await target.executionArn(reference);
  const { input } = await target.gateways.states.describeExecution(executionArn);
  const id = jobOfInput(input);
  if (id !== undefined) return id;
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
