import type { ImportMachine } from './machine.js';

/** A CSV as it was checked. */
interface CheckedRows {
  bytes: number;
  rows: number;
  columns: string[];
}

/** How many children the machine's Distributed Map starts for a CSV, and how many rows each gets, about. */
export function plannedBatches(
  { batcher }: Pick<ImportMachine, 'batcher'>,
  file: CheckedRows,
): { children: number; items: number } {
  if (file.rows === 0) return { children: 0, items: 0 };
  const { maxItemsPerBatch = Number.POSITIVE_INFINITY, maxInputBytesPerBatch = Number.POSITIVE_INFINITY } =
    batcher ?? { maxItemsPerBatch: 1 };
  const most = Math.min(maxItemsPerBatch, Math.floor(maxInputBytesPerBatch / rowBytes(file)), file.rows);
  const children = Math.ceil(file.rows / Math.max(1, most));
  return { children, items: file.rows / children };
}

/** Of a row as JSON: each value stands behind its column's name. */
const rowBytes = ({ bytes, rows, columns }: CheckedRows): number =>
  bytes / (rows + 1) + columns.reduce((sum, column) => sum + Buffer.byteLength(column) + 6, 2);
