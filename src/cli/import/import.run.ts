import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import { refuseFile } from '../../files/result-file.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { lossOf, refuseErrors } from '../../operations/import/check-file.js';
import { checkOptions, countOf } from '../../operations/import/dialect-words.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import { planImport } from '../../operations/import/plan-import.js';
import { lossLine, rowCount } from '../../views/import/check.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Run } from '../shell/command.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { checkAll, filesNamed, printChecks, warn } from './files.js';
import type { declaration } from './import.js';
import { orderFor, planning, textOf } from './order.js';
import { planRetried } from './retry.js';
import { failureOf, type Import, runImports } from './run.js';

export const run: Run<typeof declaration> = async (context, [words], options) => {
  const dialect = checkOptions(options);
  const paths = await filesNamed(context.cwd, [words ?? []].flat());
  const retried = textOf(options, 'retry');
  const failedRows = textOf(options, 'failedRows');
  refuseBadUsage(paths, options);
  if (failedRows !== undefined) await refuseBadFile(context, failedRows, paths);
  const atOnce = countOf('--parallel', textOf(options, 'parallel') ?? '1');
  let imports: Import[];
  let target: Target;
  if (retried === undefined) {
    const files = await checkAll(context, paths, dialect, options.check !== true);
    const strict = options.strict === true;
    if (options.check === true) return await printChecks(context, files, strict);
    for (const file of files) refuseErrors(file, strict);
    await warn(context, files);
    target = await context.connect({ changes: true });
    imports = await planAll(context, target, files, options);
  } else {
    target = await context.connect({ changes: true });
    const planned = await planRetried(context, target, retried, paths[0], dialect, options);
    if (!planned) return exitCodes.ok;
    imports = [planned];
  }
  if (context.dryRun) return await printPlans(context, target, imports);
  await confirmAll(context, target, imports);
  return await runImports(context, target, imports, {
    atOnce,
    detach: options.detach === true,
    failedRows,
  });
};

function refuseBadUsage(paths: string[], options: Record<string, unknown>): void {
  const refuse = (where: string, message: string, hint?: string): never => {
    throw new FlowError(exitCodes.usage, 'BadUsage', message, { where, hint });
  };
  if (options.retry === undefined && paths.length === 0) {
    refuse('[file.csv...]', 'there is no file to import', 'mbc-flow import <file.csv>');
  }
  if (options.retry !== undefined && paths.length > 1) refuse('--retry', 'one import had one file');
  if (paths.length < 2) {
    if (paths[0] !== '-' || options.table !== undefined || options.check === true) return;
    refuse('-', 'standard input has no name to call the rows by', '--table NAME');
  }
  if (options.key !== undefined) refuse('--key', 'one key can hold one file only', 'leave it out');
  if (options.failedRows !== undefined) {
    refuse('--failed-rows', 'files of different columns do not go into one', 'import the files one by one');
  }
}

/** Found out now, not when the rows have failed. */
async function refuseBadFile({ cwd }: Context, file: string, paths: string[]): Promise<void> {
  await refuseFile(cwd, { flag: '--failed-rows', what: 'the failed rows' }, file, paths);
}

/** Files of which each can be imported by itself: what speaks against one of several does not stop the others. */
async function planAll(
  context: Context,
  target: Target,
  files: CheckedFile[],
  options: Record<string, unknown>,
): Promise<Import[]> {
  const order = await orderFor(target, options);
  const imports: Import[] = [];
  for (const file of files) {
    const table = textOf(options, 'table') ?? file.source.name.replace(/\.[^.]*$/, '');
    try {
      imports.push({ file, plan: await planImport(file, { ...order, table }, planning(context, target)) });
    } catch (error) {
      if (files.length === 1 || !(error instanceof FlowError)) throw error;
      imports.push({ file, error });
    }
  }
  return imports;
}

async function confirmAll(context: Context, target: Target, imports: Import[]): Promise<void> {
  const changes = imports.flatMap(({ file, plan }) => {
    if (!plan) return [];
    const what = `${file.source.path} (${rowCount(file.report.rows)})`;
    return [
      plan.former
        ? `go on with the import of ${what}, ${plan.former}`
        : `import ${what} as s3://${plan.bucket}/${plan.entry.key}, ${howStarted(plan)}`,
    ];
  });
  if (changes.length === 0) return;
  const losses = imports.flatMap(({ file, plan }) => {
    const lost = plan && lossOf(file);
    return lost ? [lossLine(file.source.path, lost)] : [];
  });
  for (const line of losses) context.err.notice(line);
  await target.confirm(changes.join('; '), { ask: losses.length > 0 });
}

const howStarted = ({ start }: ImportPlan): string =>
  `${start.via === 'table' ? 'through a job record' : 'starting it directly'} (${start.why})`;

async function printPlans(context: Context, target: Target, imports: Import[]): Promise<ExitCode> {
  context.err.notice(`Would import to ${await target.describe()}; nothing was changed.`);
  for (const { file, plan, error } of imports) {
    if (error) context.err.notice(`${file.source.path}: ${oneLine(error.message)}`);
    if (!plan) continue;
    const { bucket, entry, stateMachineArn, name, input, job, former } = plan;
    context.out.json({
      dryRun: true,
      file: file.source.path,
      bucket,
      key: entry.key,
      stateMachineArn,
      name,
      input,
      via: plan.start.via,
      ...(job && { jobId: job.id }),
      ...(former && { former }),
    });
    context.out.line(file.source.path);
    const facts = {
      object: `s3://${bucket}/${entry.key}`,
      machine: stateMachineArn,
      name,
      start: howStarted(plan),
      input: JSON.stringify(input),
    };
    for (const [what, value] of Object.entries(facts)) context.out.line(`  ${what.padEnd(8)}${value}`);
  }
  return failureOf(imports);
}
