import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { noMetrics } from '../ports/aws/metrics.js';
import type { MachineMetrics, MetricsGateway } from '../ports/aws.js';
import { type ClientSettings, equip, sdkConfig, sender } from './client.js';

const sums = {
  ExecutionsStarted: 'started',
  ExecutionsSucceeded: 'succeeded',
  ExecutionsFailed: 'failed',
  ExecutionsTimedOut: 'timedOut',
  ExecutionsAborted: 'aborted',
  ExecutionThrottled: 'throttled',
} as const satisfies Record<string, keyof MachineMetrics>;
const percentiles = ['p50', 'p95', 'p99'] as const;
const ends = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'];

/** GetMetricData takes so many queries. */
const MOST_QUERIES = 500;
const perMachine = Object.keys(sums).length + percentiles.length;

/** CloudWatch metrics of state machines over the AWS SDK. */
export function createMetricsGateway(settings: ClientSettings): MetricsGateway {
  const client = equip(new CloudWatchClient(sdkConfig(settings)), settings);
  const send = sender(settings, 'CloudWatch');
  return {
    async ofStateMachines(arns, range) {
      const found = new Map<string, MachineMetrics>();
      const atOnce = Math.floor(MOST_QUERIES / perMachine);
      for (let from = 0; from < arns.length; from += atOnce) {
        const some = arns.slice(from, from + atOnce);
        const input = {
          MetricDataQueries: some.flatMap((arn, index) => queriesOf(arn, index, range, settings.now())),
          StartTime: new Date(range.since),
          EndTime: new Date(range.until),
          ScanBy: 'TimestampAscending',
        } as const;
        const call = async (NextToken: string | undefined) => {
          const page = await client.send(new GetMetricDataCommand({ ...input, NextToken }));
          return { ...page, nextToken: page.NextToken };
        };
        const pages = send.paged('GetMetricData', call, (page) => page.MetricDataResults);
        for await (const { MetricDataResults = [] } of pages)
          for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
            const [, index = '', name = ''] = /^m(\d+)_(\w+)$/.exec(Id) ?? [];
            const arn = some[Number(index)];
            if (arn === undefined || Values.length === 0) continue;
            const metrics = found.get(arn) ?? noMetrics();
            found.set(arn, metrics);
            take(metrics, name, Timestamps, Values);
          }
      }
      for (const { series } of found.values()) series.sort((a, b) => a.at - b.at);
      return found;
    },
  };
}

function take(metrics: MachineMetrics, name: string, times: Date[], values: number[]): void {
  if (Object.hasOwn(sums, name)) {
    for (const [index, value] of values.entries()) {
      metrics[sums[name as keyof typeof sums]] += value;
      const column = name === 'ExecutionsStarted' ? 'started' : ends.includes(name) ? 'failed' : undefined;
      const at = times[index]?.getTime();
      if (column === undefined || at === undefined) continue;
      let bucket = metrics.series.find((one) => one.at === at);
      if (!bucket) {
        bucket = { at, started: 0, failed: 0 };
        metrics.series.push(bucket);
      }
      bucket[column] += value;
    }
    return;
  }
  // The range may fall into two periods of its own length: percentiles can't be added, the longer time is told.
  metrics.duration ??= { p50: 0, p95: 0, p99: 0 };
  const key = name as (typeof percentiles)[number];
  metrics.duration[key] = Math.max(metrics.duration[key], ...values);
}

function queriesOf(
  stateMachineArn: string,
  index: number,
  { since, until, buckets }: { since: number; until: number; buckets: number },
  now: number,
): MetricDataQuery[] {
  const seconds = (until - since) / 1000;
  const step = resolution((now - since) / 1000);
  const whole = (length: number): number => Math.max(step, Math.ceil(length / step) * step);
  const query = (MetricName: string, id: string, Stat: string, Period: number): MetricDataQuery => ({
    Id: `m${index}_${id}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/States',
        MetricName,
        Dimensions: [{ Name: 'StateMachineArn', Value: stateMachineArn }],
      },
      Stat,
      Period,
    },
  });
  return [
    // Of ExecutionsStarted AWS takes two samples: only the sum is right.
    ...Object.keys(sums).map((name) => query(name, name, 'Sum', whole(seconds / buckets))),
    ...percentiles.map((stat) => query('ExecutionTime', stat, stat, whole(seconds))),
  ];
}

/** CloudWatch keeps minutes for 15 days, five minutes for 63, hours for 455. */
const resolution = (age: number): number => (age > 63 * 86_400 ? 3600 : age > 15 * 86_400 ? 300 : 60);
