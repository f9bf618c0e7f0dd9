import type { Delimiter } from './dialect.js';
import { createUtf8Converter } from './encoding.js';
import { type CsvItem, CsvItemReader } from './item-reader.js';

/** A data row of the original file: what the machine makes of it, and where it stands. */
export interface CsvRow {
  /** 0-based, the header and blank lines not counted: the machine's own order. */
  index: number;
  /** Physical line (1-based) in the original file where the record starts. */
  line: number;
  item: Record<string, string>;
}

/**
 * Reads the rows of an original file, in its own encoding and with its own delimiter, as the machine gets them
 * after the upload (`createTranscoder`).
 *
 * @param options `encoding` and `delimiter` as `CsvReport` says; `headers` where the file has none of its own
 * @throws {CsvError} from `push` and `end`, where the check would have refused the file
 */
export function createRowReader(
  options: { encoding?: string; delimiter?: Delimiter; headers?: string[] } = {},
): {
  push(chunk: Uint8Array): CsvRow[];
  end(): CsvRow[];
} {
  const { encoding = 'utf-8', delimiter, headers } = options;
  const converter = createUtf8Converter(encoding);
  const reader = new CsvItemReader({ delimiter, headers });
  let index = 0;
  const toRow = ({ item, line }: CsvItem): CsvRow => ({ index: index++, line, item });
  return {
    push: (chunk) => reader.push(converter.push(chunk)).map(toRow),
    end() {
      const rows = reader.push(converter.end());
      return [...rows, ...reader.end()].map(toRow);
    },
  };
}
