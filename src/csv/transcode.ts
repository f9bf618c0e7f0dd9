import { splitCells } from './cells.js';
import type { Delimiter } from './dialect.js';
import { createUtf8Converter } from './encoding.js';
import { RecordScanner } from './scanner.js';

export interface ByteTransform {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/**
 * What makes a file's bytes the UTF-8, separated by commas, that the machine's reader takes; undefined where they
 * are that already and go as they are. Rows and columns stay the same; blank lines go where cells are rewritten.
 *
 * @param dialect as `CsvReport` says
 */
export function createTranscoder(dialect: {
  encoding: string;
  delimiter: Delimiter;
}): ByteTransform | undefined {
  const { encoding, delimiter } = dialect;
  if (delimiter !== ',') return rewriteWithCommas(createUtf8Converter(encoding), delimiter);
  return encoding === 'utf-8' ? undefined : createUtf8Converter(encoding);
}

function rewriteWithCommas(converter: ByteTransform, delimiter: Delimiter): ByteTransform {
  const scanner = new RecordScanner({ delimiter });
  const rewrite = (): Uint8Array => {
    let text = '';
    while (scanner.next()) {
      if (scanner.bom) text += '\uFEFF';
      if (scanner.from === scanner.to) continue;
      // One empty cell must not become a blank line, which is no row.
      text += `${splitCells(scanner.text(), delimiter).map(writeCell).join(',') || '""'}\n`;
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

/** A cell as AWS's reader takes it back: a backslash would vanish if it were not doubled. */
function writeCell(cell: string): string {
  if (!/[",\\\r\n]/.test(cell)) return cell;
  return `"${cell.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`;
}
