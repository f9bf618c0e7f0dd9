import { isUtf8 } from 'node:buffer';
import { splitCells } from './cells.js';
import { type JsonRow, JsonRowWriter } from './json-rows.js';
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

type ToItem = (cells: string[]) => Record<string, string>;

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
const LF = 0x0a;
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
  #toItem: ToItem | undefined;
  /** JavaScript has the columns in the order of the file: it puts names that are numbers first. */
  #inOrder = true;
  #headers: string[] | undefined;
  #writer: JsonRowWriter | undefined;
  /** Up to where the bytes at hand are known to be well-formed. */
  #soundTo = 0;
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
    return this.#read((toItem) => this.#item(toItem));
  }

  /** The row that no newline ended, if any. */
  end(): CsvItem[] {
    this.#scanner.end();
    return this.#read((toItem) => this.#item(toItem));
  }

  /** As `push`, the items as JSON texts. */
  pushJson(chunk: Uint8Array): JsonRow[] {
    const scanner = this.#scanner;
    scanner.push(chunk);
    const end = scanner.bytes.lastIndexOf(LF) + 1;
    this.#soundTo = isUtf8(scanner.bytes.subarray(0, end)) ? end : 0;
    return this.#read((toItem) => this.#json(toItem));
  }

  endJson(): JsonRow[] {
    this.#scanner.end();
    this.#soundTo = 0;
    return this.#read((toItem) => this.#json(toItem));
  }

  #read<T>(row: (toItem: ToItem) => T): T[] {
    if (this.#failure) throw this.#failure;
    const rows: T[] = [];
    try {
      while (this.#scanner.next()) {
        const toItem = this.#recordMaker();
        if (toItem) rows.push(row(toItem));
      }
    } catch (error) {
      if (rows.length === 0) throw error;
      this.#failure = error;
    }
    return rows;
  }

  #item(toItem: ToItem): CsvItem {
    const { offset, line } = this.#scanner;
    return { item: toItem(this.#cells()), offset, line };
  }

  #json(toItem: ToItem): JsonRow {
    const scanner = this.#scanner;
    const { bytes, from, to, offset, ascii } = scanner;
    this.#refuseTruncated();
    this.#writer ??= new JsonRowWriter(this.#headers ?? [], this.#delimiter);
    const sound = ascii || to <= this.#soundTo || isUtf8(bytes.subarray(from, to));
    const asBytes = sound && this.#inOrder && !(scanner.bom || scanner.escaped || scanner.doubled);
    const row = asBytes ? this.#writer.fromBytes(scanner) : undefined;
    return row ?? this.#writer.fromText(JSON.stringify(toItem(this.#cells())), offset);
  }

  /** What makes the record an item; undefined for the header, and where there is nothing. */
  #recordMaker(): ToItem | undefined {
    const scanner = this.#scanner;
    if (scanner.from === scanner.to) return undefined;
    if (scanner.unclosed) {
      const { line, column } = scanner.unclosed;
      throw new CsvError(
        'UnclosedQuote',
        `The quote opened at line ${line}, column ${column} is never closed.`,
      );
    }
    if (!this.#toItem) {
      this.#setHeaders(this.#header());
      return undefined;
    }
    return this.#toItem;
  }

  #refuseTruncated(): void {
    const { truncated, line } = this.#scanner;
    if (truncated) throw new CsvError('RecordTooLong', `The record at line ${line} is longer than 8 MiB.`);
  }

  #cells(): string[] {
    this.#refuseTruncated();
    const scanner = this.#scanner;
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
    this.#inOrder = Object.keys(this.#toItem([])).every((name, index) => name === headers[index]);
  }
}

/** Makes a record's cells into an item: missing cells are `""`, those beyond the headers are dropped. */
export function createItemMaker(headers: string[]): ToItem {
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
