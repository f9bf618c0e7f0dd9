import type { Quota, QuotaOf } from '../http/throttle.js';

/** AWS's quotas in requests a second, per account and region; what is not named has `others`. */
const quotas: Record<string, Quota> = {
  FilterLogEvents: [10, 10],
  GetLogEvents: [25, 25],
  PutLogEvents: [5000, 5000],
  DescribeLogGroups: [10, 10],
  DescribeLogStreams: [25, 25],
  CreateLogStream: [50, 50],
};
const others: Quota = [10, 10];

export const logsQuotas: QuotaOf = (operation) => ({
  bucket: `Logs.${operation}`,
  quota: quotas[operation] ?? others,
});
