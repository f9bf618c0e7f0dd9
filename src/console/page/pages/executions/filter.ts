import type { ExecutionRow } from '../../../api.js';

/** What of the list is shown, as it stands in the page's address. */
export interface ExecutionFilter {
  /** One status, or `bad`: whatever ended without success. */
  status?: string;
  /** The machine's name. */
  machine?: string;
  text?: string;
  /** Started between, epoch milliseconds. */
  from?: number;
  to?: number;
}

export const filterOf = (query: URLSearchParams): ExecutionFilter => ({
  status: query.get('status') ?? undefined,
  machine: query.get('machine') ?? undefined,
  text: query.get('q') ?? undefined,
  from: timeOf(query.get('from')),
  to: timeOf(query.get('to')),
});

const bad = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/** The rows that fit, newest first. */
export function filtered(rows: Iterable<ExecutionRow>, filter: ExecutionFilter): ExecutionRow[] {
  const { status, machine, from, to } = filter;
  const text = filter.text?.trim().toLowerCase();
  const fits = (row: ExecutionRow): boolean => {
    if (status !== undefined && (status === 'bad' ? !bad.includes(row.status) : row.status !== status))
      return false;
    if (machine !== undefined && row.stateMachineName !== machine) return false;
    if (from !== undefined && row.startDate < new Date(from).toISOString()) return false;
    if (to !== undefined && row.startDate >= new Date(to).toISOString()) return false;
    return (
      text === undefined || text === '' || searched(row).some((one) => one?.toLowerCase().includes(text))
    );
  };
  const found: ExecutionRow[] = [];
  for (const row of rows) if (fits(row)) found.push(row);
  return found.sort((a, b) => (a.startDate < b.startDate ? 1 : a.startDate > b.startDate ? -1 : 0));
}

const searched = ({
  name,
  stateMachineName,
  requestId,
  failure,
}: ExecutionRow): (string | null | undefined)[] => [
  name,
  stateMachineName,
  requestId,
  failure?.error,
  failure?.message,
];

function timeOf(text: string | null): number | undefined {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
