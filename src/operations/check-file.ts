import { createHash } from 'node:crypto';
import { type CsvReport, createCsvCheck } from '../csv/check.js';
import { exitCodes, FlowError } from '../errors.js';
import type { FileSource } from './file-source.js';

export interface CheckedFile {
  source: FileSource;
  report: CsvReport;
  /** Of the file's own bytes, hex. */
  sha256: string;
  stamp: string;
}

/** What of a batch is not the row: `{"BatchInput":{"Attributes":{…}},"Items":[…]}`. */
const wrapping = 2_048;
const batchLimitBytes = 262_144 - wrapping;

/** The first pass of an import: reads the file once, changes nothing. */
export async function checkFile(
  source: FileSource,
  onProgress?: (bytes: number) => void,
): Promise<CheckedFile> {
  const stamp = await source.stamp();
  const hash = createHash('sha256');
  const check = createCsvCheck({ batchLimitBytes });
  let bytes = 0;
  for await (const chunk of source.read()) {
    hash.update(chunk);
    check.push(chunk);
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  return { source, report: check.end(), sha256: hash.digest('hex'), stamp };
}

/** @throws FlowError (exit 2) that lists a file's errors, if it has any */
export function refuseErrors({ source, report }: CheckedFile): void {
  const errors = report.problems.filter(({ severity }) => severity === 'error');
  const [first, ...rest] = errors;
  if (!first) return;
  const place = ({ line, column }: { line: number; column: number }): string =>
    `${source.path}:${line}:${column}`;
  const more = rest.map((problem) => `\n  ${place(problem)} ${problem.message}`).join('');
  throw new FlowError(exitCodes.usage, first.code, `${first.message}${more}`, {
    where: place(first),
    hint: `correct the file; mbc-flow import --check ${source.path} checks it again`,
    details: { file: source.path, problems: errors },
  });
}
