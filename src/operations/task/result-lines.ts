import { jsonText } from '../../json/lossless.js';
import type { BatchResult } from './batch-result.js';

/** The results of all items as a file: a CSV where it is called so, else one JSON object a line. */
export async function* resultLines(
  file: string,
  results: BatchResult['results'],
): AsyncGenerator<Uint8Array> {
  const csv = /\.csv$/i.test(file);
  if (csv) yield Buffer.from(csvLine(['index', 'line', 'status', 'output', 'error', 'message']));
  for (const result of results) yield Buffer.from(csv ? csvLine(cellsOf(result)) : `${jsonText(result)}\n`);
}

const cellsOf = ({
  index,
  line,
  status,
  output,
  error,
  message,
}: BatchResult['results'][number]): string[] => [
  String(index),
  String(line ?? ''),
  status,
  output === undefined ? '' : jsonText(output),
  error ?? '',
  message ?? '',
];

const csvLine = (cells: string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
