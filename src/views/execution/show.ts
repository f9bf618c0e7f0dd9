import { isRecordId, jobOfInput } from '../../framework/import/job-of-input.js';
import { type Lost, lostBy } from '../../framework/lost.js';
import { adviseOn } from '../../workflow/failure/advice.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { currentStates } from '../../workflow/history/execution-model.js';
import { machineName, machineOfExecution } from '../../workflow/names/arn.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { count } from '../states/map-progress.js';
import { reasonGroupLines } from '../states/reason-groups.js';
import { type StateRow, stateRows, waitNote } from '../states/state-rows.js';
import { lineText, nameColumnsOf, stateLines } from '../states/styled-lines.js';
import { formatDuration } from '../text/duration.js';
import { colors, glyphs, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { statusLook } from '../text/status-look.js';
import { type Zone, zonedTime } from '../text/time.js';
import { padded, truncate, widthOf } from '../text/width.js';
import type { Shown } from './show-document.js';

export interface ShowOptions extends Zone {
  /** Epoch milliseconds. */
  now: number;
  columns: number;
  color: boolean;
  /** For commands to type next, quoted for a shell: what the user called the execution; absent for a saved history. */
  reference?: string;
  /** The saved history's file. */
  file?: string;
  flagsForHints?: string;
  /** The app's import jobs can be looked up. */
  importJobs?: boolean;
  /** It is an import of a file: its rows can be looked up, with or without a job. */
  importedFile?: boolean;
}

/** One page about an execution, a line each. */
export function showLines(shown: Shown, options: ShowOptions): string[] {
  const { now, columns } = options;
  const ink = paint(options.color);
  const { model } = shown;
  const loss = lostBy(model, shown.mapRuns);
  const look = loss ? 'failed' : (statusLook[model.status] ?? 'plain');
  const lines: string[] = [];
  const title = (text: string): void => void lines.push('', ink.bold(text));
  /** What one would type or copy is `whole`. */
  const field = (name: string, value: string | undefined, whole = false): void => {
    const text = value && oneLine(value);
    if (text) lines.push(`  ${ink.dim(padded(name, 9))} ${whole ? text : truncate(text, columns - 12)}`);
  };
  const row = (row: StateRow): void => {
    for (const line of stateLines(row, nameColumns, columns)) lines.push(lineText(line, options.color));
  };

  lines.push(
    `${ink.bold(ink[colors[look]](`${glyphs[look]} ${model.status}${lossNote(loss)}`))}  ${ink.bold(oneLine(shown.name ?? ''))}`.trimEnd(),
  );
  const machine = shown.executionArn ? machineOfExecution(shown.executionArn) : shown.stateMachineArn;
  field('machine', machine && machineName(machine), true);
  field('arn', shown.executionArn, true);
  if (shown.historyEnds !== undefined)
    field('history', `incomplete: ends at ${zonedTime(shown.historyEnds, options)}`);
  field('started', timing(model.startedAt, model.stoppedAt, options));
  if (model.redriveCount > 0)
    field('redriven', `${model.redriveCount} time${model.redriveCount > 1 ? 's' : ''}`);

  const rows = stateRows(model, shown.mapRuns, now);
  const nameColumns = nameColumnsOf(rows, columns);
  const current = currentStates(model);
  if (current.length > 0) {
    title('Stands at');
    for (const node of current.slice(0, 10)) {
      const notes = [`for ${formatDuration(now - node.enteredAt)}`];
      if (node.wait) notes.push(waitNote(node.wait));
      if (node.status === 'failed' && node.attempts > 0)
        notes.push(`attempt ${node.attempts} failed, to be retried`);
      row({ key: node.name, depth: 0, look: node.wait ? 'waiting' : node.status, name: node.name, notes });
    }
    if (current.length > 10) lines.push(`    and ${count(current.length - 10)} more`);
  }
  if (model.failure && (model.status !== 'ABORTED' || model.failure.error || model.failure.cause)) {
    const { stateName, error, cause } = model.failure;
    const decoded = decodeFailure(error, cause);
    title(
      `${model.status === 'ABORTED' ? 'Stopped' : model.status === 'TIMED_OUT' ? 'Timed out' : 'Failed'}${stateName ? ` in ${oneLine(stateName)}` : ''}`,
    );
    for (const text of decoded.message.split('\n').slice(0, 8)) lines.push(`  ${ink.red(oneLine(text))}`);
    field('error', error);
    if (decoded.type !== error) field('type', decoded.type);
    field('at', decoded.frame);
    field('request', decoded.requestId, true);
    field('execution', decoded.executionArn, true);
    field('meaning', adviseOn(decoded, error, stateName).meaning);
    if (shown.root) {
      const inner = decodeFailure(shown.root.error, shown.root.cause);
      const where = shown.root.stateName ? `${shown.root.stateName}: ` : '';
      field(
        'root',
        `${where}${inner.type && inner.type !== inner.message ? `${inner.type}: ` : ''}${inner.message}`,
      );
      field('in', shown.root.executionArn, true);
    }
  }
  if (rows.length > 0) {
    title('States');
    for (const each of rows) row(each);
  }
  if (shown.mapRuns.length > 0) {
    title('Map runs');
    for (const run of shown.mapRuns) {
      const { total, succeeded, failed, timedOut, aborted, pending, running } = run.itemCounts;
      const parts = Object.entries({ succeeded, failed, 'timed out': timedOut, aborted, running, pending });
      const told = parts.filter(([, n]) => n > 0).map(([what, n]) => `${count(n)} ${what}`);
      lines.push(`  ${run.status}  ${count(total)} items${told.length > 0 ? `: ${told.join(', ')}` : ''}`);
      lines.push(`  ${ink.dim(oneLine(run.mapRunArn))}`);
      const why = shown.mapRunFailures?.find(({ mapRunArn }) => mapRunArn === run.mapRunArn);
      if (!why) continue;
      const examples = {
        head: 'FIRST',
        of: ({ executionArn }: { executionArn: string }) => typedName(executionArn),
      };
      // The names are long and random: all of them stand in JSON.
      const table = reasonGroupLines(
        why.groups.map((group) => ({ ...group, examples: group.examples.slice(0, 1) })),
        examples,
        { stdoutIsTTY: true, columns: columns - 4 },
      );
      if (why.looked < failed + timedOut)
        lines.push(ink.dim(`    of ${count(why.looked)} failed children looked at`));
      for (const line of table) lines.push(`    ${line}`);
    }
  }
  if (model.input !== undefined || model.output !== undefined) lines.push('');
  field('input', model.input);
  field('output', model.output);
  if (shown.traceUrl) lines.push(`  ${ink.dim(padded('trace', 9))} ${oneLine(shown.traceUrl)}`);

  const next = nextCommands(shown, options);
  if (next.length > 0) {
    title('Next');
    const widest = Math.max(...next.map(([command]) => widthOf(command)));
    for (const [command, what] of next) {
      const gap = ' '.repeat(widest - widthOf(command) + 2);
      const told = 2 + widest + 2 + widthOf(what) <= columns;
      lines.push(`  ${ink.cyan(command)}${told ? `${gap}${ink.dim(what)}` : ''}`);
    }
  }
  return lines;
}

/** The headline is the outcome: rows and items that were lost belong to it. */
function lossNote(loss: Lost | undefined): string {
  if (!loss) return '';
  const items = loss.items > 0 ? `${count(loss.items)} ${loss.items === 1 ? 'item' : 'items'} failed` : '';
  return `, ${[loss.jobFailed ? 'job FAILED' : '', items].filter(Boolean).join(', ')}`;
}

function timing(
  startedAt: number | undefined,
  stoppedAt: number | undefined,
  options: ShowOptions,
): string | undefined {
  if (startedAt === undefined) return undefined;
  const started = zonedTime(startedAt, options);
  return stoppedAt === undefined
    ? `${started}, runs for ${formatDuration(options.now - startedAt)}`
    : `${started}, took ${formatDuration(stoppedAt - startedAt)}`;
}

/** Few saved histories tell whose they are: then nothing is advised that needs it. */
const NOBODY = '<execution>';

/** What to type next, and what for. */
function nextCommands(shown: Shown, options: ShowOptions): [command: string, what: string][] {
  const { file, flagsForHints: flags = '' } = options;
  const ref = options.reference ?? shown.executionArn ?? NOBODY;
  const saved = file === undefined ? undefined : ` --history ${shellWord(file)}`;
  const { model } = shown;
  const machine = shown.stateMachineArn?.split(':').at(-1)?.split('/')[0];
  const next: [string, string][] = [];
  // A step without a request id is answered by its execution.
  const isImport = isRecordId(jobOfInput(model.input));
  if (isImport && options.importJobs)
    next.push([`mbc-flow import show ${ref}${flags}`, 'its job: files, rows and what became of them']);
  else if (options.importedFile)
    next.push([`mbc-flow import show ${ref}${flags}`, 'its rows: how many were stored, why others failed']);
  // The framework itself answers the steps of an import, when a file is done.
  const waiting = isImport ? [] : currentStates(model).filter(({ wait }) => wait?.kind === 'token');
  const named = waiting.flatMap(({ wait }) => wait?.requestId ?? []);
  const paused = saved ? [] : named.slice(0, 3);
  if (!saved && waiting.length === 1 && named.length === 0)
    next.push([`mbc-flow resume ${ref}${flags}`, 'answer the step that waits']);
  for (const requestId of paused) {
    next.push([`mbc-flow approve ${shellWord(requestId)}${flags}`, 'answer the step that waits']);
  }
  if (model.status === 'RUNNING') next.push([`mbc-flow watch ${ref}${flags}`, 'follow it to its end']);
  const failure = model.failure && decodeFailure(model.failure.error, model.failure.cause);
  const nested = failure && (shown.root?.executionArn ?? failure.executionArn);
  if (model.failure && failure) {
    const { error, stateName } = model.failure;
    if (nested) next.push([`mbc-flow show ${shellWord(nested)}${flags}`, 'the execution inside that failed']);
    for (const { command, flags: more, what } of adviseOn(failure, error, stateName).commands) {
      const fromFile =
        saved !== undefined &&
        (command === 'history' || (command === 'rehearse' && / --definition /.test(more)));
      const of = command === 'doctor' ? '' : fromFile ? saved : ` ${ref}`;
      next.push([`mbc-flow ${command}${of}${more}${flags}`, what]);
    }
    next.push([`mbc-flow show${saved ?? ` ${ref}`}${flags} -o json`, 'the whole cause, input and output']);
  }
  const [child] = shown.mapRunFailures?.[0]?.groups[0]?.examples ?? [];
  if (child && !saved && child.executionArn !== nested)
    next.push([`mbc-flow show ${shellWord(typedName(child.executionArn))}${flags}`, 'a child that failed']);
  if (machine && model.status !== 'RUNNING')
    next.push([`mbc-flow list ${shellWord(machine)}${flags}`, 'other executions of it']);
  return next.filter(([command]) => !command.includes(` ${NOBODY}`));
}
