import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import { oneLine } from '../../views/text/safe-text.js';
import type { Command, Context, Target } from '../shell/command.js';
import { checkAll, filesNamed, printChecks, warn } from './files.js';
import { orderFor, planning, textOf } from './order.js';
import { failureOf, type Import, runImports } from './run.js';

export const importCommand: Command = {
  name: 'import',
  changes: true,
  summary: 'Check a CSV, upload it, run import-csv on it, and report every row that failed',
  description:
    'The file is read twice: first it is checked and nothing is changed, then it is uploaded. Shift_JIS and other encodings, and other delimiters than the machine’s, are converted on the way. The same command line again goes on where it was broken off: nothing is uploaded or started twice.',
  arguments: [{ syntax: '[file.csv...]', description: 'files and patterns (*.csv), - for standard input' }],
  options: [
    { flags: '--table <name>', description: "what the app calls these rows (default: the file's name)" },
    { flags: '--tenant <code>', description: "tenant code (default: the target's)" },
    { flags: '--bucket <name>', description: 'bucket for the upload' },
    { flags: '--key <key>', description: 'key for the upload (default: imports/<date>-<hash>/<file>)' },
    {
      flags: '--sse <how>',
      description: "encryption of the upload (default: the target's, else the bucket's own)",
      choices: ['AES256', 'aws:kms'],
    },
    { flags: '--sse-kms-key-id <key>', description: 'key for aws:kms: its id, ARN or alias' },
    { flags: '--encoding <name>', description: 'encoding of the files (default: detected)' },
    { flags: '--delimiter <char>', description: 'comma, tab, semicolon, pipe or space (default: detected)' },
    { flags: '--header', description: 'the first record names the columns (the default)' },
    { flags: '--no-header', description: 'the first record is a row; columns are called 1, 2, … or:' },
    { flags: '--columns <a,b,c>', description: 'names of the columns of files without a header' },
    { flags: '--attributes <k=v...>', description: "further members of the machine's input" },
    {
      flags: '--via <way>',
      description:
        "start through the framework's job record (table) or directly (execution); auto: as the machine needs",
      default: 'auto',
      choices: ['auto', 'table', 'execution'],
    },
    {
      flags: '--source-id <id>',
      description: 'id of a job record that is there, for machines that close one',
    },
    { flags: '--check', description: 'only check the files' },
    { flags: '--fix', description: 'upload the files mended of what the check warns of, where it can be' },
    { flags: '--strict', description: 'refuse a file that the check warns about' },
    { flags: '--max-problems <n>', description: 'how many problems of a kind are listed (default: 20)' },
    { flags: '--failed-rows <file>', description: 'write the rows that failed as a CSV, with the reasons' },
    { flags: '--retry <execution>', description: 'import again the rows that failed in a former import' },
    { flags: '--again', description: 'import a file that was imported before' },
    { flags: '--parallel <n>', description: 'how many files at once', default: '1' },
    { flags: '--detach', description: 'do not wait for the end' },
  ],
  examples: [
    { line: 'mbc-flow import products.csv', what: 'on this machine, or the default target' },
    { line: 'mbc-flow import --check *.csv', what: 'check only' },
    { line: 'mbc-flow import 商品.csv --table products --tenant t1 --target dev', what: 'on AWS' },
    {
      line: 'mbc-flow import products.csv --failed-rows failed.csv',
      what: 'rows to correct and import again',
    },
    { line: 'mbc-flow import --retry @last', what: 'only the rows that failed, as they are' },
    { line: 'mbc-flow import products.csv -o json', what: 'counts and failed lines for a script' },
  ],
  async run(context, [words], options) {
    const { checkOptions, countOf } = await import('../../operations/import/dialect-words.js');
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
      const { refuseErrors } = await import('../../operations/import/check-file.js');
      for (const file of files) refuseErrors(file, strict);
      await warn(context, files);
      target = await context.connect({ changes: true });
      imports = await planAll(context, target, files, options);
    } else {
      const { planRetried } = await import('./retry.js');
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
  },
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
  const { refuseFile } = await import('../../files/result-file.js');
  await refuseFile(cwd, { flag: '--failed-rows', what: 'the failed rows' }, file, paths);
}

/** Files of which each can be imported by itself: what speaks against one of several does not stop the others. */
async function planAll(
  context: Context,
  target: Target,
  files: CheckedFile[],
  options: Record<string, unknown>,
): Promise<Import[]> {
  const { planImport } = await import('../../operations/import/plan-import.js');
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
  const { lossLine, rowCount } = await import('../../views/import/check.js');
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
  // Cells that AWS cuts off can't be got back from what was imported.
  const { lossOf } = await import('../../operations/import/check-file.js');
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
