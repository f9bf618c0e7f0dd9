import type { MapRunDescription } from '../aws/gateways.js';
import type { CsvReport } from '../csv/check.js';
import type { ImportResult } from '../operations/import-file.js';
import { decodeFailure } from '../workflow/cause.js';
import type { RowFailure } from '../workflow/row-ledger.js';
import { formatDuration } from './duration.js';
import { oneLine, padded, widthOf } from './fit.js';
import { count, mapRunProgress } from './map-progress.js';
import { paint } from './paint.js';
import { type TableLook, tableLines } from './table.js';

const mostFailures = 20;

/** `import --check -o json` of one file. */
export const checkDocument = (file: string, report: CsvReport) => ({ file, ...report });

const delimiterNames: Record<string, string> = {
  ',': 'comma',
  '\t': 'tab',
  ';': 'semicolon',
  '|': 'pipe',
  ' ': 'space',
};

export function checkLines(file: string, report: CsvReport): string[] {
  const { encoding, bom, delimiter, newline, columns, rows } = report;
  const facts = [
    rowCount(rows),
    `${count(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}`,
    encoding === null ? undefined : `${encoding}${bom ? ' with BOM' : ''}`,
    delimiter === null ? undefined : delimiterNames[delimiter],
    newline ?? undefined,
  ].filter(Boolean);
  return [
    `${file}: ${report.ok ? 'good to import' : 'not importable'} (${facts.join(', ')})`,
    ...problemLines(file, report),
  ];
}

export const rowCount = (rows: number): string => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;

/** `warning: items.csv:3:7 …`, with the count where more were found than are listed. */
export function problemLines(file: string, report: CsvReport, only?: 'warning'): string[] {
  return report.problems
    .filter(({ severity }) => only === undefined || severity === only)
    .map(({ severity, line, column, message, count: found }) => {
      const more = found === undefined ? '' : ` (${count(found)} of these in all)`;
      return `${severity}: ${file}:${line}:${column} ${oneLine(message)}${more}`;
    });
}

export function uploadProgress(bytes: number, total: number, elapsed: number): string {
  const rate = elapsed > 0 ? `  ${megabytes((bytes * 1000) / elapsed)}/s` : '';
  const percent = total > 0 ? Math.floor((bytes / total) * 100) : 100;
  return `uploading  ${percent}%  ${megabytes(bytes)}/${megabytes(total)}${rate}`;
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

/** The JSON of a finished import, as scripts rely on it. */
export const importDocument = ({ executionArn, status, rows, failures, durationSeconds }: ImportResult) => ({
  executionArn,
  status,
  rows,
  failures,
  failedRowsFile: null,
  durationSeconds,
});

export function importLines(
  file: string,
  result: ImportResult,
  look: TableLook & { color: boolean },
  next: string[],
): string[] {
  const { status, rows, failures, failure, durationSeconds, executionArn } = result;
  const colors = paint(look.color);
  const good = status === 'SUCCEEDED' && rows.failed === 0 && rows.unknown === 0;
  const facts: [string, string][] = [
    ['status', good ? colors.green(status) : colors.red(status)],
    ['rows', count(rows.total)],
    ['  stored', count(rows.succeeded)],
    ['  failed', rows.failed > 0 ? colors.red(count(rows.failed)) : '0'],
  ];
  if (rows.queued > 0)
    facts.push(['  queued', `${count(rows.queued)} (handed on to a queue: what became of them is not told)`]);
  if (rows.unknown > 0)
    facts.push(['  unknown', colors.red(`${count(rows.unknown)} (nothing tells what became of them)`)]);
  if (failure) facts.push(['error', oneLine(failureText(failure))]);
  facts.push(['took', formatDuration(durationSeconds * 1000)], ['execution', executionArn]);
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  return [
    colors.bold(file),
    ...facts.map(([name, value]) => `  ${padded(name, width)}  ${value}`),
    ...failureLines(failures, look),
    ...next.map((line, index) => `  ${index === 0 ? padded('next', width) : ' '.repeat(width)}  ${line}`),
  ];
}

function failureText({ error, cause }: NonNullable<ImportResult['failure']>): string {
  const { message, type } = decodeFailure(error, cause);
  return type === undefined || message.includes(type) ? message : `${type}: ${message}`;
}

function failureLines(failures: RowFailure[], look: TableLook): string[] {
  if (failures.length === 0) return [];
  const rows = failures.slice(0, mostFailures).map((failure) => [lineText(failure), failure.reason]);
  const table = tableLines([{ head: 'LINE' }, { head: 'REASON', flexible: true }], rows, {
    ...look,
    columns: look.columns - 2,
  });
  const more = failures.length - rows.length;
  return [
    '',
    ...table.map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${count(more)} more (-o json lists all)`] : []),
    '',
  ];
}

function lineText(failure: RowFailure): string {
  if ('line' in failure) return String(failure.line);
  const { firstLine, lastLine, failed } = failure;
  return `${firstLine === undefined ? '?' : `${firstLine}-${lastLine}`} (${rowCount(failed)})`;
}
