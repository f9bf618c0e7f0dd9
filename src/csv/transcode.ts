import { splitCells } from './cells.js';
import type { Delimiter } from './dialect.js';
import { createUtf8Converter } from './encoding.js';
import { RecordScanner } from './scanner.js';

export interface ByteTransform {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/**
 * What makes a file's bytes the UTF-8, separated by commas, under a header, that the machine's reader takes;
 * undefined where they are that already and go as they are. Rows and columns stay the same; blank lines go where
 * cells are rewritten.
 *
 * @param dialect as `CsvReport` says; `header`: the names to put above the rows of a file that has none
 */
export function createTranscoder(dialect: {
  encoding: string;
  delimiter: Delimiter;
  header?: string[];
}): ByteTransform | undefined {
  const { encoding, delimiter, header } = dialect;
  if (delimiter === ',' && encoding === 'utf-8' && !header) return undefined;
  const converter = createUtf8Converter(encoding);
  const transform = delimiter === ',' ? converter : rewriteWithCommas(converter, delimiter);
  return header ? beginWith(Buffer.from(writeRecord(header)), transform) : transform;
}

function beginWith(first: Uint8Array, transform: ByteTransform): ByteTransform {
  let waiting: Uint8Array = first;
  const after = (bytes: Uint8Array): Uint8Array => {
    if (waiting.length === 0) return bytes;
    const all = Buffer.concat([waiting, bytes]);
    waiting = new Uint8Array();
    return all;
  };
  return { push: (chunk) => after(transform.push(chunk)), end: () => after(transform.end()) };
}

function rewriteWithCommas(converter: ByteTransform, delimiter: Delimiter): ByteTransform {
  const scanner = new RecordScanner({ delimiter });
  const rewrite = (): Uint8Array => {
    let text = '';
    while (scanner.next()) {
      if (scanner.bom) text += '\uFEFF';
      if (scanner.from === scanner.to) continue;
      text += writeRecord(splitCells(scanner.text(), delimiter));
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

/** One empty cell must not become a blank line, which is no row. */
function writeRecord(cells: string[]): string {
  return `${cells.map(writeCell).join(',') || '""'}\n`;
}

/** A cell as AWS's reader takes it back: a backslash would vanish if it were not doubled. */
function writeCell(cell: string): string {
  if (!/[",\\\r\n]/.test(cell)) return cell;
  return `"${cell.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`;
}
