import { type CellOddity, splitCells } from './cells.js';
import type { Delimiter } from './dialect.js';
import { isControl } from './file-kind.js';
import { createItemMaker, maxHeaderBytes } from './item-reader.js';
import type { CsvProblemCode, ProblemList } from './problems.js';
import type { RecordScanner } from './scanner.js';

export interface RecordCheckOptions {
  delimiter: Delimiter;
  /** Names of the columns, where the file has no header of its own. */
  columns?: string[];
  /** The first record is data, though no names are given: columns are called 1, 2, … */
  noHeader?: boolean;
  /** Most bytes that one item's JSON may have. */
  maxItemBytes: number;
  problems: ProblemList;
}

export interface RecordCheck {
  /** Looks at the scanner's record. */
  check(scanner: RecordScanner, encoding: string): void;
  columns(): string[] | undefined;
  rows(): number;
}

/** Looks at one record after the other: the header, then the rows, by the rules of the ItemReader. */
export function createRecordCheck(options: RecordCheckOptions): RecordCheck {
  const { delimiter, maxItemBytes, problems } = options;
  const delimiterByte = delimiter.charCodeAt(0);
  const starts: number[] = [];
  let columns: string[] | undefined;
  let toItem: (cells: string[]) => Record<string, string> = () => ({});
  let emptyItemBytes = 0;
  let rows = 0;
  if (options.columns) setColumns(options.columns);

  function setColumns(names: string[]): void {
    columns = names;
    toItem = createItemMaker(names);
    emptyItemBytes = jsonBytes(toItem([]));
  }

  function checkHeader(cells: string[], scanner: RecordScanner, at: (index: number) => Place): void {
    if (scanner.to - scanner.from > maxHeaderBytes) {
      problems.add('HeaderTooLong', () => ({
        line: scanner.line,
        column: 1,
        message: `the header has ${scanner.to - scanner.from} bytes; AWS takes at most 10 KiB (${maxHeaderBytes})`,
      }));
    }
    const seen = new Map<string, number>();
    cells.forEach((name, index) => {
      const number = index + 1;
      const first = seen.get(name);
      if (first) {
        problems.add('DuplicateHeader', () => ({
          ...at(index),
          message: `${quoted(name)} names columns ${first} and ${number}: CSV headers cannot contain duplicates.`,
        }));
      } else seen.set(name, number);
      if (name === '') {
        problems.add('EmptyHeader', () => ({
          ...at(index),
          message: `column ${number} has no name: its values arrive under the key ""`,
        }));
      } else if (isPadded(name)) {
        problems.add('PaddedHeader', () => ({
          ...at(index),
          message: `the name of column ${number}, ${quoted(name)}, has white space around it: AWS keeps them`,
        }));
      }
      if (isUnprintable(name)) {
        problems.add('UnprintableHeader', () => ({
          ...at(index),
          message: `the name of column ${number}, ${quoted(name)}, has characters that cannot be seen`,
        }));
      }
    });
  }

  function checkRow(
    cells: string[],
    names: string[],
    scanner: RecordScanner,
    at: (index: number) => Place,
  ): void {
    const missing = names.length - cells.length;
    if (missing > 0) {
      problems.add('ShortRow', () => ({
        line: scanner.line,
        column: 1,
        message: `${cellCount(cells.length)} where the header has ${names.length}: AWS fills ${nameList(names.slice(cells.length))} with ""`,
      }));
    } else if (missing < 0) {
      problems.add('LongRow', () => ({
        ...at(names.length),
        message: `${cellCount(cells.length)} where the header has ${names.length}: AWS drops ${nameList(cells.slice(names.length))}`,
      }));
    }
    if (delimiter !== ' ') {
      cells.forEach((cell, index) => {
        if (!isPadded(cell)) return;
        problems.add('PaddedCell', () => ({
          ...at(index),
          message: `${quoted(cell)} has white space around it: AWS keeps them`,
        }));
      });
    }
    if (mayBeTooLong(scanner)) {
      const bytes = jsonBytes(toItem(cells));
      if (bytes > maxItemBytes) tooLong(scanner, `its item has ${bytes} bytes of JSON`);
    }
  }

  /** JSON writes a byte as six at most. */
  function mayBeTooLong({ from, to }: RecordScanner): boolean {
    return (to - from) * 6 + emptyItemBytes > maxItemBytes;
  }

  function tooLong(scanner: RecordScanner, what: string): void {
    problems.add('RecordTooLong', () => ({
      line: scanner.line,
      column: 1,
      message: `the record is too long for a batch: ${what}, the limit is ${maxItemBytes}`,
    }));
  }

  function checkOddity(oddity: CellOddity, text: string, index: number, line: number): void {
    problems.add(oddity, () => {
      const following = text.slice(index + 1).match(/^./su)?.[0];
      const before = following === undefined ? '' : ` before ${quoted(following)}`;
      const message =
        oddity === 'StrayBackslash'
          ? `the backslash${before} vanishes: AWS keeps one only where it is written twice`
          : 'text after a closing quote: it is kept as part of the cell, but AWS promises nothing';
      return { ...place(text, index, line), message };
    });
  }

  function ofRecord(code: CsvProblemCode, line: number, message: string): void {
    problems.add(code, () => ({ line, column: 1, message }));
  }

  return {
    columns: () => columns,
    rows: () => rows,
    check(scanner, encoding) {
      const { from, to, line } = scanner;
      if (from === to) {
        ofRecord('BlankLine', line, 'a blank line: it is no row');
        return;
      }
      if (scanner.unclosed) {
        const opened = scanner.unclosed;
        const why = scanner.escaped ? ' (a quote after a backslash does not close it)' : '';
        problems.add('UnclosedQuote', () => ({
          ...opened,
          message: `the quote opened here is never closed${why}`,
        }));
        return;
      }
      if (columns) rows++;
      if (scanner.truncated) {
        if (columns) tooLong(scanner, 'it is longer than 8 MiB');
        else ofRecord('HeaderTooLong', line, 'the header is longer than 8 MiB; AWS takes at most 10 KiB');
        columns ??= [];
        return;
      }
      const even = columns !== undefined && isEvenRow(scanner, columns.length);
      if (even && scanner.ascii) return;
      const text = scanner.text();
      if (!scanner.ascii) checkEncoding(scanner, text, encoding, problems);
      if (even) return;
      if (scanner.nul) {
        problems.add('Nul', () => ({
          ...place(text, text.indexOf('\0'), line),
          message: 'a NUL byte: text has none; is the file damaged, or in another encoding (--encoding)?',
        }));
      }
      starts.length = 0;
      const cells = splitCells(text, delimiter, starts, (oddity, index) =>
        checkOddity(oddity, text, index, line),
      );
      const at = (index: number) => place(text, starts[index] ?? 0, line);
      if (columns) {
        checkRow(cells, columns, scanner, at);
      } else if (options.noHeader) {
        setColumns(cells.map((_, index) => String(index + 1)));
        rows++;
        checkRow(cells, columns ?? [], scanner, at);
      } else {
        checkHeader(cells, scanner, at);
        setColumns(cells);
      }
    },
  };

  /** Nothing to say of the row's cells, as its bytes tell: so it is with nearly all, and they must be quick. */
  function isEvenRow(scanner: RecordScanner, width: number): boolean {
    if (scanner.quoted || scanner.escaped || scanner.nul || mayBeTooLong(scanner)) return false;
    const { bytes, from, to } = scanner;
    let count = 1;
    for (let at = from; at < to; at++) {
      if (bytes[at] !== delimiterByte) continue;
      count++;
      if (delimiterByte === 0x20) continue;
      if (at > from && isSpaceEnd(bytes, at - 1, delimiterByte)) return false;
      if (at + 1 < to && isSpaceStart(bytes, at + 1, delimiterByte)) return false;
    }
    if (count !== width) return false;
    return (
      delimiterByte === 0x20 ||
      !(isSpaceStart(bytes, from, delimiterByte) || isSpaceEnd(bytes, to - 1, delimiterByte))
    );
  }
}

interface Place {
  line: number;
  column: number;
}

/** Where the character at `index` of a record's text stands, the record starting at `line`. */
function place(text: string, index: number, line: number): Place {
  const before = text.slice(0, index).split(/\r\n|\r|\n/);
  const last = before.at(-1) ?? '';
  return { line: line + before.length - 1, column: [...last].length + 1 };
}

/** What did not decode became U+FFFD; but UTF-8 and UTF-16 may hold that character rightly. */
function checkEncoding(scanner: RecordScanner, text: string, encoding: string, problems: ProblemList): void {
  if (encoding.startsWith('utf-16')) return;
  const index = encoding === 'utf-8' ? firstInvalid(scanner, text) : text.indexOf('\uFFFD');
  if (index < 0) return;
  problems.add('InvalidEncoding', () => ({
    ...place(text, index, scanner.line),
    message: `a byte that is not ${encoding}: is the file in another encoding (--encoding)?`,
  }));
}

function firstInvalid({ bytes, from }: RecordScanner, text: string): number {
  for (let index = text.indexOf('\uFFFD'); index >= 0; index = text.indexOf('\uFFFD', index + 1)) {
    const at = from + Buffer.byteLength(text.slice(0, index));
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) return index;
  }
  return -1;
}

function isPadded(cell: string): boolean {
  return isSpace(cell.charCodeAt(0)) || isSpace(cell.charCodeAt(cell.length - 1));
}

/** ASCII white space, no-break space, the ideographic space; false for NaN (an empty cell). */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x3000;
}

/** The same, of the UTF-8 character that begins, or ends, at a byte (which may belong to an empty cell's border). */
function isSpaceStart(bytes: Buffer, at: number, delimiter: number): boolean {
  const byte = bytes[at] as number;
  if (byte <= 0x20) return byte !== delimiter;
  if (byte === 0xe3) return bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80;
  return byte === 0xc2 && bytes[at + 1] === 0xa0;
}
function isSpaceEnd(bytes: Buffer, at: number, delimiter: number): boolean {
  const byte = bytes[at] as number;
  if (byte <= 0x20) return byte !== delimiter;
  if (byte === 0x80) return bytes[at - 1] === 0x80 && bytes[at - 2] === 0xe3;
  return byte === 0xa0 && bytes[at - 1] === 0xc2;
}

/** Control and format characters (zero-width ones); a newline can be seen well enough. */
function isUnprintable(name: string): boolean {
  return /\p{Cf}/u.test(name) || [...name].some((character) => isControl(character.charCodeAt(0)));
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function cellCount(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

function nameList(names: string[]): string {
  const shown = names.slice(0, 3).map(quoted).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
