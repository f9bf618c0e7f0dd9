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
 * A space is taken only where it makes a perfect table: a single column of text is full of spaces.
 *
 * @param head UTF-8 bytes from the file's start
 * @param whole the head is the whole file; else its last record is cut and does not count
 */
export function sniffDelimiter(head: Uint8Array, whole: boolean): Delimiter {
  let best: Delimiter = ',';
  let bestEvenness = 0;
  for (const delimiter of delimiters) {
    const [width = 0, ...rest] = recordWidths(head, delimiter, whole);
    if (width < 2) continue;
    const evenness = (1 + rest.filter((other) => other === width).length) / (1 + rest.length);
    if (delimiter === ' ' && (bestEvenness > 0 || evenness < 1 || rest.length === 0)) continue;
    if (evenness > bestEvenness) {
      best = delimiter;
      bestEvenness = evenness;
    }
  }
  return best;
}

function recordWidths(head: Uint8Array, delimiter: Delimiter, whole: boolean): number[] {
  const scanner = new RecordScanner({ delimiter });
  scanner.push(head);
  if (whole) scanner.end();
  const widths: number[] = [];
  while (widths.length < sampleRecords && scanner.next()) {
    if (scanner.from === scanner.to || scanner.unclosed) continue;
    const cells = splitCells(scanner.text(), delimiter);
    const emptyCell = delimiter === ' ' && cells.includes('');
    widths.push(emptyCell ? 0 : cells.length);
  }
  return widths;
}
