import { createHash } from 'node:crypto';
import { type CsvCheckOptions, type CsvReport, createCsvCheck } from '../../csv/check.js';
import { concerns, countOfAll, lostRows } from '../../csv/problems.js';
import type { FileDialect } from '../../csv/transcode.js';
import { exitCodes, FlowError } from '../../errors.js';
import type { FileSource } from '../../ports/file-source.js';
import { fileWord } from '../../workflow/names/shell-word.js';
import type { WrittenForm } from './written-form.js';

export interface CheckedFile {
  source: FileSource;
  report: CsvReport;
  /** How it is read. */
  dialect: FileDialect;
  /** Of the file's own bytes, hex. */
  sha256: string;
  stamp: string;
  /** How the file was written that was uploaded as this one. */
  form?: WrittenForm;
}

/** What of a batch is not the row: `{"BatchInput":{"Attributes":{…}},"Items":[…]}`. */
const wrapping = 2_048;
const batchLimitBytes = 262_144 - wrapping;

/**
 * The first pass of an import: reads the file once, changes nothing.
 * @throws FlowError 2 when the file changes meanwhile
 */
export async function checkFile(
  source: FileSource,
  options: CsvCheckOptions = {},
  onProgress?: (bytes: number) => void,
): Promise<CheckedFile> {
  const stamp = await source.stamp();
  const hash = createHash('sha256');
  const check = createCsvCheck({ batchLimitBytes, ...options });
  let bytes = 0;
  for await (const chunk of source.read()) {
    hash.update(chunk);
    check.push(chunk);
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  if ((await source.stamp()) !== stamp) throw fileChanged(source.path);
  const report = check.end();
  return { source, report, dialect: dialectOf(report, options), sha256: hash.digest('hex'), stamp };
}

function dialectOf({ encoding, delimiter, columns }: CsvReport, options: CsvCheckOptions): FileDialect {
  return {
    encoding: encoding ?? 'utf-8',
    delimiter: delimiter ?? ',',
    ...((options.header === false || options.columns) && { columns }),
    ...(options.mend && { mend: true }),
  };
}

export const fileChanged = (path: string): FlowError =>
  new FlowError(
    exitCodes.usage,
    'FileChanged',
    'the file changed while it was being read; nothing was started',
    {
      where: path,
      hint: 'run the same command again when the file is complete',
    },
  );

/** How many problems a file has that are not put right on the way. */
export const problemCount = ({ report }: CheckedFile): number => countOfAll(report.problems.filter(concerns));

/** Rows that arrive otherwise than they stand in the file; undefined where there are none. */
export function lossOf({ report }: CheckedFile): { cut: number; filled: number } | undefined {
  const lost = lostRows(report.problems);
  return lost.cut + lost.filled > 0 ? lost : undefined;
}

/** `strict`: what is warned of speaks against it, too. */
export const isImportable = ({ report }: CheckedFile, strict: boolean): boolean =>
  report.ok && !(strict && report.problems.some(concerns));

/** @throws FlowError (exit 2) that lists a file's errors, if it has any; `strict`: and its warnings */
export function refuseErrors({ source, report }: CheckedFile, strict = false): void {
  const errors = report.problems.filter((one) => one.severity === 'error' || (strict && concerns(one)));
  const [first, ...rest] = errors;
  if (!first) return;
  const place = ({ line, column }: { line: number; column: number }): string =>
    `${source.path}:${line}:${column}`;
  const all = errors.map((problem) => `\n${place(problem)}  ${problem.message}`).join('');
  const message = rest.length === 0 ? first.message : `${errors.length} problems:${all}`;
  throw new FlowError(exitCodes.usage, first.code, message, {
    where: rest.length === 0 ? place(first) : source.path,
    hint: `correct the file; to check it again: mbc-flow import --check ${fileWord(source.path)}`,
    details: { file: source.path, problems: errors },
  });
}
