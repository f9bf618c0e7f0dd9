import { type ExitCode, exitCodes } from '../../errors.js';
import { knownTable } from '../../operations/framework/known-table.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { estimateCost } from '../../operations/import/estimate-cost.js';
import { planZip, type ZipPlan } from '../../operations/import/zip/plan-zip.js';
import { importZip, type ZipEvent, type ZipOutcome } from '../../operations/import/zip/run-zip.js';
import { costDocument, costLines } from '../../views/import/cost.js';
import { storingProgress } from '../../views/import/import.js';
import {
  isGoodZip,
  zipChangeText,
  zipDocument,
  zipLines,
  zipPlanDocument,
  zipPlanLines,
} from '../../views/import/zip.js';
import { executionParts } from '../../workflow/names/arn.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { Context } from '../shell/context.js';
import { calledNow, howItGoesOn, left, leftRunning, waitForEnd } from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { commandsOf, followingOf } from './follow-until.js';
import type { ImportOptions } from './import.js';
import { encryptionOf } from './import-order.js';
import { leavingOf, surroundings, timeLimit } from './run-imports.js';

type ZipOptions = Pick<
  ImportOptions,
  'table' | 'tenant' | 'bucket' | 'again' | 'detach' | 'until' | 'timeout' | 'sse' | 'sseKmsKeyId'
>;

/** Imports a ZIP whose files were checked; the exit code is that of the worst file, and of the job. */
export async function runZip(
  context: Context,
  target: Target,
  { path, files, ask }: { path: string; files: CheckedFile[]; ask: boolean },
  options: ZipOptions,
): Promise<ExitCode> {
  const around = surroundings(context, target);
  const order = {
    stateMachineArn: await target.machineArn('import-zip'),
    csvMachineArn: await target.machineArn('import-csv'),
    table: options.table,
    tenant: options.tenant ?? target.tenant,
    bucket: await target.uploadBucket(options.bucket),
    encryption: encryptionOf(target, options),
    jobTable: knownTable(() => target.tableName('import_tmp')),
    again: options.again ?? false,
  };
  const plan = await planZip(path, files, order, around);
  if (context.dryRun) {
    context.err.notice(`Would import to ${await target.describe()}; nothing was changed.`);
    const cost = await estimateCost(target.gateways, {
      files: plan.files,
      csvMachineArn: plan.csvMachineArn,
      zipMachineArn: plan.stateMachineArn,
      ...(await commandsOf(target)),
    });
    context.out.document({ ...zipPlanDocument(plan), cost: costDocument(cost, target.region) }, [
      ...zipPlanLines(plan),
      ...costLines(cost, target.region).map((line) => `  ${line}`),
    ]);
    return exitCodes.ok;
  }
  await target.confirm(zipChangeText(plan), { ask });
  const following = await followingOf(target, options.until);
  const limit = timeLimit(context, options.timeout);
  const events = importZip(
    plan,
    { detach: options.detach ?? false, following },
    {
      ...around,
      signal: limit.signal,
      waitForEnd: (executionArn) => waitForEnd(target, [executionParts(executionArn).name ?? executionArn]),
    },
  );
  let exitCode: ExitCode = exitCodes.ok;
  let done = 0;
  try {
    for await (const event of events) {
      if (event.type === 'outcome') exitCode = await say(context, target, plan, event.outcome);
      else {
        if (event.type === 'running') done += event.done;
        await showStep(context, target, plan, event, done);
      }
    }
  } finally {
    limit.end();
    context.err.progress('');
  }
  return exitCode;
}

async function showStep(
  { err }: Context,
  target: Target,
  { files }: ZipPlan,
  event: ZipEvent,
  done: number,
): Promise<void> {
  if (event.type === 'started') {
    err.progress('');
    if (event.former) err.notice(`This import was started before; its execution is ${event.executionArn}.`);
    await target.rememberExecution(event.executionArn);
  } else if (event.type === 'running') err.progress(`importing  ${done}/${files.length} files`);
  else if (event.type === 'uploading')
    err.progress(`uploading ${event.file.file.source.path}  ${Math.floor(event.bytes / 1e6)} MB`);
  else err.progress(`${event.file.file.source.path}: ${storingProgress(event.fates, event.rows)}`);
}

async function say(context: Context, target: Target, plan: ZipPlan, outcome: ZipOutcome): Promise<ExitCode> {
  context.err.progress('');
  const flags = target.flagsForHints;
  if (outcome.type === 'left') {
    throw left(leavingOf(context), 'Uploaded files are kept; nothing was started.', {
      hint: 'run the same command again to continue; nothing is started twice',
    });
  }
  if (outcome.type === 'detached') {
    const { executionArn } = outcome;
    context.out.document({ executionArn, status: 'RUNNING', jobId: plan.jobId }, [executionArn]);
    context.err.notice(await howItGoesOn(target, executionArn));
    return exitCodes.ok;
  }
  if (outcome.type === 'leftRunning') {
    const { executionArn, result } = outcome;
    const words = result
      ? 'Some of the rows are queued and not stored yet.'
      : 'The execution has not ended yet.';
    const again = plan.record
      ? `mbc-flow import show ${shellWord(plan.jobId)} --watch${flags}`
      : `mbc-flow watch ${await calledNow(target, executionArn)}${flags}`;
    throw leftRunning(leavingOf(context), target, words, again, { details: { executionArn } });
  }
  const { result } = outcome;
  context.out.document(zipDocument(plan, result), zipLines(plan, result, context.terminal, flags));
  return isGoodZip(result) ? exitCodes.ok : exitCodes.failed;
}
