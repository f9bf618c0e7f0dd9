import type { ListedBatch } from '../../operations/task/list-batches.js';
import { count } from '../states/map-progress.js';
import { type TableLook, tableLines } from '../text/table.js';

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
    new Date(startedAt).toISOString().slice(0, 19).replace('T', ' '),
    standing(executions, recordStatus),
    items ? count(items.total) : '?',
    items?.succeeded === undefined ? '?' : count(items.succeeded),
    items?.failed === undefined ? '?' : count(items.failed + (items.notRun ?? 0)),
    source,
    batch,
  ]);
  return tableLines(
    [
      { head: 'STARTED (UTC)' },
      { head: 'STATUS' },
      { head: 'ITEMS' },
      { head: 'GOOD' },
      { head: 'BAD' },
      { head: 'FILE', flexible: true },
      { head: 'BATCH' },
    ],
    rows,
    look,
  );
}

function standing({ total, running }: ListedBatch['executions'], recordStatus: string | undefined): string {
  if (running > 0) return 'RUNNING';
  return recordStatus ?? (total > 0 ? 'ENDED' : '—');
}
