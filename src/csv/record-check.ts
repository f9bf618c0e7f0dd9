import { type CellOddity, splitCells } from './cells.js';
import type { LinesAtHand } from './chunk-scan.js';
import type { Delimiter } from './dialect.js';
import type { Characters } from './encoding/character-table.js';
import { checkHeader } from './header-check.js';
import { createItemMaker, maxHeaderBytes } from './item-reader.js';
import { endMark, isSepLine, longestSepLine, mendCells } from './mend-cells.js';
import { isPadded } from './padding.js';
import { type Passed, type PlainRows, passPlainRows } from './plain-rows.js';
import { excerpt, type Place, type ProblemList } from './problems.js';
import type { Newline, RecordScanner } from './scanner.js';

export interface RecordCheckOptions {
  delimiter: Delimiter;
  /** Names of the columns, where the file has no header of its own. */
  columns?: string[];
  /** The first record is data, though no names are given: columns are called 1, 2, … */
  noHeader?: boolean;
  /** Records that the mended upload lacks are no rows. */
  mend: boolean;
  /** Most bytes that one item's JSON may have. */
  maxItemBytes: number;
  problems: ProblemList;
}

export interface RecordCheck {
  /**
   * Lets the scanner pass over rows of which there is nothing to say, ended by a newline that is known of the file.
   * @param characters the bytes are no UTF-8, but made of these
   * @returns just behind the last of them
   */
  passOver(
    scanner: RecordScanner,
    rows: LinesAtHand,
    newline: Newline | 'mixed' | undefined,
    characters?: Characters,
  ): number;
  /** Looks at the scanner's record, which was decoded from `encoding`. */
  check(scanner: RecordScanner, encoding: string): void;
  columns(): string[] | undefined;
  rows(): number;
  /** The row with the most bytes as JSON, of those beyond half of `maxItemBytes`. */
  largest(): { line: number; bytes: number } | undefined;
}

/** JSON writes a byte as six at most. */
const mostJson = 6;

/** Looks at one record after the other: the header, then the rows, by the rules of the ItemReader. */
export function createRecordCheck(options: RecordCheckOptions): RecordCheck {
  const { delimiter, maxItemBytes, mend, problems } = options;
  const padding = delimiter !== ' ';
  const starts: number[] = [];
  let columns: string[] | undefined;
  let toItem: (cells: string[]) => Record<string, string> = () => ({});
  let emptyItemBytes = 0;
  let rows = 0;
  let records = 0;
  let plain: PlainRows | undefined;
  const passed: Passed = { at: 0, rows: 0, lines: 0 };
  let largest: { line: number; bytes: number } | undefined;
  if (options.columns) setColumns(options.columns);

  function setColumns(names: string[]): string[] {
    columns = names;
    toItem = createItemMaker(names);
    emptyItemBytes = jsonBytes(toItem([]));
    plain = {
      delimiter: delimiter.charCodeAt(0),
      width: names.length,
      padding,
      longest: Math.floor((maxItemBytes / 2 - emptyItemBytes) / mostJson),
      lf: false,
      crlf: false,
    };
    return names;
  }

  function passOver(
    scanner: RecordScanner,
    { bytes, from, end }: LinesAtHand,
    newline: Newline | 'mixed' | undefined,
    characters?: Characters,
  ): number {
    if (!plain || records === 0) return from;
    plain.lf = newline === 'LF' || newline === 'mixed';
    plain.crlf = newline === 'CRLF' || newline === 'mixed';
    passPlainRows(bytes, from, end, plain, passed, characters);
    rows += passed.rows;
    scanner.skip(passed.at - from, passed.lines);
    return passed.at;
  }

  function check(scanner: RecordScanner, encoding: string): void {
    const { from, to, line, unclosed } = scanner;
    const start = () => ({ line, column: 1 });
    if (from === to) {
      problems.add('BlankLine', start, () => 'blank line, ignored');
      return;
    }
    if (unclosed) {
      const why = scanner.escaped ? ' (a quote after a backslash does not close it)' : '';
      problems.add(
        'UnclosedQuote',
        () => unclosed,
        () => `the quote opened here is never closed${why}`,
      );
      return;
    }
    records++;
    if (isLeftover(scanner) && mend) return;
    if (!columns && options.noHeader) {
      setColumns(splitCells(scanner.text(), delimiter).map((_, index) => String(index + 1)));
    }
    if (columns) rows++;
    else if (to - from > maxHeaderBytes) {
      problems.add('HeaderTooLong', start, () => 'the header is too long: AWS takes at most 10 KiB');
    }
    if (scanner.truncated) {
      if (columns) problems.add('RecordTooLong', start, () => 'the record is longer than 8 MiB');
      else setColumns([]);
      return;
    }
    const text = scanner.text();
    if (!scanner.ascii) checkEncoding(scanner, text, encoding, problems);
    checkText(scanner, text);
  }

  /** What Excel and DOS put before and behind the table. */
  function isLeftover(scanner: RecordScanner): boolean {
    const { from, to, line } = scanner;
    const start = () => ({ line, column: 1 });
    if (records === 1 && to - from <= longestSepLine && isSepLine(scanner.text())) {
      problems.add(
        'SepLine',
        start,
        () => `${excerpt(scanner.text())} is an Excel directive, but AWS reads it as the header`,
      );
      return true;
    }
    if (to - from === 1 && scanner.bytes[from] === endMark && scanner.newline === undefined) {
      problems.add('EndMark', start, () => 'a DOS end-of-file mark (Ctrl-Z): AWS makes a row of it');
      return true;
    }
    return false;
  }

  function checkText(scanner: RecordScanner, text: string): void {
    const { line } = scanner;
    if (scanner.nul) {
      problems.add(
        'Nul',
        () => place(text, text.indexOf('\0'), line),
        () => 'NUL byte; the file may be damaged, or use another encoding (--encoding)',
      );
    }
    starts.length = 0;
    const cells = splitCells(text, delimiter, {
      starts,
      onOddity(oddity, index) {
        problems.add(
          oddity,
          () => place(text, index, line),
          () => describeOddity(oddity, text, index),
        );
      },
    });
    const at = (index: number) => place(text, starts[index] ?? 0, line);
    if (columns) checkRow(cells, columns, scanner, at);
    else checkHeader(cells, setColumns(mend ? mendCells(cells, true) : cells), at, problems);
  }

  function checkRow(
    cells: string[],
    names: string[],
    scanner: RecordScanner,
    at: (index: number) => Place,
  ): void {
    const start = () => ({ line: scanner.line, column: 1 });
    const widths = () =>
      `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${names.length}`;
    if (cells.length < names.length) {
      problems.add(
        'ShortRow',
        start,
        () => `${widths()}: AWS fills ${listed(names.slice(cells.length))} with ""`,
      );
    } else if (cells.length > names.length) {
      problems.add(
        'LongRow',
        () => at(names.length),
        () => `${widths()}: AWS drops ${listed(cells.slice(names.length))}`,
      );
    }
    cells.forEach((cell, index) => {
      if (!padding || !isPadded(cell)) return;
      problems.add(
        'PaddedCell',
        () => at(index),
        () => `${excerpt(cell)} has white space around it: AWS keeps it`,
      );
    });
    if (!mayBeLarge(scanner)) return;
    const bytes = jsonBytes(toItem(cells));
    if (bytes > Math.max(largest?.bytes ?? 0, maxItemBytes / 2)) largest = { line: scanner.line, bytes };
    if (bytes <= maxItemBytes) return;
    problems.add(
      'RecordTooLong',
      start,
      () => `the record is too long for a batch: ${bytes} bytes as JSON, the limit is ${maxItemBytes}`,
    );
  }

  function mayBeLarge({ from, to }: RecordScanner): boolean {
    return (to - from) * mostJson + emptyItemBytes > maxItemBytes / 2;
  }

  return { check, passOver, columns: () => columns, rows: () => rows, largest: () => largest };
}

/** Where the character at `index` of a record's text stands, the record starting at `line`. */
function place(text: string, index: number, line: number): Place {
  const before = text.slice(0, index).split(/\r\n|\r|\n/);
  const last = before.at(-1) ?? '';
  return { line: line + before.length - 1, column: [...last].length + 1 };
}

/** What did not decode became U+FFFD; but UTF-8 and UTF-16 may hold that character rightly, and keep what is invalid. */
function checkEncoding(scanner: RecordScanner, text: string, encoding: string, problems: ProblemList): void {
  const index = encoding.startsWith('utf-') ? firstInvalid(scanner, text) : text.indexOf('\uFFFD');
  if (index < 0) return;
  problems.add(
    'InvalidEncoding',
    () => place(text, index, scanner.line),
    () => `invalid ${encoding} byte; if the file uses another encoding, set --encoding`,
  );
}

function firstInvalid({ bytes, from }: RecordScanner, text: string): number {
  for (let index = text.indexOf('\uFFFD'); index >= 0; index = text.indexOf('\uFFFD', index + 1)) {
    const at = from + Buffer.byteLength(text.slice(0, index));
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) return index;
  }
  return -1;
}

function describeOddity(oddity: CellOddity, text: string, index: number): string {
  if (oddity === 'TextAfterQuote') {
    return 'text after a closing quote: kept as part of the cell, but AWS does not guarantee it';
  }
  const following = text.slice(index + 1).match(/^./su)?.[0];
  const before = following === undefined ? '' : ` before ${excerpt(following)}`;
  return `the backslash${before} is dropped: AWS keeps a backslash only where it is doubled`;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function listed(names: string[]): string {
  const shown = names.slice(0, 3).map(excerpt).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
