import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../errors.js';
import type { CheckedFile } from '../operations/check-file.js';
import type { ImportEvent, ImportPlan, ImportResult } from '../operations/import-file.js';
import type { Command, Context, Target } from './command.js';
import { openSource } from './file-source.js';

export const importCommand: Command = {
  name: 'import',
  summary: 'Check a CSV, upload it, run import-csv on it, and report every row that failed',
  description:
    'The file is read twice: first it is checked and nothing is changed, then it is uploaded. Shift_JIS and other encodings, and other delimiters than commas, are converted on the way.',
  arguments: [{ syntax: '<file.csv...>', description: 'files, one after the other' }],
  options: [
    { flags: '--table <name>', description: "what the app calls these rows (default: the file's name)" },
    { flags: '--tenant <code>', description: "tenant code (default: the target's)" },
    { flags: '--bucket <name>', description: 'bucket for the upload' },
    { flags: '--key <key>', description: 'key for the upload (default: imports/<date>-<hash>/<file>)' },
    {
      flags: '--source-id <id>',
      description: "id of the framework's job record, for machines that close one",
    },
    { flags: '--attributes <k=v...>', description: "further members of the machine's input" },
    { flags: '--check', description: 'only check the files' },
    { flags: '--detach', description: 'do not wait for the end' },
  ],
  examples: [
    { line: 'mbc-flow import products.csv', what: 'on this machine, or the default target' },
    { line: 'mbc-flow import --check *.csv', what: 'check only' },
    { line: 'mbc-flow import 商品.csv --table products --tenant t1 --target dev', what: 'on AWS' },
    { line: 'mbc-flow import products.csv -o json', what: 'counts and failed lines for a script' },
  ],
  async run(context, [paths], options) {
    const files = await checkAll(context, [paths ?? []].flat());
    if (options.check === true) return await printChecks(context, files);
    const { refuseErrors } = await import('../operations/check-file.js');
    for (const file of files) refuseErrors(file);
    await warn(context, files);
    const target = await context.connect({ changes: true });
    const plans = await planAll(context, target, files, options);
    if (context.dryRun) return await printPlans(context, target, plans);
    const { rowCount } = await import('../views/import.js');
    const changes = plans.map(
      ({ file, bucket, key }) =>
        `import ${file.source.path} (${rowCount(file.report.rows)}) as s3://${bucket}/${key}`,
    );
    await target.confirm(changes.join('; '));
    const outcomes: ExitCode[] = [];
    const documents: object[] = [];
    for (const one of plans)
      outcomes.push(await importOne(context, target, one, options.detach === true, documents));
    if (context.output === 'json')
      context.out.json(documents.length === 1 ? documents[0] : { imports: documents });
    return worstExitCode(outcomes);
  },
};

async function checkAll(context: Context, paths: string[]): Promise<CheckedFile[]> {
  const { checkFile } = await import('../operations/check-file.js');
  const files: CheckedFile[] = [];
  for (const path of paths) {
    const source = await openSource(context.cwd, path);
    files.push(
      await checkFile(source, (bytes) =>
        context.err.progress(`checking ${path}  ${Math.floor(bytes / 1e6)} MB`),
      ),
    );
    if (context.signal.aborted) throw interrupted(context, 'Nothing was changed.');
  }
  context.err.progress('');
  return files;
}

async function printChecks(context: Context, files: CheckedFile[]): Promise<ExitCode> {
  const { checkDocument, checkLines } = await import('../views/import.js');
  const documents = files.map(({ source, report }) => checkDocument(source.path, report));
  if (context.output === 'json' && documents.length !== 1) context.out.json({ files: documents });
  else for (const document of documents) context.out.json(document);
  for (const { source, report } of files)
    for (const line of checkLines(source.path, report)) context.out.line(line);
  return files.every(({ report }) => report.ok) ? exitCodes.ok : exitCodes.usage;
}

async function warn(context: Context, files: CheckedFile[]): Promise<void> {
  const { problemLines } = await import('../views/import.js');
  for (const { source, report } of files) {
    for (const line of problemLines(source.path, report, 'warning')) context.err.notice(line);
  }
}

async function planAll(
  context: Context,
  target: Target,
  files: CheckedFile[],
  options: Record<string, unknown>,
): Promise<ImportPlan[]> {
  const { planImport } = await import('../operations/import-file.js');
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? options[name] : undefined;
  if (text('key') !== undefined && files.length > 1) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'one key can hold one file only', {
      where: '--key',
      hint: 'leave it out, or import the files one by one',
    });
  }
  const bucket = await target.uploadBucket(text('bucket'));
  const stateMachineArn = await target.machineArn('import-csv');
  const { definition } = await target.gateways.states.describeStateMachine(stateMachineArn);
  const attributes = attributesOf(options.attributes);
  return files.map((file) =>
    planImport(
      file,
      {
        table: text('table') ?? file.source.name.replace(/\.[^.]*$/, ''),
        tenant: text('tenant') ?? target.tenant,
        bucket,
        key: text('key'),
        sourceId: text('sourceId'),
        attributes,
        stateMachineArn,
        definition,
      },
      context.clock.now(),
    ),
  );
}

function attributesOf(given: unknown): Record<string, string> {
  const pairs = (Array.isArray(given) ? given : []) as string[];
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new FlowError(exitCodes.usage, 'BadUsage', `'${pair}' is no attribute`, {
        where: '--attributes',
        hint: '--attributes name=value other=value',
      });
    }),
  );
}

async function printPlans(context: Context, target: Target, plans: ImportPlan[]): Promise<ExitCode> {
  context.err.notice(`Would import to ${await target.describe()}; nothing was changed.`);
  for (const { file, bucket, key, stateMachineArn, name, input } of plans) {
    context.out.json({
      dryRun: true,
      file: file.source.path,
      bucket,
      key,
      stateMachineArn,
      name,
      input: JSON.parse(input),
    });
    context.out.line(file.source.path);
    for (const [what, value] of Object.entries({
      object: `s3://${bucket}/${key}`,
      machine: stateMachineArn,
      name,
      input,
    })) {
      context.out.line(`  ${what.padEnd(8)}${value}`);
    }
  }
  return exitCodes.ok;
}

async function importOne(
  context: Context,
  target: Target,
  one: ImportPlan,
  detach: boolean,
  documents: object[],
): Promise<ExitCode> {
  const { followImport, uploadAndStart } = await import('../operations/import-file.js');
  const { gateways, pollMilliseconds, flagsForHints } = target;
  const { clock, signal } = context;
  const onEvent = await progress(context, one);
  const around = { gateways, clock, pollMilliseconds, signal, onEvent };
  let executionArn: string;
  try {
    executionArn = await uploadAndStart(one, around);
  } catch (error) {
    if (signal.aborted) {
      throw interrupted(
        context,
        'The upload was broken off; no object was left and nothing was started.',
        'run the same command again',
      );
    }
    throw error;
  } finally {
    context.err.progress('');
  }
  await target.rememberExecution(executionArn);
  const watch = `mbc-flow watch @last${flagsForHints}`;
  if (detach) {
    documents.push({ executionArn, status: 'RUNNING' });
    if (context.output === 'ndjson') context.out.json({ executionArn, status: 'RUNNING' });
    context.out.line(executionArn);
    context.err.notice(leaving(target, watch));
    return exitCodes.ok;
  }
  const result = await followImport(one, executionArn, around);
  context.err.progress('');
  if (!result) throw interrupted(context, leaving(target, watch), watch, { executionArn });
  await printResult(context, target, one, result, documents);
  const lost = result.rows.failed + result.rows.unknown > 0;
  return result.status === 'SUCCEEDED' && !lost ? exitCodes.ok : exitCodes.failed;
}

async function progress(context: Context, one: ImportPlan): Promise<(event: ImportEvent) => void> {
  const { rowsProgress, uploadProgress } = await import('../views/import.js');
  const began = context.clock.now();
  const { rows } = one.file.report;
  return (event) => {
    const now = context.clock.now();
    if (event.type === 'uploading')
      context.err.progress(uploadProgress(event.bytes, event.total, now - began));
    else if (event.type === 'running') context.err.progress(rowsProgress(event.mapRun, rows, now));
    else if (event.type === 'accounting') context.err.progress('accounting for the rows');
    else if (context.output === 'text') context.err.verbose(`started ${event.executionArn}`);
  };
}

async function printResult(
  context: Context,
  target: Target,
  one: ImportPlan,
  result: ImportResult,
  documents: object[],
): Promise<void> {
  const { importDocument, importLines } = await import('../views/import.js');
  const document = importDocument(result);
  documents.push(document);
  if (context.output === 'ndjson') context.out.json({ file: one.file.source.path, ...document });
  if (context.output !== 'text') return;
  const again = result.rows.failed > 0 ? ['correct these lines and import them in a file of their own'] : [];
  const next = [...again, `mbc-flow show @last${target.flagsForHints}`];
  const { stdoutIsTTY, columns, color } = context.terminal;
  for (const line of importLines(one.file.source.path, result, { stdoutIsTTY, columns, color }, next))
    context.out.line(line);
}

const leaving = (target: Target, watch: string): string =>
  target.carried()
    ? `The execution is not ended. No server runs it once this command is gone: it rests on disk. ${watch}, or mbc-flow dev, carries it on.`
    : `The execution goes on without us: ${watch}`;

function interrupted(
  context: Context,
  message: string,
  hint?: string,
  details?: Record<string, unknown>,
): FlowError {
  const terminated = context.signal.reason === 'SIGTERM';
  return new FlowError(
    terminated ? exitCodes.terminated : exitCodes.interrupted,
    terminated ? 'Terminated' : 'Interrupted',
    message,
    { hint, details },
  );
}
