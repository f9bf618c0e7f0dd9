import { type ExitCode, exitCodes, FlowError, worstExitCode } from '../../errors.js';
import type { ImportEvent } from '../../operations/import/import-file.js';
import {
  type FilesEvent,
  type ImportManner,
  importFiles,
  type Outcome,
} from '../../operations/import/import-files.js';
import { standing } from '../../operations/import/interrupted-import.js';
import type { Import, ImportPlan } from '../../operations/import/plan-import.js';
import { rowCount } from '../../views/import/check.js';
import {
  failedDocument,
  importDocument,
  importLines,
  isGood,
  rowsProgress,
  storingProgress,
  summaryLine,
  uploadProgress,
} from '../../views/import/import.js';
import { count } from '../../views/states/map-progress.js';
import { executionParts } from '../../workflow/names/arn.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import type { Context } from '../shell/context.js';
import { withReach } from '../shell/hint-target-flags.js';
import {
  calledNow,
  howItGoesOn,
  type Leaving,
  leavingBy,
  left,
  leftRunning,
  waitForEnd,
} from '../shell/interruption.js';
import type { Target } from '../shell/target.js';
import { nextLines } from './next-lines.js';

export const surroundings = (
  { clock, waits, signal }: Context,
  { gateways, journal, pollMilliseconds }: Target,
) => ({ gateways, journal, clock, pollMilliseconds, signal, waits });

/** What to type to import the failed rows of a file once they are corrected. */
type Corrected = (plan: ImportPlan, failedRowsFile: string) => string;
interface Manner {
  several: boolean;
  corrected: Corrected;
}

/** Runs the imports and prints what comes of them; the exit code is that of the worst. */
export async function runImports(
  context: Context,
  target: Target,
  imports: Import[],
  { timeout, corrected, ...manner }: ImportManner & { timeout?: number; corrected: Corrected },
): Promise<ExitCode> {
  const several = imports.length > 1;
  const limit = timeLimit(context, timeout);
  const said = new Map<Outcome, Said>();
  const events = importFiles(imports, manner, {
    ...surroundings(context, target),
    signal: limit.signal,
    waitForEnd: (executionArn) => waitForEnd(target, [executionParts(executionArn).name ?? executionArn]),
  });
  try {
    for await (const event of events) {
      if (event.type === 'step') await showStep(context, target, event, several);
      else if (event.type === 'all') printAll(context, event.outcomes, said);
      else
        said.set(event.outcome, await printOutcome(context, target, event.outcome, { several, corrected }));
    }
  } finally {
    limit.end();
    context.err.progress('');
  }
  const ended = [...said.keys()].filter(({ type }) => !type.startsWith('left')).length;
  const unfinished = imports.length - ended;
  if (limit.signal.aborted && unfinished > 0) throw leftSeveral(context, imports.length, unfinished);
  return worstExitCode([...said.values()].map(({ exitCode }) => exitCode));
}

/** Fires with the command's own signal, and when its time is up. */
export function timeLimit({ signal, clock }: Context, timeout: number | undefined) {
  const over = new AbortController();
  const off = new AbortController();
  if (timeout !== undefined)
    clock.sleep(timeout, AbortSignal.any([off.signal, signal])).then(
      () => over.abort(),
      () => {},
    );
  return { signal: AbortSignal.any([signal, over.signal]), end: () => off.abort() };
}

/** Why the imports were left. */
export const leavingOf = ({ signal }: Context): Leaving => (signal.aborted ? leavingBy(signal) : 'timeout');

/** An outcome as it was printed. */
interface Said {
  exitCode: ExitCode;
  document: object;
  lines: string[];
}

async function printOutcome(
  context: Context,
  target: Target,
  outcome: Outcome,
  manner: Manner,
): Promise<Said> {
  const { several } = manner;
  context.err.progress('');
  const { file } = 'plan' in outcome ? outcome.plan : outcome;
  const { path } = file.source;
  const told = await say(context, target, outcome, manner);
  const said =
    told instanceof FlowError
      ? saidError(context, path, withReach(told, target.flagsForHints), several)
      : told;
  const document = { file: path, ...said.document };
  context.out.event(document, said.lines);
  if (outcome.type === 'detached') context.err.notice(await howItGoesOn(target, outcome.executionArn));
  return several ? { ...said, document } : said;
}

/** Of several, an error is a notice, and the others go on. */
function saidError({ err, signal }: Context, path: string, error: FlowError, several: boolean): Said {
  if (!several) throw error;
  const { exitCode, message, hint } = error;
  err.notice(
    `${signal.aborted ? '' : 'error: '}${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
  return { exitCode, document: failedDocument(error), lines: [] };
}

async function say(
  context: Context,
  target: Target,
  outcome: Outcome,
  { several, corrected }: Manner,
): Promise<Said | FlowError> {
  if (outcome.type === 'failed') return outcome.error;
  const { plan } = outcome;
  if (outcome.type === 'left') {
    const { now, next } = standing(plan, outcome.phase);
    const way = leavingOf(context);
    const words = way === 'timeout' ? 'The time is up' : 'Interrupted';
    return left(way, `${words}. ${now}.`, { hint: next, details: { phase: outcome.phase } });
  }
  if (outcome.type === 'detached') {
    const { executionArn } = outcome;
    return { exitCode: exitCodes.ok, document: { executionArn, status: 'RUNNING' }, lines: [executionArn] };
  }
  const executionArn = 'result' in outcome ? outcome.result.executionArn : outcome.executionArn;
  // With several at once, the newest is another one by the time that somebody reads this.
  const reference = several ? executionArn : await calledNow(target, executionArn);
  if (outcome.type === 'leftRunning') {
    const command = `mbc-flow watch ${reference}${target.flagsForHints}`;
    const done = 'The execution has not ended yet.';
    return leftRunning(leavingOf(context), target, done, command, { details: { executionArn } });
  }
  if (outcome.type === 'leftStoring') {
    const { rows, job } = outcome.result;
    const done = `${count(rows.queued)} of ${rowCount(rows.total)} are queued and not stored yet.`;
    const show = `mbc-flow import show ${job?.id === undefined ? reference : shellWord(job.id)} --watch${target.flagsForHints}`;
    const details = { executionArn, rows };
    return leftRunning(leavingOf(context), target, done, show, { count: rows.queued, details });
  }
  const { result } = outcome;
  const next = nextLines(result, {
    reference,
    flags: target.flagsForHints,
    takesSome: plan.machine.mapState !== undefined,
    corrected: result.failedRowsFile && corrected(plan, result.failedRowsFile),
  });
  return {
    exitCode: isGood(result) ? exitCodes.ok : exitCodes.failed,
    document: importDocument(result),
    lines: importLines(plan.file.source.path, result, context.terminal, next),
  };
}

function printAll({ out }: Context, outcomes: Outcome[], said: ReadonlyMap<Outcome, Said>): void {
  const documents = outcomes.flatMap((outcome) => said.get(outcome)?.document ?? []);
  const results = outcomes.map((outcome) => (outcome.type === 'imported' ? outcome.result : undefined));
  out.summary(
    () => (documents.length === 1 ? documents[0] : { imports: documents }),
    results.length > 1 ? [summaryLine(results)] : [],
  );
}

const leftSeveral = (context: Context, files: number, unfinished: number): FlowError =>
  left(
    leavingOf(context),
    files === 1
      ? 'Nothing was changed.'
      : `Interrupted: ${files - unfinished} of ${files} files are imported or rejected; ${unfinished} are not.`,
    {
      hint: 'run the same command again for the others; nothing is started twice',
      details: { files, unfinished },
    },
  );

async function showStep(
  context: Context,
  target: Target,
  { plan, began, step }: Extract<FilesEvent, { type: 'step' }>,
  several: boolean,
): Promise<void> {
  const { err, clock } = context;
  if (step.type === 'started') {
    err.progress('');
    if (step.former) err.notice(`This import was started before; its execution is ${step.executionArn}.`);
    err.verbose(`started ${step.executionArn}`);
    return await target.rememberExecution(step.executionArn);
  }
  const text = progressText(step, plan, { began, now: clock.now() });
  if (text !== undefined) err.progress(several ? `${plan.file.source.path}: ${text}` : text);
}

function progressText(
  step: ImportEvent,
  { file, entry }: ImportPlan,
  { began, now }: { began: number; now: number },
): string | undefined {
  switch (step.type) {
    case 'uploading': {
      const had = (entry.upload?.parts ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
      return uploadProgress(step.bytes, step.total, now - began, had);
    }
    case 'waiting':
      return `waiting for the execution of ${step.jobId}`;
    case 'running':
      return rowsProgress(step.mapRun, file.report.rows, now);
    case 'storing':
      return storingProgress(step.fates, step.rows);
    case 'accounting':
      return `counting the rows${step.batches === undefined ? '' : `  ${step.batches} batches`}`;
    default:
      return undefined;
  }
}
