import { createBatcher } from '../../asl/engine/map-item.js';
import type { CsvRow } from '../../csv/row-reader.js';
import type { Json } from '../../json/json.js';
import type { ImportMachine } from './machine.js';
import {
  digestOfRows,
  type FailedBatch,
  type FailedRow,
  notTold,
  placeOf,
  type RowFailure,
} from './row-ledger.js';

type PlacedRow = Pick<CsvRow, 'line' | 'item'>;

/**
 * Finds failed batches again in the original file, whose rows are pushed in order, grouped as the machine groups
 * them. Children end in any order, and result files say nothing of a batch's place: it is told by what it holds.
 * Batches that hold the same rows are interchangeable: each takes one of their places.
 * @param batchInput of the machine's batches: its size counts towards their byte limit
 */
export function createRowLocator(
  failed: FailedBatch[],
  batcher: ImportMachine['batcher'],
  batchInput: Json | undefined,
) {
  const wanted = new Map<string, FailedBatch[]>();
  for (const batch of failed) wanted.set(batch.mark, [...(wanted.get(batch.mark) ?? []), batch]);
  const failures: RowFailure[] = [];
  const batches = batcher && createBatcher({ itemBatcher: { ...batcher, batchInput } });
  let rows: PlacedRow[] = [];
  let place = 0;
  let index = 0;
  const tail = failed.find(({ from }) => from !== undefined);
  let tailLines: { firstLine: number; lastLine: number } | undefined;

  const close = (): void => {
    if (rows.length === 0) return;
    const waiting = wanted.get(placeOf(place)) ?? wanted.get(digestOfRows(rows.map(({ item }) => item)));
    const batch = waiting?.shift();
    place++;
    for (const failure of batch ? located(batch, rows) : []) failures.push(failure);
    rows = [];
    batches?.take();
  };
  return {
    push(row: PlacedRow): void {
      if (tail?.from !== undefined && index++ >= tail.from)
        tailLines = { firstLine: tailLines?.firstLine ?? row.line, lastLine: row.line };
      if (!batches) {
        close();
      } else {
        const text = JSON.stringify(row.item);
        if (batches.add(text) === 'full') {
          close();
          batches.add(text);
        }
      }
      rows.push(row);
    },
    /** All failures, in the order of the file; those that were not found there have no lines. */
    end(): RowFailure[] {
      close();
      const lost = [...wanted.values()].flat();
      return [
        ...failures,
        ...lost.map(({ failed: count, from, reason, rows: told }) => ({
          ...(from !== undefined && tailLines),
          failed: count,
          reason: reason ?? told[0]?.reason ?? notTold,
        })),
      ];
    },
  };
}

function located(batch: FailedBatch, rows: PlacedRow[]): RowFailure[] {
  const found = new Map<PlacedRow, string>();
  for (const failed of batch.rows) {
    const row = placed(failed, rows, found);
    if (row) found.set(row, failed.reason);
  }
  for (const row of batch.logged ? rows : []) {
    const reason = batch.logged?.get(digestOfRows([row.item]));
    if (reason !== undefined && found.size < batch.failed && !found.has(row)) found.set(row, reason);
  }
  const exact = [...found]
    .map(([{ line }, reason]): RowFailure & { line: number } => ({ line, reason }))
    .sort((a, b) => a.line - b.line);
  const untold = batch.failed - exact.length;
  if (untold <= 0) return exact;
  const reason = batch.reason ?? notTold;
  const [first] = rows;
  if (rows.length === 1 && first) return [{ line: first.line, reason }];
  return [...exact, { firstLine: first?.line, lastLine: rows.at(-1)?.line, failed: untold, reason }];
}

/** What a row holds is surer than its index, which may be counted from 0 or 1. */
function placed(
  { index, mark }: FailedRow,
  rows: PlacedRow[],
  taken: ReadonlyMap<PlacedRow, string>,
): PlacedRow | undefined {
  const at = rows[index];
  const isIt = (row: PlacedRow): boolean => !taken.has(row) && digestOfRows([row.item]) === mark;
  if (mark === undefined || (at && isIt(at))) return at;
  return rows.find(isIt) ?? at;
}
