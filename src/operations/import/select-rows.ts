import { splitCells } from '../../csv/cells.js';
import type { Delimiter } from '../../csv/dialect.js';
import { createTextEncoding } from '../../csv/encoding/encode.js';
import { type CsvRow, createRowReader } from '../../csv/row-reader.js';
import { type ReaderDialect, writeCell } from '../../csv/transcode.js';
import type { RowFailure } from '../../framework/import/row-ledger.js';
import type { FileSource } from '../../ports/file-source.js';
import type { CheckedFile } from './check-file.js';
import { formOf, type WrittenForm } from './written-form.js';

/** A row that is written again, and where it stood. */
interface Selected {
  bytes: Uint8Array;
  /** Lines of the original and of what is written; undefined for the header. */
  from?: number;
  to?: number;
}

/**
 * The rows of a file that failed, as a file of their own: in this form, with its columns, and (`reasons`) one more
 * column that says why.
 */
async function* selectRows(
  { source, report, dialect }: CheckedFile,
  reader: ReaderDialect,
  failures: RowFailure[],
  form: WrittenForm,
  reasons: boolean,
): AsyncGenerator<Selected> {
  const { delimiter, newline } = form;
  const width = report.columns.length;
  const encode = createTextEncoding(form.encoding);
  const reasonOf = reasonsByLine(failures);
  const rows = createRowReader(dialect, reader);
  let line = 1;
  const write = (text: string, more: string): Uint8Array => {
    const record = reasons ? text + delimiter + writeCell(more, delimiter) : text;
    line += record.split(/\r\n|\r|\n/).length;
    return encode(record + newline);
  };
  if (form.bom) yield { bytes: encode('\uFEFF') };
  let headerWritten = !form.header;
  const select = function* (found: CsvRow[]): Generator<Selected> {
    for (const row of found) {
      const reason = reasonOf(row.line);
      if (reason === undefined) continue;
      // Where the machine names the columns, what was uploaded has no header.
      const header = rows.header() ?? (dialect.columns && joined(dialect.columns, dialect.delimiter));
      if (!headerWritten && header !== undefined)
        yield {
          bytes: write(rewritten(header, dialect.delimiter, delimiter), reasonColumn(report.columns)),
        };
      headerWritten = true;
      const to = line;
      yield { bytes: write(fitted(row, width, dialect.delimiter, delimiter), reason), from: row.line, to };
    }
  };
  for await (const chunk of source.read()) yield* select(rows.push(chunk));
  yield* select(rows.end());
}

/** A row as it stands, with as many cells as there are columns: those beyond were dropped. */
function fitted({ text, cells }: CsvRow, width: number, from: Delimiter, to: Delimiter): string {
  const missing = width - cells.length;
  if (missing >= 0) return rewritten(text, from, to) + to.repeat(missing);
  return joined(cells.slice(0, width), to);
}

/** A record with another delimiter; as it stands where that is its own. */
const rewritten = (record: string, from: Delimiter, to: Delimiter): string =>
  from === to ? record : joined(splitCells(record, from), to);

const joined = (cells: string[], delimiter: Delimiter): string =>
  cells.map((cell) => writeCell(cell, delimiter)).join(delimiter);

/** The name of the column that says why. */
export function reasonColumn(columns: string[]): string {
  let name = 'reason';
  for (let number = 2; columns.includes(name); number++) name = `reason_${number}`;
  return name;
}

/** Why the row that starts at a line failed, or may have; asked in the order of the file. */
export function reasonsByLine(failures: RowFailure[]): (line: number) => string | undefined {
  const exact = new Map<number, string>();
  const ranges: { first: number; last: number; reason: string }[] = [];
  for (const failure of failures) {
    if ('line' in failure) {
      exact.set(failure.line, failure.reason);
    } else if (failure.firstLine !== undefined && failure.lastLine !== undefined) {
      const { firstLine: first, lastLine: last, failed, reason } = failure;
      ranges.push({
        first,
        last,
        reason: `${failed} of the rows of lines ${first} to ${last} failed: ${reason}`,
      });
    }
  }
  return (line) => {
    const told = exact.get(line);
    if (told !== undefined) return told;
    while (ranges[0] && ranges[0].last < line) ranges.shift();
    return ranges[0] && ranges[0].first <= line ? ranges[0].reason : undefined;
  };
}

/** The file for `--failed-rows`: written as the file was that was imported. */
export async function* failedRows(
  file: CheckedFile,
  reader: ReaderDialect,
  failures: RowFailure[],
): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of selectRows(file, reader, failures, file.form ?? formOf(file), true))
    yield bytes;
}

/** The failed rows as a file to be imported, whose lines are told as those of the original. */
export function failedRowsSource(
  file: CheckedFile,
  reader: ReaderDialect,
  failures: RowFailure[],
): FileSource {
  const { source } = file;
  const original = new Map<number, number>();
  const before = (line: number): number => source.lineOf?.(line) ?? line;
  return {
    path: source.path,
    name: source.name,
    stamp: () => source.stamp(),
    async *read() {
      for await (const { bytes, from, to } of selectRows(file, reader, failures, formOf(file), false)) {
        if (from !== undefined && to !== undefined) original.set(to, before(from));
        yield bytes;
      }
    },
    lineOf: (line) => original.get(line) ?? line,
  };
}

/** Failures by the lines that people know. */
export function toldLines(failures: RowFailure[], { lineOf }: FileSource): RowFailure[] {
  if (!lineOf) return failures;
  return failures.map((failure) => {
    if ('line' in failure) return { ...failure, line: lineOf(failure.line) };
    const { firstLine, lastLine } = failure;
    return {
      ...failure,
      ...(firstLine !== undefined && { firstLine: lineOf(firstLine) }),
      ...(lastLine !== undefined && { lastLine: lineOf(lastLine) }),
    };
  });
}
