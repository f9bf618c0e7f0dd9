import { FlowError } from '../../errors.js';
import { noMetrics } from '../../ports/aws/metrics.js';
import type { ExecutionSummary, Gateways, MachineMetrics, StateMachineSummary } from '../../ports/aws.js';
import { type Percentiles, percentilesOf } from '../../workflow/statistics/percentiles.js';
import { allowed, allowedAmong } from '../pace/unless-denied.js';
import { sampleExecutions } from './sample.js';
import type { Sampled } from './sample-result.js';

export interface StatsOptions {
  /** Epoch milliseconds. */
  since: number;
  now: number;
  /** Histories that are read in all, for what AWS keeps no metrics of. */
  sample: number;
  /** How many parts of the time `series` tells. */
  buckets: number;
  tell(progress: string): void;
}

export interface MachineStats extends StateMachineSummary {
  /** Undefined: nobody counts its executions. */
  source?: 'metrics' | 'executions';
  /** There are older ones, not counted. */
  truncated?: boolean;
  counts: Counts;
  /** Milliseconds. */
  duration?: Percentiles;
  series: MachineMetrics['series'];
  sampled?: Sampled;
}

export interface Counts {
  started: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  /** Known of listed executions alone. */
  running?: number;
  /** Known of metrics alone. */
  throttled?: number;
}

export interface Stats {
  machines: MachineStats[];
  since: number;
  until: number;
  /** Why there are no metrics. */
  withoutMetrics?: string;
}

type World = Pick<Gateways, 'states' | 'metrics'>;

/** Executions of a machine that are listed where nobody else counts them. */
const MOST_LISTED = 1000;
/** Machines whose histories are sampled: AWS lists executions twice a second. */
const MOST_SAMPLED = 25;

/** How executions of these machines went: from CloudWatch's metrics, else counted one by one. */
export async function machineStats(
  gateways: World,
  machines: StateMachineSummary[],
  options: StatsOptions,
): Promise<Stats> {
  const { since, now: until, buckets, sample, tell } = options;
  const arns = machines.map(({ stateMachineArn }) => stateMachineArn);
  let withoutMetrics: string | undefined;
  let metrics = new Map<string, MachineMetrics>();
  try {
    metrics = await gateways.metrics.ofStateMachines(arns, { since, until, buckets });
    if (metrics.size === 0) withoutMetrics = 'CloudWatch has no data points';
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    withoutMetrics = error.message;
  }
  const all: MachineStats[] = [];
  const listed = allowedAmong();
  for (const [index, machine] of machines.entries()) {
    tell(`counting executions of ${machine.name} (${index + 1} of ${machines.length})`);
    const stats =
      metrics.size > 0
        ? measured(machine, metrics.get(machine.stateMachineArn))
        : await listed.read(() => counted(gateways, machine, options));
    if (stats) all.push(stats);
  }
  listed.check();
  const worth = all.filter(({ type, counts }) => type === 'STANDARD' && counts.started > 0);
  worth.sort((a, b) => b.counts.started - a.counts.started).splice(MOST_SAMPLED);
  const each = Math.max(1, Math.floor(sample / Math.max(1, worth.length)));
  let left = sample;
  for (const stats of worth) {
    const most = Math.min(left, each);
    if (most === 0) break;
    tell(`reading histories of ${stats.name}`);
    stats.sampled = await allowed(() =>
      sampleExecutions(gateways.states, stats.stateMachineArn, since, most),
    );
    left -= stats.sampled?.executions ?? 0;
  }
  tell('');
  return { machines: all, since, until, withoutMetrics };
}

function measured(machine: StateMachineSummary, metrics: MachineMetrics | undefined): MachineStats {
  const { duration, series, ...counts } = metrics ?? noMetrics();
  return { ...machine, source: 'metrics', counts, duration, series };
}

async function counted(
  { states }: World,
  machine: StateMachineSummary,
  { since, now, buckets }: StatsOptions,
): Promise<MachineStats> {
  const counts = { started: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, running: 0 };
  const stats: MachineStats = { ...machine, source: 'executions', counts, series: [] };
  // EXPRESS machines keep no list of their executions.
  if (machine.type === 'EXPRESS') return { ...stats, source: undefined };
  const durations: number[] = [];
  const width = Math.max(1, (now - since) / buckets);
  const series = Array.from({ length: buckets }, (_, index) => ({
    at: since + index * width,
    started: 0,
    failed: 0,
  }));
  const { stateMachineArn } = machine;
  for await (const execution of states.listExecutions({ stateMachineArn, atMost: MOST_LISTED + 1 })) {
    if (execution.startDate.getTime() < since) break;
    if (counts.started === MOST_LISTED) {
      stats.truncated = true;
      break;
    }
    counts.started++;
    const way = ways[execution.status];
    if (way) counts[way]++;
    const bucket = series[Math.min(buckets - 1, Math.floor((execution.startDate.getTime() - since) / width))];
    if (bucket) bucket.started++;
    if (bucket && way && way !== 'succeeded' && way !== 'running') bucket.failed++;
    if (execution.stopDate) durations.push(execution.stopDate.getTime() - execution.startDate.getTime());
  }
  stats.duration = percentilesOf(durations);
  stats.series = counts.started > 0 ? series : [];
  return stats;
}

const ways: Partial<
  Record<ExecutionSummary['status'], 'succeeded' | 'failed' | 'timedOut' | 'aborted' | 'running'>
> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
};
