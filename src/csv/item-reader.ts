import { splitCells } from './cells.js';
import { RecordScanner } from './scanner.js';

/**
 * The rows that a Distributed Map makes of a CSV object, by AWS's rules (see `CsvItemReader`).
 * Byte oriented and resumable: after any row, `offset` is where the next record begins, so that a reader made
 * with that offset and the same headers yields exactly the rows that were still to come.
 */
export interface CsvItem {
  item: Record<string, string>;
  /** Byte offset in the object just past this record's newline. */
  offset: number;
  /** Physical line (1-based) where the record starts, counted from where this reader began. */
  line: number;
}
export interface CsvReaderOptions {
  delimiter?: ',' | '|' | ';' | ' ' | '\t';
  /** Given headers (`CSVHeaderLocation: GIVEN`, or of a resumed read); absent: the first record is the header. */
  headers?: string[];
  /** Where in the object the first pushed chunk begins; 0 unless resumed. */
  offset?: number;
}

export type CsvErrorCode = 'DuplicateHeader' | 'HeaderTooLong' | 'RecordTooLong' | 'UnclosedQuote';

/** The object cannot be read; the message fits as the cause of `States.ItemReaderFailed`. */
export class CsvError extends Error {
  readonly code: CsvErrorCode;
  constructor(code: CsvErrorCode, message: string) {
    super(message);
    this.name = 'CsvError';
    this.code = code;
  }
}

/** AWS's limit of a CSV header. */
export const maxHeaderBytes = 10 * 1024;
/** AWS's limit of one item, before an ItemSelector makes it smaller. */
export const maxRecordBytes = 8 * 1024 * 1024;
export const byteOrderMark = '\uFEFF';

/**
 * Reads items from a CSV object as AWS's ItemReader does: UTF-8 (invalid bytes become U+FFFD), all values strings,
 * nothing trimmed, missing cells `""`, cells beyond the header dropped, an empty header name allowed, a line of
 * spaces a record. How records and cells are told apart: `RecordScanner`, `splitCells`.
 *
 * Where no recording of AWS exists: an empty line is skipped (as in Apache Commons CSV's default format), a BOM
 * stays in the first header's name, an unclosed quote at the object's end is an error.
 *
 * @throws {CsvError} from `push` and `end`, after the rows before the bad record were returned
 */
export class CsvItemReader {
  readonly #scanner: RecordScanner;
  readonly #delimiter: string;
  #toItem: ((cells: string[]) => Record<string, string>) | undefined;
  #headers: string[] | undefined;
  #failure: unknown;

  constructor(options: CsvReaderOptions = {}) {
    const { delimiter = ',', offset, headers } = options;
    this.#delimiter = delimiter;
    this.#scanner = new RecordScanner({ delimiter, offset, maxRecordBytes });
    if (headers) this.#setHeaders(headers);
  }

  /** The column names; undefined until the header was read. */
  get headers(): string[] | undefined {
    return this.#headers;
  }

  /** The rows that this chunk completes. */
  push(chunk: Uint8Array): CsvItem[] {
    this.#scanner.push(chunk);
    return this.#read();
  }

  /** The row that no newline ended, if any. */
  end(): CsvItem[] {
    this.#scanner.end();
    return this.#read();
  }

  #read(): CsvItem[] {
    if (this.#failure) throw this.#failure;
    const items: CsvItem[] = [];
    try {
      while (this.#scanner.next()) this.#take(items);
    } catch (error) {
      if (items.length === 0) throw error;
      this.#failure = error;
    }
    return items;
  }

  #take(items: CsvItem[]): void {
    const scanner = this.#scanner;
    if (scanner.from === scanner.to) return;
    if (scanner.unclosed) {
      const { line, column } = scanner.unclosed;
      throw new CsvError(
        'UnclosedQuote',
        `The quote opened at line ${line}, column ${column} is never closed.`,
      );
    }
    const toItem = this.#toItem;
    if (toItem) items.push({ item: toItem(this.#cells()), offset: scanner.offset, line: scanner.line });
    else this.#setHeaders(this.#header());
  }

  #cells(): string[] {
    const scanner = this.#scanner;
    if (scanner.truncated) {
      throw new CsvError('RecordTooLong', `The record at line ${scanner.line} is longer than 8 MiB.`);
    }
    const text = scanner.text();
    const cells = scanner.plain ? text.split(this.#delimiter) : splitCells(text, this.#delimiter);
    if (scanner.bom) cells[0] = byteOrderMark + cells[0];
    return cells;
  }

  #header(): string[] {
    const scanner = this.#scanner;
    if (scanner.truncated || scanner.to - scanner.from > maxHeaderBytes) {
      throw new CsvError('HeaderTooLong', 'The CSV header is longer than 10 KiB.');
    }
    const headers = this.#cells();
    if (new Set(headers).size < headers.length) {
      throw new CsvError('DuplicateHeader', 'CSV headers cannot contain duplicates.');
    }
    return headers;
  }

  #setHeaders(headers: string[]): void {
    this.#headers = headers;
    this.#toItem = createItemMaker(headers);
  }
}

/** Makes a record's cells into an item: missing cells are `""`, those beyond the headers are dropped. */
export function createItemMaker(headers: string[]): (cells: string[]) => Record<string, string> {
  if (headers.includes('__proto__')) {
    // Assignment would set the prototype instead of a property.
    return (cells) => Object.fromEntries(headers.map((header, index) => [header, cells[index] ?? '']));
  }
  return (cells) => {
    const item: Record<string, string> = {};
    for (let index = 0; index < headers.length; index++) {
      item[headers[index] as string] = cells[index] ?? '';
    }
    return item;
  };
}
