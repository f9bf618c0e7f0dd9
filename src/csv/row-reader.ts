import { splitCells } from './cells.js';
import { createUtf8Converter } from './encoding/utf8.js';
import { byteOrderMark, CsvError, createItemMaker, maxRecordBytes } from './item-reader.js';
import { isMendedAway, mendCells } from './mend-cells.js';
import { RecordScanner } from './scanner.js';
import { commonReader, type FileDialect, type ReaderDialect } from './transcode.js';

/** A data row of the original file: what the machine makes of it, and where it stands. */
export interface CsvRow {
  /** 0-based, the header and blank lines not counted: the machine's own order. */
  index: number;
  /** Physical line (1-based) in the original file where the record starts. */
  line: number;
  /** The record as it stands there, without its newline; its cells by AWS's rules, those beyond the header too. */
  text: string;
  cells: string[];
  item: Record<string, string>;
}

export interface RowReader {
  push(chunk: Uint8Array): CsvRow[];
  end(): CsvRow[];
  /** The header's record as it stands in the file; undefined before it was read, or where there is none. */
  header(): string | undefined;
}

/**
 * Reads the rows of an original file, in its own encoding and with its own delimiter, as the machine gets them
 * after the upload (`createTranscoder`).
 *
 * @throws {CsvError} from `push` and `end`, where the check would have refused the file
 */
export function createRowReader(file: FileDialect, reader: ReaderDialect = commonReader): RowReader {
  const { encoding, delimiter, columns, mend = false } = file;
  const converter = createUtf8Converter(encoding);
  const scanner = new RecordScanner({ delimiter, maxRecordBytes });
  let header: string | undefined;
  let headerSeen = columns !== undefined;
  let records = 0;
  let index = 0;
  const given = reader.headers ?? columns;
  let toItem = given && createItemMaker(given);

  const cellsOf = (text: string, isHeader: boolean): string[] => {
    const cells = scanner.plain
      ? text.split(delimiter)
      : splitCells(text, delimiter, { keepBackslashes: mend });
    if (mend) return mendCells(cells, isHeader);
    // Where a header is put before the rows, a BOM goes.
    if (scanner.bom && (reader.headers || !columns)) cells[0] = byteOrderMark + cells[0];
    return cells;
  };
  const read = (): CsvRow[] => {
    const rows: CsvRow[] = [];
    while (scanner.next()) {
      if (scanner.from === scanner.to) continue;
      if (scanner.unclosed || scanner.truncated) {
        throw new CsvError(
          scanner.unclosed ? 'UnclosedQuote' : 'RecordTooLong',
          `The record at line ${scanner.line} can't be read.`,
        );
      }
      records++;
      const text = scanner.text();
      if (mend && isMendedAway(text, records === 1 ? 'first' : scanner.newline ? 'between' : 'last'))
        continue;
      const cells = cellsOf(text, !headerSeen);
      if (headerSeen && toItem) {
        rows.push({ index: index++, line: scanner.line, text, cells, item: toItem(cells) });
      } else {
        header = text;
        headerSeen = true;
        toItem ??= createItemMaker(cells);
      }
    }
    return rows;
  };
  return {
    push(chunk) {
      scanner.push(converter.push(chunk));
      return read();
    },
    end() {
      scanner.push(converter.end());
      const rows = read();
      scanner.end();
      return [...rows, ...read()];
    },
    header: () => header,
  };
}
