import type { MachineStats, Stats } from '../../operations/machine/stats.js';
import { type Percentiles, percentilesOf } from '../../workflow/statistics/percentiles.js';
import { transitionsPrice } from '../../workflow/statistics/price.js';
import { successRate } from '../../workflow/statistics/success-rate.js';
import type { StateTally } from '../../workflow/statistics/tally.js';
import { count } from '../states/map-progress.js';
import { formatDuration } from '../text/duration.js';
import { paint } from '../text/paint.js';
import { type TableLook, tableLines } from '../text/table.js';
import { zonedTime } from '../text/time.js';
import { sparkline } from './sparkline.js';

export interface StatsLook extends TableLook {
  color: boolean;
  region: string;
}

/** `stats -o json`, but for its list of machines. */
export const statsDocument = ({ since, until, withoutMetrics }: Stats) => ({
  since: new Date(since).toISOString(),
  until: new Date(until).toISOString(),
  ...(withoutMetrics !== undefined && { withoutMetrics }),
});

export const machineStatsDocument = (stats: MachineStats, region: string) => {
  const { stateMachineArn, name, type, source, truncated = false, counts, duration, series, sampled } = stats;
  const { running = null, throttled = null, ...ends } = counts;
  return {
    stateMachineArn,
    name,
    type,
    source: source ?? null,
    truncated,
    executions: { ...ends, running, throttled },
    successRate: successRate(counts) ?? null,
    durationSeconds: seconds(duration),
    sampled: sampled?.executions ?? 0,
    retries: sampled?.retries ?? null,
    cost: sampled
      ? {
          transitions: rounded(sampled.transitions),
          children: rounded(sampled.children),
          usd: transitionsPrice(sampled.transitions, region) ?? null,
        }
      : null,
    series: series.map(({ at, ...bucket }) => ({ startDate: new Date(at).toISOString(), ...bucket })),
    states: (sampled?.states ?? []).map((state) => ({
      stateName: state.stateName,
      runs: state.runs,
      failed: state.failed,
      retries: state.retries,
      durationSeconds: seconds(percentilesOf(state.durations)),
    })),
  };
};

const seconds = (of: Percentiles | undefined) =>
  of ? { p50: of.p50 / 1000, p95: of.p95 / 1000, p99: of.p99 / 1000 } : null;
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** A row a machine. */
export function statsTable({ machines }: Stats, look: StatsLook): string[] {
  if (machines.length === 0) return [];
  const ink = paint(look.color);
  return tableLines(
    [
      { head: 'MACHINE', key: true },
      { head: 'STARTED', drop: 8 },
      { head: 'SUCCESS', drop: 9, paint: (text) => (text === '100%' ? ink.green(text) : ink.yellow(text)) },
      { head: 'FAILED', drop: 7, paint: (text) => (text === '0' ? text : ink.red(text)) },
      { head: 'P50', drop: 5 },
      { head: 'P95', drop: 6 },
      { head: 'P99', drop: 3 },
      { head: 'RETRIES', drop: 4 },
      { head: 'TRANSITIONS', drop: 1 },
      { head: 'TREND', drop: 2 },
    ],
    machines.map((stats) => [
      stats.name,
      stats.source ? some(stats) + count(stats.counts.started) : '',
      percent(successRate(stats.counts)),
      stats.source ? count(failedOf(stats)) : '',
      ...times(stats.duration),
      stats.sampled ? count(stats.sampled.retries) : '',
      stats.sampled ? String(tenths(stats.sampled.transitions)) : '',
      sparkline(stats.series.map(({ started }) => started)),
    ]),
    look,
  );
}

/** All about one machine. */
export function statsPage(stats: MachineStats, { since, withoutMetrics }: Stats, look: StatsLook): string[] {
  const { name, type, counts, duration, series, sampled, source } = stats;
  const ink = paint(look.color);
  const from = source === 'metrics' ? 'CloudWatch metrics' : 'its executions';
  const lines = [ink.bold(`${name}  ${type}`), `since ${zonedTime(since, look)}, from ${from}`];
  if (source === undefined)
    return [...lines.slice(0, 1), `nothing is known of its executions: ${withoutMetrics ?? 'no metrics'}`];
  const spark = (key: 'started' | 'failed') => sparkline(series.map((bucket) => bucket[key]));
  const row = (label: string, ...parts: string[]) =>
    `${label.padEnd(11)}${parts.filter(Boolean).join('  ')}`.trimEnd();
  lines.push(
    row('started', some(stats) + count(counts.started), spark('started')),
    row('succeeded', count(counts.succeeded), percent(successRate(counts))),
    row('failed', count(failedOf(stats)), failures(stats), ink.red(spark('failed'))),
  );
  if (counts.running) lines.push(row('running', count(counts.running)));
  if (counts.throttled) lines.push(row('throttled', count(counts.throttled)));
  if (duration) {
    const [p50, p95, p99] = times(duration);
    lines.push(row('took', `p50 ${p50}`, `p95 ${p95}`, `p99 ${p99}`));
  }
  if (!sampled) return lines;
  lines.push(row('a run', ...costOf(sampled, look.region)));
  const newest = sampled.executions === 1 ? 'the newest' : `the newest ${sampled.executions}`;
  return [...lines, '', ink.dim(`States, by the history of ${newest}`), ...stateTable(sampled.states, look)];
}

function stateTable(states: StateTally[], look: StatsLook): string[] {
  const ink = paint(look.color);
  return tableLines(
    [
      { head: 'STATE', key: true },
      { head: 'RUNS', drop: 4 },
      { head: 'FAILED', drop: 6, paint: (text) => (text === '0' ? text : ink.red(text)) },
      { head: 'RETRIES', drop: 5, paint: (text) => (text === '0' ? text : ink.yellow(text)) },
      { head: 'P50', drop: 2 },
      { head: 'P95', drop: 3 },
      { head: 'P99', drop: 1 },
    ],
    states.map(({ stateName, runs, failed, retries, durations }) => [
      stateName,
      count(runs),
      count(failed),
      count(retries),
      ...times(percentilesOf(durations)),
    ]),
    look,
  );
}

/** What runs cost: `about 7 state transitions`, `250 children`, `0.000175 USD`. */
function costOf(of: { transitions: number; children: number }, region: string): string[] {
  const price = transitionsPrice(of.transitions, region);
  return [
    `about ${groups(tenths(of.transitions))} state transitions`,
    of.children > 0 ? childrenText(tenths(of.children)) : '',
    price === undefined ? '' : `${Number(price.toPrecision(3))} USD in ${region}`,
  ];
}

const childrenText = (children: number): string =>
  `${groups(children)} child ${children === 1 ? 'execution' : 'executions'}`;
const tenths = (value: number): number => Math.round(value * 10) / 10;
const groups = (value: number): string =>
  Number.isInteger(value) ? count(value) : `${count(Math.floor(value))}.${Math.round((value % 1) * 10)}`;
const some = ({ truncated }: MachineStats): string => (truncated ? 'more than ' : '');
const failedOf = ({ counts: { failed, timedOut, aborted } }: MachineStats): number =>
  failed + timedOut + aborted;

/** Where they did not just fail. */
function failures({ counts: { failed, timedOut, aborted } }: MachineStats): string {
  if (timedOut + aborted === 0) return '';
  const parts = [
    [failed, 'FAILED'],
    [timedOut, 'TIMED_OUT'],
    [aborted, 'ABORTED'],
  ] as const;
  return `(${parts
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${count(number)} ${status}`)
    .join(', ')})`;
}

/** Never 100% where something failed. */
function percent(rate: number | undefined): string {
  if (rate === undefined) return '';
  return rate === 1 || rate === 0 ? `${rate * 100}%` : `${(Math.floor(rate * 1000) / 10).toFixed(1)}%`;
}

const times = (of: Percentiles | undefined): [string, string, string] =>
  of ? [formatDuration(of.p50), formatDuration(of.p95), formatDuration(of.p99)] : ['', '', ''];
