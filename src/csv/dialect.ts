import { splitCells } from './cells.js';
import { RecordScanner } from './scanner.js';

export type Delimiter = ',' | '\t' | ';' | '|' | ' ';

/** In the order of preference where several would do. */
const delimiters: readonly Delimiter[] = [',', '\t', ';', '|', ' '];
const sampleRecords = 200;

/** What people call a delimiter, for messages. */
export function delimiterName(delimiter: Delimiter): string {
  return { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'pipes (|)', ' ': 'spaces' }[delimiter];
}

/**
 * The delimiter that makes the most even table of a file's head; `,` where none makes two columns.
 *
 * @param head UTF-8 bytes from the file's start
 * @param whole the head is the whole file; else its last record is cut and does not count
 */
export function sniffDelimiter(head: Uint8Array, whole: boolean): Delimiter {
  let best: Delimiter = ',';
  let bestEvenness = 0;
  for (const delimiter of delimiters) {
    const [header = [], ...rows] = readRecords(head, delimiter, whole);
    if (header.length < 2) continue;
    const even = rows.filter((row) => row.length === header.length).length;
    const evenness = (1 + even) / (1 + rows.length);
    if (delimiter === ' ' && (bestEvenness > 0 || evenness < 1 || !isTable(rows))) continue;
    if (evenness > bestEvenness) {
      best = delimiter;
      bestEvenness = evenness;
    }
  }
  return best;
}

/** Text is full of spaces; what they separate is a table only where no cell is empty and a column has numbers. */
function isTable(rows: string[][]): boolean {
  const numeric = rows[0]?.some((_, column) => rows.every((row) => /^[-+]?[\d.]+$/.test(row[column] ?? '')));
  return numeric === true && rows.every((row) => !row.includes(''));
}

function readRecords(head: Uint8Array, delimiter: Delimiter, whole: boolean): string[][] {
  const scanner = new RecordScanner({ delimiter });
  scanner.push(head);
  if (whole) scanner.end();
  const records: string[][] = [];
  while (records.length < sampleRecords && scanner.next()) {
    if (scanner.from !== scanner.to && !scanner.unclosed) records.push(splitCells(scanner.text(), delimiter));
  }
  return records;
}
