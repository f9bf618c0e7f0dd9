import { expect, test } from 'vitest';
import { answering } from './answering.js';

test('metrics of state machines: sums over all parts of the time, percentiles of the whole', async () => {
  const hour = 3_600_000;
  const now = Date.now();
  const at = (hours: number): number => (now - hours * hour) / 1000;
  const result = (Id: string, Timestamps: number[], Values: number[]) => ({ Id, Timestamps, Values });
  const { asked, gateways } = await answering(
    'application/x-amz-json-1.0',
    JSON.stringify({
      MetricDataResults: [
        result('m1_ExecutionsStarted', [at(2), at(1)], [3, 4]),
        result('m1_ExecutionsSucceeded', [at(1)], [5]),
        result('m1_ExecutionsFailed', [at(1)], [1]),
        result('m1_ExecutionsAborted', [at(1)], [1]),
        result('m1_p50', [at(2)], [120]),
        result('m1_p95', [at(2), at(1)], [900, 400]),
        result('m1_p99', [at(2)], [1000]),
        result('m0_ExecutionsStarted', [], []),
      ],
    }),
  );
  const range = { since: now - 24 * hour, until: now, buckets: 24 };
  const found = await gateways.metrics.ofStateMachines(['arn:none', 'arn:some'], range);
  expect([...found.keys()]).toEqual(['arn:some']);
  expect(found.get('arn:some')).toMatchObject({
    started: 7,
    succeeded: 5,
    failed: 1,
    aborted: 1,
    timedOut: 0,
    duration: { p50: 120, p95: 900, p99: 1000 },
    series: [
      { started: 3, failed: 0 },
      { started: 4, failed: 2 },
    ],
  });
  const { MetricDataQueries } = JSON.parse(asked[0]?.replace(/^\S+ /, '') ?? '');
  expect(MetricDataQueries).toHaveLength(18);
  const periods = new Set(
    MetricDataQueries.map((query: { MetricStat: { Period: number } }) => query.MetricStat.Period),
  );
  expect(periods).toEqual(new Set([3600, 86_400]));
});
