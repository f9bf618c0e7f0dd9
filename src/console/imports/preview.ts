import { type CsvRow, createRowReader } from '../../csv/row-reader.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import type { PreviewRow } from '../api.js';

/** Rows at the start of the file that are always shown. */
const FIRST = 8;
interface Wanted {
  wanted(line: number): boolean;
  /** Line after which nothing is wanted. */
  last: number;
  /** Rows at the start that are there whatever is wanted. */
  first?: number;
  most?: number;
}

const MOST_CELLS = 200;
const LONGEST_CELL = 1_000;

/**
 * The first rows of a file, and those that start at a line that is `wanted`, in its order. Reads no further than `last`.
 * A file that can't be read as rows gives what came before that.
 */
export async function previewRows(
  { source, dialect }: CheckedFile,
  { wanted, last, first = FIRST, most = Number.POSITIVE_INFINITY }: Wanted,
): Promise<PreviewRow[]> {
  const reader = createRowReader(dialect);
  const found: PreviewRow[] = [];
  let seen = 0;
  const take = (rows: CsvRow[]): boolean => {
    for (const row of rows) {
      if (seen++ < first || wanted(row.line)) found.push(previewOf(row));
      if (found.length >= most || (seen >= first && row.line >= last)) return true;
    }
    return false;
  };
  try {
    for await (const chunk of source.read()) if (take(reader.push(chunk))) return found;
    take(reader.end());
  } catch {
    // What is wrong with it is among the check's findings.
  }
  return found;
}

const previewOf = ({ line, cells }: CsvRow): PreviewRow => ({
  line,
  cells: cells.slice(0, MOST_CELLS).map((cell) => cell.slice(0, LONGEST_CELL)),
});
