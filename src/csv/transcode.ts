import { splitCells } from './cells.js';
import type { Delimiter } from './dialect.js';
import type { ByteTransform } from './encoding/byte-transform.js';
import { createUtf8Converter } from './encoding/utf8.js';
import { isMendedAway, mendCells } from './mend-cells.js';
import { RecordScanner } from './scanner.js';

/** How a file is to be read, as `CsvReport` says or the user told. */
export interface FileDialect {
  /** WHATWG label. */
  encoding: string;
  delimiter: Delimiter;
  /** Names of the columns of a file that has no header. */
  columns?: string[];
  /** It is uploaded mended. */
  mend?: boolean;
}

/** What the machine's ItemReader declares. */
export interface ReaderDialect {
  delimiter: Delimiter;
  /** `CSVHeaders`: then the first record of an object is a row. */
  headers?: string[];
}
export const commonReader: ReaderDialect = { delimiter: ',' };

/**
 * What makes a file's bytes the UTF-8, with the delimiter and the header, that the machine's reader takes; undefined
 * where they are that already and go as they are. Rows and columns stay the same; blank lines go where cells are
 * rewritten.
 */
export function createTranscoder(
  file: FileDialect,
  reader: ReaderDialect = commonReader,
): ByteTransform | undefined {
  const { encoding, delimiter, columns, mend = false } = file;
  const header = reader.headers ? undefined : columns;
  const dropsHeader = reader.headers !== undefined && !columns;
  const rewrites = delimiter !== reader.delimiter || mend || dropsHeader;
  if (encoding === 'utf-8' && !header && !rewrites) return undefined;
  const converter = createUtf8Converter(encoding);
  const transform = rewrites ? rewriteCells(converter, file, reader.delimiter, dropsHeader) : converter;
  return header ? beginWith(Buffer.from(writeRecord(header, reader.delimiter)), transform) : transform;
}

/** Puts bytes before others, whose BOM would now stand in the middle. */
function beginWith(first: Uint8Array, transform: ByteTransform): ByteTransform {
  let head: Uint8Array | undefined = new Uint8Array();
  const after = (bytes: Uint8Array, last: boolean): Uint8Array => {
    if (!head) return bytes;
    const start = Buffer.concat([head, bytes]);
    head = start;
    if (start.length < 3 && !last) return new Uint8Array();
    head = undefined;
    return Buffer.concat([first, start.subarray(start.indexOf('\uFEFF') === 0 ? 3 : 0)]);
  };
  return {
    push: (chunk) => after(transform.push(chunk), false),
    end: () => after(transform.end(), true),
  };
}

function rewriteCells(
  converter: ByteTransform,
  { delimiter, columns, mend = false }: FileDialect,
  to: Delimiter,
  dropsHeader: boolean,
): ByteTransform {
  const scanner = new RecordScanner({ delimiter });
  let records = 0;
  let headerSeen = columns !== undefined;
  const rewrite = (): Uint8Array => {
    let text = '';
    while (scanner.next()) {
      if (scanner.from === scanner.to) continue;
      records++;
      const record = scanner.text();
      if (mend && isMendedAway(record, records === 1 ? 'first' : scanner.newline ? 'between' : 'last'))
        continue;
      const isHeader = !headerSeen;
      headerSeen = true;
      if (isHeader && dropsHeader) continue;
      if (scanner.bom && !mend) text += '\uFEFF';
      const cells = splitCells(record, delimiter, { keepBackslashes: mend });
      text += writeRecord(mend ? mendCells(cells, isHeader) : cells, to);
    }
    return Buffer.from(text);
  };
  return {
    push(chunk) {
      scanner.push(converter.push(chunk));
      return rewrite();
    },
    end() {
      scanner.push(converter.end());
      scanner.end();
      return rewrite();
    },
  };
}

/** A record as AWS's reader takes it back. One empty cell must not become a blank line, which is no row. */
function writeRecord(cells: string[], delimiter: Delimiter): string {
  return `${cells.map((cell) => writeCell(cell, delimiter)).join(delimiter) || '""'}\n`;
}

/** A backslash would vanish if it were not doubled. */
export function writeCell(cell: string, delimiter: Delimiter): string {
  if (!/["\\\r\n]/.test(cell) && !cell.includes(delimiter)) return cell;
  return `"${cell.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`;
}
