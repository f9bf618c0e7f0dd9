import type { ListedBatch } from '../../operations/task/list-batches.js';
import { count } from '../states/map-progress.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';

export const batchDocuments = (batches: ListedBatch[]) =>
  batches.map(({ batch, startedAt, source, recordStatus, executions, items }) => ({
    batch,
    startDate: new Date(startedAt).toISOString(),
    source: source ?? null,
    ...(recordStatus !== undefined && { recordStatus }),
    executions,
    items: items ?? null,
  }));

export function batchListLines(batches: ListedBatch[], look: TableLook): string[] {
  const rows = batches.map(({ batch, startedAt, source = '', recordStatus, executions, items }) => [
    timeText(startedAt, look),
    standing(executions, recordStatus),
    items ? count(items.total) : '?',
    items?.succeeded === undefined ? '?' : count(items.succeeded),
    items?.failed === undefined ? '?' : count(items.failed + (items.notRun ?? 0)),
    source,
    batch,
  ]);
  return tableLines(
    [
      {
        head: timeHead(
          'STARTED',
          batches.map(({ startedAt }) => startedAt),
          look,
        ),
        drop: 2,
      },
      { head: 'STATUS' },
      { head: 'ITEMS', drop: 3 },
      { head: 'GOOD', drop: 4 },
      { head: 'BAD' },
      { head: 'FILE', flexible: true, drop: 1 },
      { head: 'BATCH', key: true },
    ],
    rows,
    look,
  );
}

function standing({ total, running }: ListedBatch['executions'], recordStatus: string | undefined): string {
  if (running > 0) return 'RUNNING';
  return recordStatus ?? (total > 0 ? 'ENDED' : '—');
}
