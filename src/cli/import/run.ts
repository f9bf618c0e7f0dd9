import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import { writeWhole } from '../../files/result-file.js';
import { type CheckedFile, problemCount } from '../../operations/import/check-file.js';
import type { ImportEvent, ImportResult, Surroundings } from '../../operations/import/import-file.js';
import { closeImport, followImport, uploadAndStart } from '../../operations/import/import-file.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import { failedRows, toldLines } from '../../operations/import/select-rows.js';
import type { Told } from '../../views/import/import.js';
import {
  importDocument,
  importLines,
  isGood,
  rowsProgress,
  summaryLine,
  uploadProgress,
} from '../../views/import/import.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import { interrupted, leavingBy } from '../shell/interrupted.js';
import { calledNow, howItGoesOn, leftRunning, waitForEnd } from '../shell/leaving.js';
import type { Target } from '../shell/target.js';

/** One of the files: how it is going to be imported, or what speaks against it. */
export interface Import {
  file: CheckedFile;
  plan?: ImportPlan;
  error?: FlowError;
}

interface Manner {
  atOnce: number;
  detach: boolean;
  failedRows?: string;
}

/** What came of one of them. */
interface Outcome {
  exitCode: ExitCode;
  document: object;
  executionArn?: string;
  result?: ImportResult;
  /** A signal came first. */
  left?: boolean;
}

/** Runs the imports, several at once where that is wanted; the exit code is that of the worst. */
export async function runImports(
  context: Context,
  target: Target,
  imports: Import[],
  manner: Manner,
): Promise<ExitCode> {
  const outcomes: Outcome[] = [];
  const waiting = imports.map((one, index) => ({ one, index }));
  const work = async (): Promise<void> => {
    while (!context.signal.aborted) {
      const next = waiting.shift();
      if (!next) return;
      outcomes[next.index] = await runOne(context, target, next.one, manner, imports.length > 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(manner.atOnce, imports.length) }, work));
  const begun = outcomes.filter((outcome) => outcome !== undefined);
  if (begun.length > 0) await printAll(context, begun);
  for (const [index, outcome] of outcomes.entries()) {
    const plan = imports[index]?.plan;
    if (plan && outcome?.executionArn !== undefined)
      await closeImport(plan, outcome.executionArn, target.journal);
  }
  const unfinished = imports.length - begun.filter(({ left }) => !left).length;
  if (context.signal.aborted && unfinished > 0) throw leftSeveral(context, imports.length, unfinished);
  return worstExitCode(begun.map(({ exitCode }) => exitCode));
}

const leftSeveral = (context: Context, files: number, unfinished: number): FlowError =>
  interrupted(
    context,
    files === 1
      ? 'Nothing was changed.'
      : `Interrupted: ${files - unfinished} of ${files} files are imported or refused, ${unfinished} are not.`,
    'the same command again goes on with the others; nothing is started twice',
    { files, unfinished },
  );

export const failureOf = (imports: Import[]): ExitCode =>
  worstExitCode(imports.map(({ error }) => error?.exitCode ?? exitCodes.ok));

async function printAll(context: Context, outcomes: Outcome[]): Promise<void> {
  const documents = outcomes.map(({ document }) => document);
  if (context.output === 'json')
    context.out.json(documents.length === 1 ? documents[0] : { imports: documents });
  if (outcomes.length < 2) return;
  context.out.line(summaryLine(outcomes.map(({ result }) => result)));
}

/** One of several that fails is an outcome, and the others go on; one alone fails the command. */
async function runOne(
  context: Context,
  target: Target,
  { file, plan, error }: Import,
  manner: Manner,
  several: boolean,
): Promise<Outcome> {
  const path = file.source.path;
  try {
    if (error || !plan) throw error ?? new Error('no plan');
    const outcome = await importOne(context, target, plan, manner, several);
    const document = several ? { file: path, ...outcome.document } : outcome.document;
    if (context.output === 'ndjson') context.out.json({ file: path, ...outcome.document });
    return { ...outcome, document };
  } catch (thrown) {
    if (!several || !(thrown instanceof FlowError)) throw thrown;
    const { code, exitCode, message, where, hint, details } = thrown;
    const document = { file: path, error: { code, exitCode, message, where, hint, ...details } };
    if (context.output === 'ndjson') context.out.json(document);
    const left = context.signal.aborted;
    context.err.notice(
      `${left ? '' : 'error: '}${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );
    return { exitCode, document, left };
  }
}

async function importOne(
  context: Context,
  target: Target,
  plan: ImportPlan,
  { detach, failedRows }: Manner,
  several: boolean,
): Promise<Outcome> {
  const { gateways, journal, pollMilliseconds, flagsForHints } = target;
  const { clock, waits, signal } = context;
  const show = await progress(context, plan, several);
  let phase: Phase = 'checked';
  const onEvent = (event: ImportEvent): void => {
    phase = phaseAfter(event) ?? phase;
    show(event);
  };
  const around: Surroundings = { gateways, journal, clock, pollMilliseconds, signal, waits, onEvent };
  let executionArn: string;
  try {
    executionArn = await uploadAndStart(plan, around);
  } catch (error) {
    if (signal.aborted) {
      const { now, next } = standing(plan, phase);
      throw interrupted(context, `Interrupted. ${now}.`, next, { phase });
    }
    throw resumable(error, plan, phase);
  } finally {
    context.err.progress('');
  }
  await target.rememberExecution(executionArn);
  if (detach) {
    context.out.line(executionArn);
    context.err.notice(await howItGoesOn(target, executionArn));
    return { exitCode: exitCodes.ok, document: { executionArn, status: 'RUNNING' }, executionArn };
  }
  const result = await waits.during(
    waitForEnd(target, [executionParts(executionArn).name ?? executionArn]),
    () => followImport(plan, executionArn, around),
  );
  context.err.progress('');
  // With several at once, the newest is another one by the time that somebody reads this.
  const reference = several ? executionArn : await calledNow(target, executionArn);
  if (!result)
    throw leftRunning(
      leavingBy(signal),
      target,
      'The execution has not ended yet.',
      `mbc-flow watch ${reference}${flagsForHints}`,
      { details: { executionArn } },
    );
  const told = await tell(context, plan, result, failedRows);
  await printResult(context, target, plan, result, told, reference);
  return {
    exitCode: isGood(result) ? exitCodes.ok : exitCodes.failed,
    document: importDocument(result, told),
    executionArn,
    result,
  };
}

/** How far an import had come when it was left. */
type Phase = 'checked' | 'uploading' | 'uploaded' | 'starting' | 'recorded';

function phaseAfter({ type }: ImportEvent): Phase | undefined {
  if (type === 'uploading' || type === 'uploaded' || type === 'starting') return type;
  return type === 'waiting' ? 'recorded' : undefined;
}

/** What is there of an import that was interrupted, and what to type. */
function standing({ bucket, entry, job }: ImportPlan, phase: Phase): { now: string; next: string } {
  const object = `s3://${bucket}/${entry.key}`;
  const again = 'the same command again';
  switch (phase) {
    case 'checked':
      return { now: 'This run has uploaded and started nothing', next: again };
    case 'uploading':
      return { now: 'The upload was taken back: no object is left, and nothing was started', next: again };
    case 'uploaded':
      return {
        now: `${object} is uploaded; nothing was started`,
        next: `${again} starts it, without a second upload`,
      };
    case 'starting':
      return {
        now: `${object} is uploaded; ${job ? 'its job record may have been written' : 'its execution may have been started'}`,
        next: `${again} finds out and goes on; nothing is started twice`,
      };
    case 'recorded':
      return {
        now: `${object} is uploaded and its job record ${job?.id} is written: the framework starts the import without us`,
        next: `${again} follows it`,
      };
  }
}

/** The parts that are there stay: the same command line sends the others only. */
function resumable(error: unknown, plan: ImportPlan, phase: Phase): unknown {
  if (
    !(error instanceof FlowError) ||
    ![exitCodes.unreachable, exitCodes.denied].some((code) => code === error.exitCode)
  )
    return error;
  const { exitCode, code, message, where, hint, details, cause } = error;
  const { source } = plan.file;
  const again =
    phase === 'checked' || phase === 'uploading'
      ? `the same command again goes on where it stopped (${source.path})`
      : `${standing(plan, phase).now}; ${standing(plan, phase).next} (${source.path})`;
  return new FlowError(exitCode, code, message, {
    where,
    hint: hint === undefined ? again : `${hint}; ${again}`,
    details,
    cause,
  });
}

async function progress(
  context: Context,
  { file, entry }: ImportPlan,
  several: boolean,
): Promise<(event: ImportEvent) => void> {
  const began = context.clock.now();
  const { rows } = file.report;
  const name = several ? `${file.source.path}: ` : '';
  const had = (entry.upload?.parts ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  const say = (text: string): void => context.err.progress(name + text);
  return (event) => {
    const now = context.clock.now();
    if (event.type === 'uploading') say(uploadProgress(event.bytes, event.total, now - began, had));
    else if (event.type === 'waiting') say(`waiting for the execution of ${event.jobId}`);
    else if (event.type === 'running') say(rowsProgress(event.mapRun, rows, now));
    else if (event.type === 'accounting') {
      say(`accounting for the rows${event.batches === undefined ? '' : `  ${event.batches} batches`}`);
    } else if (event.type === 'started' && context.output === 'text') {
      if (event.former)
        context.err.notice(`This import was started before; its execution is ${event.executionArn}.`);
      context.err.verbose(`started ${event.executionArn}`);
    }
  };
}

/** Failures by the lines that people know, and the file of the failed rows. A full disk does not hide the outcome. */
async function tell(
  context: Context,
  { file, machine }: ImportPlan,
  { failures }: ImportResult,
  failedRowsFile: string | undefined,
): Promise<Told> {
  const told = { failures: toldLines(failures, file.source), problems: problemCount(file) };
  if (failedRowsFile === undefined || failures.length === 0) return told;
  try {
    await writeWhole(context.cwd, failedRowsFile, failedRows(file, machine.reader, failures));
    return { ...told, failedRowsFile };
  } catch (error) {
    return { ...told, failedRowsError: (error as Error).message };
  }
}

async function printResult(
  context: Context,
  target: Target,
  { file, machine }: ImportPlan,
  result: ImportResult,
  told: Told,
  reference: string,
): Promise<void> {
  if (context.output !== 'text') return;
  const { flagsForHints } = target;
  const retry = machine.mapState !== undefined && told.failures.length > 0;
  const again =
    told.failedRowsFile === undefined
      ? []
      : [`mbc-flow import ${told.failedRowsFile}${flagsForHints} when it is corrected`];
  const next = [
    ...again,
    ...(retry ? [`mbc-flow import --retry ${reference}${flagsForHints}`] : []),
    `mbc-flow show ${reference}${flagsForHints}`,
  ];
  const { stdoutIsTTY, columns, color } = context.terminal;
  for (const line of importLines(file.source.path, result, told, { stdoutIsTTY, columns, color }, next))
    context.out.line(line);
}
