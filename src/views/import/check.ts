import type { CsvReport } from '../../csv/check.js';
import type { CsvProblem } from '../../csv/problems.js';
import type { FlowError } from '../../errors.js';
import { count } from '../states/map-progress.js';
import { oneLine, unbroken } from '../text/safe-text.js';

/** `import --check -o json` of one file. */
export const checkDocument = (file: string, report: CsvReport) => ({ file, ...report });

/** The same of one that could not be read. */
export const uncheckedDocument = (file: string, { code, message, exitCode }: FlowError) => ({
  file,
  bytes: 0,
  encoding: null,
  confidence: null,
  bom: false,
  delimiter: null,
  newline: null,
  columns: [],
  rows: 0,
  ok: false,
  problems: [],
  error: { code, message, exitCode },
});

export const uncheckedLine = (file: string, { message, where }: FlowError): string =>
  `${oneLine(where ?? file)}: not checked: ${oneLine(message)}`;

const delimiterNames: Record<string, string> = {
  ',': 'comma',
  '\t': 'tab',
  ';': 'semicolon',
  '|': 'pipe',
  ' ': 'space',
};

/** `importable`: by the flags of the import, too. */
export function checkLines(file: string, report: CsvReport, importable = report.ok): string[] {
  const { encoding, confidence, bom, delimiter, newline, columns, rows } = report;
  const doubt = confidence === null || confidence === 1 ? '' : `, confidence ${confidence}`;
  const facts = [
    rowCount(rows),
    `${count(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}`,
    encoding === null ? undefined : `${encoding}${bom ? ' with BOM' : ''}${doubt}`,
    delimiter === null ? undefined : delimiterNames[delimiter],
    newline ?? undefined,
  ].filter(Boolean);
  const offer = fixOffer(report.problems);
  return [
    `${unbroken(file)}: ${importable ? 'ready to import' : 'not importable'} (${facts.join(', ')})`,
    ...problemLines(file, report),
    ...(offer ? [offer] : []),
  ];
}

export const rowCount = (rows: number): string => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;

/** `warning: items.csv:3:7 …`, with the count where more were found than are listed. */
export function problemLines(file: string, report: CsvReport, only?: 'warning'): string[] {
  return report.problems
    .filter(({ severity }) => only === undefined || severity === only)
    .map(({ severity, line, column, message, count: found, fix }) => {
      const more = found === undefined ? '' : ` (${count(found)} of these in all)`;
      return `${fix === 'done' ? 'mended' : severity}: ${unbroken(file)}:${line}:${column} ${oneLine(message)}${more}`;
    });
}

/** What of a file's cells does not arrive as it stands there, on one line. */
export function lossLine(file: string, { cut, filled }: { cut: number; filled: number }): string {
  const rows = (number: number, what: string): string[] =>
    number === 0 ? [] : [`${rowCount(number)} ${number === 1 ? 'has' : 'have'} ${what}`];
  const losses = [
    ...rows(cut, 'more cells than the header: the extra cells are dropped'),
    ...rows(filled, 'fewer cells than the header: the missing cells arrive empty'),
  ];
  return `warning: ${unbroken(file)}: ${losses.join('; ')}`;
}

/** What `--fix` would do about a file's problems, if it can do something. */
export function fixOffer(problems: CsvProblem[]): string | undefined {
  const found = problems
    .filter(({ fix }) => fix === 'offered')
    .reduce((sum, { count: all }) => sum + (all ?? 1), 0);
  return found === 0 ? undefined : `--fix repairs ${count(found)} of these during the import`;
}
