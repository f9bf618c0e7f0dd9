import type { ItemCounts, ItemResult } from '../../framework/task/item-results.js';
import type { Limit } from '../../framework/task/plan-shares.js';
import type { BatchEntry } from '../../operations/task/batch-journal.js';
import type { BatchProgress, BatchResult } from '../../operations/task/batch-result.js';
import type { BatchPlan } from '../../operations/task/plan-batch.js';
import { failureKind, groupReasons, type ReasonGroup } from '../../workflow/failure/reason-groups.js';
import { executionParts } from '../../workflow/names/arn.js';
import { shareName } from '../../workflow/names/stable-name.js';
import { count } from '../states/map-progress.js';
import { reasonGroupLines, worthGrouping } from '../states/reason-groups.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { type TableLook, tableLines } from '../text/table.js';
import { padded, widthOf } from '../text/width.js';

const mostListed = 20;

const itemCount = (items: number): string => `${count(items)} ${items === 1 ? 'item' : 'items'}`;
const executionCount = (executions: number): string =>
  `${count(executions)} ${executions === 1 ? 'execution' : 'executions'}`;

const limitNames: Record<Limit, string> = {
  input: 'an input has at most 256 KiB',
  payload: 'what a function gets has at most 256 KiB, and this machine repeats the input in it',
  output: 'the outputs of all items have at most 256 KiB (each is taken to be about as large as its item)',
  events: 'a history has at most 25,000 events',
  time: 'the machine ends an execution at its timeout',
  record: 'a record of DynamoDB has at most 400 KB',
  'batch-size': '--batch-size',
};

/** `10,000 items in 12 executions`. */
export const planSummary = ({ items, entry }: BatchPlan): string =>
  `${itemCount(items.length)} in ${executionCount(entry.shares.length)}`;

/** Why the plan is as it is. */
export function planLines({ entry, limits, machine, secondsPerItem, measured }: BatchPlan): string[] {
  const { shares, start } = entry;
  const counts = shares.map((share) => share.count);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const least = counts.reduce((a, b) => Math.min(a, b), most);
  const facts: [string, string][] = [
    ['batch', entry.batch],
    ['machine', entry.stateMachineArn],
    ['start', `${start.via === 'table' ? 'through a record' : 'directly'}: ${start.why}`],
    [
      'plan',
      `${executionCount(shares.length)} of ${least === most ? count(most) : `${count(least)} to ${count(most)}`} items, ${machine.concurrency} at a time in each`,
    ],
    ...limits.map((limit, index): [string, string] => [index === 0 ? 'limits' : '', limitNames[limit]]),
    ['time', timeText(most, machine, secondsPerItem, measured)],
  ];
  return facts.map(([name, value]) => `  ${padded(name, 7)}  ${value}`);
}

function timeText(
  items: number,
  { concurrency, timeoutSeconds }: BatchPlan['machine'],
  secondsPerItem: number | undefined,
  measured: boolean,
): string {
  const limit =
    timeoutSeconds === undefined
      ? 'the machine has no timeout'
      : `the machine ends an execution after ${formatDuration(timeoutSeconds * 1000)}`;
  if (secondsPerItem === undefined)
    return timeoutSeconds === undefined
      ? limit
      : `${limit}; how long an item takes is not known (--seconds-per-item, or measured in a first batch)`;
  const took = formatDuration(Math.ceil(items / concurrency) * secondsPerItem * 1000);
  return `about ${took} each (${formatDuration(secondsPerItem * 1000)} an item, ${measured ? 'as measured before' : 'as stated'}); ${limit}`;
}

export function progressLine(
  { done, failed, running, waiting }: BatchProgress,
  total: number,
  elapsed: number,
): string {
  const left = done > 0 && done < total ? `  ${formatDuration((elapsed / done) * (total - done))} left` : '';
  const failures = failed > 0 ? `  ${count(failed)} failed` : '';
  const others = waiting > 0 ? `, ${count(waiting)} to come` : '';
  return `running  ${total > 0 ? Math.floor((done / total) * 100) : 100}%  ${count(done)}/${itemCount(total)}${failures}  ${executionCount(running)}${others}${left}`;
}

/** Every item succeeded, and every execution that ended the work of a share. */
export const isGood = ({ items, executions }: BatchResult): boolean =>
  items.succeeded === items.total && executions.every(({ status }) => status === 'SUCCEEDED');

/** The JSON of a finished batch, as scripts rely on it. */
export const batchDocument = ({ batch, executions, items, results, durationSeconds }: BatchResult) => ({
  batch,
  executions: executions.map(({ executionArn }) => executionArn),
  items,
  results,
  durationSeconds,
});

export function batchLines(
  source: string,
  { batch, executions, items, results, durationSeconds }: BatchResult,
  look: TableLook & { color: boolean },
  next: string[],
): string[] {
  const bad = executions.filter(({ status }) => status !== 'SUCCEEDED');
  const facts: [string, string][] = [
    ['batch', batch],
    ...countFacts(items, look.color),
    ['took', formatDuration(durationSeconds * 1000)],
    [
      'executions',
      `${count(executions.length)}${bad.length > 0 ? `, ${count(bad.length)} did not succeed` : ''}`,
    ],
    ...(explained(items) ? [] : bad.slice(0, 3)).map(({ executionArn, status, reason }): [string, string] => [
      '',
      oneLine(`${executionParts(executionArn).name} ${status}${reason === undefined ? '' : `: ${reason}`}`),
    ]),
  ];
  return page(paint(look.color).bold(source), facts, failureLines(results, look), next);
}

/** What failed says itself why its execution did. */
const explained = ({ failed, notRun }: ItemCounts): boolean => failed > 0 && notRun === 0;

export function countFacts(
  { total, succeeded, failed, notRun }: ItemCounts,
  color: boolean,
): [string, string][] {
  const colors = paint(color);
  return [
    ['items', count(total)],
    ['  succeeded', succeeded === total ? colors.green(count(succeeded)) : count(succeeded)],
    ['  failed', failed > 0 ? colors.red(count(failed)) : '0'],
    ...(notRun > 0 ? [['  never ran', colors.red(count(notRun))] as [string, string]] : []),
  ];
}

/** A heading, named values below each other, a table, and what to type next. */
export function page(heading: string, facts: [string, string][], table: string[], next: string[]): string[] {
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  return [
    heading,
    ...facts.map(([name, value]) => `  ${padded(name, width)}  ${value}`),
    ...table,
    ...next.map((line, index) => `  ${index === 0 ? padded('next', width) : ' '.repeat(width)}  ${line}`),
  ];
}

type FailedItem = Pick<ItemResult, 'status' | 'error' | 'message'>;

/** What did not succeed, by its reasons. What never ran has no reason of its own, and can be run. */
export const itemReasons = <T extends FailedItem>(bad: readonly T[]): ReasonGroup<T>[] =>
  groupReasons(bad, (item) => ({
    reason: reasonText(item) || item.status,
    kind: item.status === 'NOT_RUN' ? 'transient' : failureKind(reasonText(item)),
  }));

const reasonText = ({ error, message = '' }: FailedItem): string =>
  error === undefined || error === 'NullOutput' || message.includes(error) ? message : `${error}: ${message}`;

export function failureLines(
  results: (Pick<ItemResult, 'status' | 'error' | 'message'> & { index: number; line?: number })[],
  look: TableLook,
): string[] {
  const bad = results.filter(({ status }) => status !== 'SUCCEEDED');
  if (bad.length === 0) return [];
  const groups = itemReasons(bad);
  if (worthGrouping(bad.length, groups.length)) {
    const examples = { head: 'FIRST ITEMS', of: ({ index }: (typeof bad)[number]) => String(index) };
    const table = reasonGroupLines(groups, examples, { ...look, columns: look.columns - 2 });
    return ['', ...table.map((line) => `  ${line}`), '  -o json lists all', ''];
  }
  // What failed says more than what never ran because of it.
  const ranked = [
    ...bad.filter(({ status }) => status !== 'NOT_RUN'),
    ...bad.filter(({ status }) => status === 'NOT_RUN'),
  ];
  const listed = ranked.slice(0, mostListed).sort((a, b) => a.index - b.index);
  // A file of one line tells nothing by it.
  const lines = listed.some(({ line = 1 }) => line > 1);
  const columns = [
    { head: 'ITEM' },
    ...(lines ? [{ head: 'LINE' }] : []),
    { head: 'STATUS' },
    { head: 'REASON', flexible: true },
  ];
  const rows = listed.map((item) => [
    String(item.index),
    ...(lines ? [String(item.line ?? '')] : []),
    item.status,
    reasonText(item),
  ]);
  const more = bad.length - listed.length;
  return [
    '',
    ...tableLines(columns, rows, { ...look, columns: look.columns - 2 }).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${count(more)} more (-o json lists all)`] : []),
    '',
  ];
}

/** A plan as JSON, for `--dry-run`. */
export const planDocument = ({ entry, items, limits, secondsPerItem, goesOn }: BatchPlan) => ({
  dryRun: true,
  batch: entry.batch,
  stateMachineArn: entry.stateMachineArn,
  via: entry.start.via,
  items: items.length,
  executions: entry.shares.map(({ first, count: size, bytes }: BatchEntry['shares'][number], index) => ({
    name: shareName(entry.batch, index),
    first,
    items: size,
    bytes,
  })),
  limits,
  ...(secondsPerItem !== undefined && { secondsPerItem }),
  ...(goesOn && { goesOn }),
});
