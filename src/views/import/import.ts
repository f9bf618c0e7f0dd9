import type { FlowError } from '../../errors.js';
import type { RowCounts, RowFailure } from '../../framework/import/row-ledger.js';
import type { ImportResult } from '../../operations/import/import-result.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import type { QueuedFates } from '../../operations/import/queued/follow-queued.js';
import type { MapRunDescription } from '../../ports/aws.js';
import { failureText } from '../../workflow/failure/cause.js';
import {
  failureKind,
  groupReasons,
  type ReasonGroup,
  someMaySucceed,
} from '../../workflow/failure/reason-groups.js';
import { count, mapRunProgress } from '../states/map-progress.js';
import { reasonGroupDocument, reasonGroupLines, worthGrouping } from '../states/reason-groups.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import { type TableLook, tableLines } from '../text/table.js';
import { padded, widthOf } from '../text/width.js';
import { rowCount } from './check.js';

const mostFailures = 20;

/** @param had bytes that were there before */
export function uploadProgress(bytes: number, total: number, elapsed: number, had: number): string {
  const perSecond = elapsed > 0 && bytes > had ? ((bytes - had) * 1000) / elapsed : 0;
  const left =
    perSecond > 0 && bytes < total ? `  ${formatDuration(((total - bytes) / perSecond) * 1000)} left` : '';
  const rate = perSecond > 0 ? `  ${megabytes(perSecond)}/s` : '';
  const percent = total > 0 ? Math.min(100, Math.floor((bytes / total) * 100)) : 100;
  return `uploading  ${percent}%  ${megabytes(bytes)}/${megabytes(total)}${rate}${left}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The number of rows is known from the check; the machine counts them only as it reads. */
export function rowsProgress(run: MapRunDescription, rows: number, now: number): string {
  const { succeeded, failed, rate } = mapRunProgress(run, now);
  const done = succeeded + failed;
  const left = rate && done < rows ? `  ${formatDuration(((rows - done) / rate) * 1000)} left` : '';
  const failures = failed > 0 ? `  ${count(failed)} failed` : '';
  const speed = rate === undefined ? '' : `  ${count(Math.round(rate))} rows/s`;
  return `importing  ${rows > 0 ? Math.floor((done / rows) * 100) : 100}%  ${count(done)}/${count(rows)} rows${failures}${speed}${left}`;
}

/** Rows on their way from the queue to their data rows. */
export function storingProgress({ stored, failures }: QueuedFates, rows: number): string {
  const failed = failures.length > 0 ? `  ${count(failures.length)} failed` : '';
  return `storing  ${Math.floor((Math.min(stored, rows) / rows) * 100)}%  ${count(stored)}/${count(rows)} queued rows${failed}`;
}

/** The outcome of an import: its execution may have ended well, and its job or rows have not. */
function outcomeOf(result: ImportResult): string {
  const { status, job } = result;
  return status === 'SUCCEEDED' && (job?.status === 'FAILED' || !isGood(result)) ? 'FAILED' : status;
}

/** The JSON of a finished import, as scripts rely on it. */
export const importDocument = (result: ImportResult) => {
  const { executionArn, status, rows, until, failures, failedRowsFile, failedRowsError } = result;
  return {
    executionArn,
    // A job whose record says FAILED has failed, whatever its execution says.
    status: result.job?.id !== undefined && result.job.status === 'FAILED' ? 'FAILED' : status,
    rows,
    until,
    failures,
    failureGroups: rowReasons(failures).map((group) => reasonGroupDocument(group, (failure) => failure)),
    failedRowsFile: failedRowsFile ?? null,
    ...(failedRowsError !== undefined && { failedRowsError }),
    problems: result.problems,
    job: result.job ?? null,
    durationSeconds: result.durationSeconds,
  };
};

/** One of several files that was not imported. */
export const failedDocument = ({ code, exitCode, message, where, hint, details }: FlowError) => ({
  error: { code, exitCode, message, where, hint, ...details },
});

/** What `--dry-run` says of an import. */
export function planDocument({
  file,
  bucket,
  entry,
  stateMachineArn,
  name,
  input,
  start,
  job,
  former,
}: ImportPlan) {
  return {
    dryRun: true,
    file: file.source.path,
    bucket,
    key: entry.key,
    stateMachineArn,
    name,
    input,
    via: start.via,
    ...(job && { jobId: job.id }),
    ...(former && { former }),
  };
}

export function planLines(plan: ImportPlan): string[] {
  const { file, bucket, entry, stateMachineArn, name, input } = plan;
  const facts = {
    object: `s3://${bucket}/${entry.key}`,
    machine: stateMachineArn,
    name,
    start: howStarted(plan),
    input: JSON.stringify(input),
  };
  const lines = Object.entries(facts).map(([what, value]) => `  ${what.padEnd(8)}${unbroken(value)}`);
  return [unbroken(file.source.path), ...lines];
}

/** What an import is about to change. */
export function changeText(plan: ImportPlan): string {
  const { file, former, bucket, entry } = plan;
  const what = `${file.source.path} (${rowCount(file.report.rows)})`;
  const text = former
    ? `resume the import of ${what}, ${former}`
    : `import ${what} as s3://${bucket}/${entry.key}, ${howStarted(plan)}`;
  return unbroken(text);
}

const howStarted = ({ start }: ImportPlan): string =>
  `${start.via === 'table' ? 'through a job record' : 'started directly'} (${start.why})`;

/** Every row is where it was followed to, and the framework says so too. */
export const isGood = ({ status, rows, job, until }: ImportResult): boolean =>
  status === 'SUCCEEDED' &&
  job?.status !== 'FAILED' &&
  rows.failed + rows.failedLater + rows.deadLettered + rows.unknown === 0 &&
  (until === 'queued' || rows.queued === 0);

export function importLines(
  file: string,
  result: ImportResult,
  look: TableLook & { color: boolean },
  next: string[],
): string[] {
  const { rows, failure, failures, failedRowsFile, failedRowsError } = result;
  const { job, durationSeconds, executionArn } = result;
  const colors = paint(look.color);
  const good = isGood(result);
  const facts: [string, string][] = [
    ['status', (good ? colors.green : colors.red)(outcomeOf(result))],
    ['rows', count(rows.total)],
    ['  stored', count(rows.succeeded)],
    ['  failed', rows.failed > 0 ? colors.red(count(rows.failed)) : '0'],
  ];
  if (rows.queued > 0) facts.push(['  queued', queuedText(result)]);
  if (rows.failedLater > 0) facts.push(['  failed later', colors.red(count(rows.failedLater))]);
  if (rows.deadLettered > 0) facts.push(['  in the dead-letter queue', colors.red(count(rows.deadLettered))]);
  if (rows.unknown > 0) facts.push(['  unknown', colors.red(`${count(rows.unknown)} (outcome unknown)`)]);
  if (job) facts.push(['job', oneLine([job.status, job.message].filter(Boolean).join(': '))]);
  if (failedRowsFile !== undefined) facts.push(['failed rows', failedRowsFile]);
  if (failedRowsError !== undefined) facts.push(['failed rows', colors.red(`${failedRowsError}`)]);
  if (failure) facts.push(['error', oneLine(failureText(failure.error, failure.cause))]);
  facts.push(['took', formatDuration(durationSeconds * 1000)], ['execution', executionArn]);
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  return [
    colors.bold(unbroken(file)),
    ...facts.map(([name, value]) => `  ${padded(name, width)}  ${value}`),
    ...failureLines(failures, look),
    ...next.map((line, index) => `  ${index === 0 ? padded('next', width) : ' '.repeat(width)}  ${line}`),
  ];
}

function queuedText({ rows, until, why }: ImportResult): string {
  const reason = why === undefined ? '' : `: ${oneLine(why)}`;
  return `${count(rows.queued)}${until === 'queued' ? ` (not followed further${reason})` : ''}`;
}

/** Refused rows by their reasons. A reason that a row was refused for is its data, where it says nothing else. */
export const rowReasons = (failures: readonly RowFailure[]): ReasonGroup<RowFailure>[] =>
  groupReasons(failures, (failure) => ({
    reason: reasonText(failure),
    kind: failureKind(failure.reason, 'line' in failure ? 'data' : 'unknown'),
    count: 'failed' in failure ? failure.failed : 1,
  }));

/** Rows failed that may succeed as they are. */
export const retryHelps = ({ failed }: Pick<RowCounts, 'failed'>, failures: readonly RowFailure[]): boolean =>
  failed > 0 && (failures.length === 0 || someMaySucceed(rowReasons(failures)));

/** What writes the failed rows of an import that has run. */
export const failedRowsLine = (reference: string, flags: string): string =>
  `mbc-flow import show ${reference} --failed-rows failed-rows.csv${flags}`;

export function failureLines(failures: RowFailure[], look: TableLook): string[] {
  if (failures.length === 0) return [];
  const narrow = { ...look, columns: look.columns - 2 };
  const groups = rowReasons(failures);
  if (worthGrouping(failures.length, groups.length)) {
    const table = reasonGroupLines(groups, { head: 'FIRST LINES', of: firstLineText }, narrow);
    return ['', ...table.map((line) => `  ${line}`), '  -o json lists all', ''];
  }
  const rows = failures.slice(0, mostFailures).map((failure) => [lineText(failure), reasonText(failure)]);
  const table = tableLines([{ head: 'LINE' }, { head: 'REASON', flexible: true }], rows, narrow);
  const more = failures.length - rows.length;
  return [
    '',
    ...table.map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${count(more)} more (-o json lists all)`] : []),
    '',
  ];
}

const firstLineText = (failure: RowFailure): string =>
  String('line' in failure ? failure.line : (failure.firstLine ?? '?'));

const fates = { failedLater: 'failed later', deadLettered: 'in the dead-letter queue' };

const reasonText = ({ fate, reason }: RowFailure): string =>
  fate === undefined ? reason : `${fates[fate]}: ${reason}`;

function lineText(failure: RowFailure): string {
  if ('line' in failure) return String(failure.line);
  const { firstLine, lastLine, failed } = failure;
  return `${firstLine === undefined ? '?' : `${firstLine}-${lastLine}`} (${rowCount(failed)})`;
}

/** One line for several imports together. */
export function summaryLine(results: (ImportResult | undefined)[]): string {
  const ended = results.filter((result) => result !== undefined);
  const sum = (of: keyof RowCounts): number => ended.reduce((total, { rows }) => total + rows[of], 0);
  const parts = [
    `${count(sum('succeeded'))} stored`,
    ...(sum('queued') > 0 ? [`${count(sum('queued'))} queued`] : []),
    `${count(sum('failed'))} failed`,
    ...(sum('failedLater') > 0 ? [`${count(sum('failedLater'))} failed later`] : []),
    ...(sum('deadLettered') > 0 ? [`${count(sum('deadLettered'))} in the dead-letter queue`] : []),
    ...(sum('unknown') > 0 ? [`${count(sum('unknown'))} unknown`] : []),
  ];
  const good = ended.filter(isGood).length;
  return `${results.length} files: ${good} good, ${results.length - good} not; ${rowCount(sum('total'))}: ${parts.join(', ')}`;
}
