import type { MapItemRow } from '../../../api.js';

const order = ['FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE', 'RUNNING', 'SUCCEEDED'];

/** Items as they are listed: those that ended badly, those that run, and then all others. */
export function badFirst(rows: ReadonlyMap<string, MapItemRow>): [executionArn: string, row: MapItemRow][] {
  const groups = new Map<string, [string, MapItemRow][]>(order.map((status) => [status, []]));
  for (const entry of rows) groups.get(entry[1].status)?.push(entry);
  return [...groups.values()].flat();
}
