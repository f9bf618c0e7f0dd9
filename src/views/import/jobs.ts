import { isPlaced } from '../../framework/import/row-ledger.js';
import type { ListedJob } from '../../operations/import/jobs/list-jobs.js';
import type { ShownJob } from '../../operations/import/jobs/show-job.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { count } from '../states/map-progress.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { type TableLook, tableLines } from '../text/table.js';
import { timeHead, timeText } from '../text/time.js';
import { padded, widthOf } from '../text/width.js';
import { failedRowsLine, failureLines, retryHelps } from './import.js';

const iso = (at: number): string | null => (at === 0 ? null : new Date(at).toISOString());

export const jobDocument = ({
  id,
  kind,
  name,
  table,
  status,
  message,
  total,
  succeeded,
  failed,
  ...job
}: ListedJob) => ({
  id,
  kind,
  name,
  table: table ?? null,
  status,
  message: message ?? null,
  startDate: iso(job.createdAt),
  updateDate: iso(job.updatedAt),
  rows: total === undefined ? null : { total, succeeded: succeeded ?? null, failed: failed ?? null },
  source: job.source ?? null,
});

export function jobListLines(jobs: ListedJob[], look: TableLook): string[] {
  const number = (value: number | undefined): string => (value === undefined ? '' : count(value));
  const rows = jobs.map(({ id, name, status, createdAt, total, succeeded, failed }) => [
    timeText(createdAt, look),
    status,
    number(total),
    number(succeeded),
    number(failed),
    fileOf(name),
    id,
  ]);
  return tableLines(
    [
      {
        head: timeHead(
          'CREATED',
          jobs.map(({ createdAt }) => createdAt),
          look,
        ),
        drop: 2,
      },
      { head: 'STATUS' },
      { head: 'ROWS', drop: 3 },
      { head: 'TAKEN', drop: 4 },
      { head: 'REFUSED' },
      { head: 'FILE', flexible: true, drop: 1 },
      { head: 'JOB', key: true },
    ],
    rows,
    look,
  );
}

/** `CSV Import: products.csv` → `products.csv` */
const fileOf = (name: string): string => name.replace(/^\w+ Import(?: \([^)]*\))?: /, '');

export const shownJobDocument = ({ job, execution, rows, failures, why, children }: ShownJob) => ({
  ...jobDocument(job),
  execution: execution ?? null,
  ...(rows && { rows }),
  ...(rows && { failures }),
  ...(why !== undefined && { notFollowed: why }),
  ...(children && { children: children.map(jobDocument) }),
});

export function shownJobLines(
  shown: ShownJob,
  now: number,
  look: TableLook & { color: boolean },
  flags: string,
): string[] {
  const { job, execution, rows, failures = [], why, children } = shown;
  const colors = paint(look.color);
  const good = (bad: boolean, text: string): string => (bad ? colors.red(text) : text);
  const facts: [string, string][] = [
    ['status', good(job.status === 'FAILED', job.status)],
    ['file', oneLine(fileOf(job.name))],
  ];
  if (job.message !== undefined) facts.push(['message', oneLine(job.message)]);
  if (rows) {
    facts.push(
      ['rows', count(rows.total)],
      ['  stored', count(rows.succeeded)],
      ['  failed', good(rows.failed > 0, count(rows.failed))],
    );
    if (rows.queued > 0)
      facts.push(['  queued', count(rows.queued) + (why === undefined ? '' : ` (${oneLine(why)})`)]);
    if (rows.failedLater > 0) facts.push(['  failed later', colors.red(count(rows.failedLater))]);
    if (rows.deadLettered > 0)
      facts.push(['  in the dead-letter queue', colors.red(count(rows.deadLettered))]);
    if (rows.unknown > 0) facts.push(['  unknown', colors.red(count(rows.unknown))]);
  } else if (job.total !== undefined) {
    facts.push(['rows', count(job.total)], ['  taken', count(job.succeeded ?? 0)]);
    facts.push(['  refused', good((job.failed ?? 0) > 0, count(job.failed ?? 0))]);
  }
  if (execution) facts.push(['execution', `${execution.executionArn} ${execution.status}`]);
  const waits = waitingFor(shown, now);
  if (waits !== undefined) facts.push(['waits for', waits]);
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  const next = nextLines(shown, flags);
  return [
    colors.bold(job.id),
    ...facts.map(([name, value]) => `  ${padded(name, width)}  ${value}`),
    ...failureLines(failures, look),
    ...(children && children.length > 0
      ? ['', ...jobListLines(children, look).map((line) => `  ${line}`), '']
      : []),
    ...next.map((line, index) => `  ${index === 0 ? padded('next', width) : ' '.repeat(width)}  ${line}`),
  ];
}

/** What has to happen before the job goes on, where it has not ended. */
function waitingFor({ job, execution, children = [] }: ShownJob, now: number): string | undefined {
  if (/^(COMPLETED|FAILED)$/.test(job.status)) return undefined;
  const since = (at: number): string =>
    at === 0 ? '' : `, for ${formatDuration(Math.floor(Math.max(0, now - at) / 1000) * 1000)}`;
  const open = children.find(({ status }) => !/^(COMPLETED|FAILED)$/.test(status));
  if (open) return `${open.id} (${open.status})${since(open.updatedAt)}`;
  if (execution?.status === 'RUNNING') return `its execution${since(job.updatedAt)}`;
  if (execution) return `its last step, which has not closed it: its execution is ${execution.status}`;
  return `the framework to start its execution${since(job.updatedAt)}`;
}

function nextLines(
  { job, execution, rows, failures = [], children = [] }: ShownJob,
  flags: string,
): string[] {
  const open = children.find(({ status }) => status !== 'COMPLETED');
  return [
    ...(open ? [`mbc-flow import show ${shellWord(open.id)}${flags}`] : []),
    ...(execution && failures.some(isPlaced) ? [failedRowsLine(execution.executionArn, flags)] : []),
    ...(rows && retryHelps(rows, failures) && execution
      ? [`mbc-flow import --retry ${execution.executionArn}${flags}`]
      : []),
    ...(rows && rows.queued > 0 ? [`mbc-flow import show ${shellWord(job.id)} --watch${flags}`] : []),
    ...(execution ? [`mbc-flow show ${execution.executionArn}${flags}`] : []),
  ];
}
