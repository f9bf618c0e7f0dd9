import { splitCells } from './cells.js';
import { RecordScanner } from './scanner.js';

export type Delimiter = ',' | '\t' | ';' | '|' | ' ';

/** In the order of preference where several would do. */
const delimiters: readonly Delimiter[] = [',', '\t', ';', '|', ' '];
const sampleRecords = 200;

export const isDelimiter = (character: string): character is Delimiter =>
  (delimiters as readonly string[]).includes(character);

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
    const [header, ...rows] = readRecords(head, delimiter, whole);
    if (!header || header.cells.length < 2) continue;
    const even = rows.filter(({ cells }) => cells.length === header.cells.length).length;
    const evenness = (1 + even) / (1 + rows.length);
    if (delimiter === ' ' && (bestEvenness > 0 || !isTable(header, rows, evenness))) continue;
    if (evenness > bestEvenness) {
      best = delimiter;
      bestEvenness = evenness;
    }
  }
  return best;
}

/**
 * What seems to separate the cells of a file that was read as one column: something that stands in its header, and as
 * often in each line under it. Undefined where nothing does.
 */
export function unreadDelimiter(head: Uint8Array, delimiter: Delimiter, whole: boolean): string | undefined {
  const [header, ...rows] = readRecords(head, delimiter, whole);
  if (!header || rows.length === 0 || [header, ...rows].some(({ cells }) => cells.length !== 1))
    return undefined;
  const often = (text: string, character: string): number => text.split(character).length - 1;
  return [...new Set(header.text)].find(
    (character) =>
      SEPARATES.test(character) &&
      rows.every(({ text }) => often(text, character) === often(header.text, character)),
  );
}

/** No letter or digit, and nothing that names and numbers are written with. */
const SEPARATES = /[^\p{L}\p{M}\p{N}\s"'._@/()[\]{}%&+*-]|\t|\u3000/u;

interface SampleRecord {
  cells: string[];
  text: string;
}

/**
 * Text is full of spaces; what they separate is a table only where cells are quoted, or where it is even, no cell is
 * empty and a column has numbers or there is more of it than chance would make even.
 */
function isTable(header: SampleRecord, rows: SampleRecord[], evenness: number): boolean {
  if ([header, ...rows].some(({ text }) => text.includes(' "'))) return evenness > 0.5;
  if (evenness < 1 || rows.some(({ cells }) => cells.includes(''))) return false;
  const numeric = header.cells.some((_, column) =>
    rows.every(({ cells }) => /^[-+]?[\d.]+$/.test(cells[column] ?? '')),
  );
  return (numeric && rows.length > 0) || (header.cells.length > 2 && rows.length >= 5);
}

function readRecords(head: Uint8Array, delimiter: Delimiter, whole: boolean): SampleRecord[] {
  const scanner = new RecordScanner({ delimiter });
  scanner.push(head);
  if (whole) scanner.end();
  const records: SampleRecord[] = [];
  while (records.length < sampleRecords && scanner.next()) {
    if (scanner.from === scanner.to || scanner.unclosed) continue;
    const text = scanner.text();
    records.push({ cells: splitCells(text, delimiter), text });
  }
  return records;
}
