import type { Limiter } from '../ports/limiter.js';

/**
 * AWS counts calls per operation, account and region, in token buckets that production shares. Ours take half of
 * the refill rate after a short burst. Numbers: AWS's service quotas for the smaller regions.
 */

const refillPerSecond: Record<string, number> = {
  StartExecution: 150,
  StopExecution: 25,
  RedriveExecution: 150,
  DescribeExecution: 10,
  GetExecutionHistory: 20,
  ListExecutions: 2,
  DescribeStateMachine: 20,
  DescribeStateMachineForExecution: 1,
  ListStateMachines: 5,
  DescribeStateMachineAlias: 1,
  ListStateMachineAliases: 1,
  ListStateMachineVersions: 1,
  ListTagsForResource: 1,
  DescribeMapRun: 1,
  ListMapRuns: 1,
  SendTaskSuccess: 300,
  SendTaskFailure: 300,
  SendTaskHeartbeat: 300,
  FilterLogEvents: 10,
};
const secondsOfBurst = 10;
const share = 0.5;
const others: Record<string, { share: number; burst: number }> = {
  // Applications read no histories: most of what AWS gives is taken.
  GetExecutionHistory: { share: 0.95, burst: 380 },
  // Nor lists: what else asks for them is a person in the console.
  ListExecutions: { share: 0.8, burst: 80 },
  // CloudWatch Logs has no burst to speak of.
  FilterLogEvents: { share: 0.5, burst: 5 },
};
/** After so long without a throttle the pace doubles again. */
const secondsToRecover = 15;
/** The slowest pace: this many halvings, or so many calls a second, whichever is faster. */
const mostHalvings = 4;
const slowestPerSecond = 0.2;

/** A limiter that is chosen when the first call is made. */
export function limiterOf(choose: () => Promise<Limiter>): Limiter {
  let chosen: Limiter | undefined;
  return {
    async take(operation) {
      chosen ??= await choose();
      await chosen.take(operation);
    },
    throttled: (operation) => chosen?.throttled(operation),
  };
}

export interface LimiterClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

interface Bucket {
  tokens: number;
  at: number;
  /** How often the pace is halved now. */
  halvings: number;
  /** When it last changed. */
  changedAt: number;
}

/**
 * @param free no limit until the service throttles for the first time (a server on this machine, which is nobody
 * else's); from then on as everywhere
 */
export function createLimiter(clock: LimiterClock, free = false): Limiter {
  const buckets = new Map<string, Bucket>();
  let open = free;

  const bucketOf = (operation: string, size: number): Bucket => {
    const now = clock.now();
    const known = buckets.get(operation);
    if (known) return known;
    const bucket = { tokens: size, at: now, halvings: 0, changedAt: now };
    buckets.set(operation, bucket);
    return bucket;
  };
  const rateOf = (full: number, { halvings }: Bucket): number =>
    Math.max(full / 2 ** halvings, Math.min(full, slowestPerSecond));

  return {
    async take(operation) {
      const refill = refillPerSecond[operation];
      if (refill === undefined || open) return;
      const other = others[operation];
      const full = refill * (other?.share ?? share);
      const size = other?.burst ?? Math.max(full * secondsOfBurst, 1);
      const bucket = bucketOf(operation, size);
      const now = clock.now();
      if (bucket.halvings > 0 && now - bucket.changedAt >= secondsToRecover * 1000) {
        bucket.halvings--;
        bucket.changedAt = now;
      }
      const rate = rateOf(full, bucket);
      bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * rate) - 1;
      bucket.at = now;
      // Below zero the call has its place in the queue: it waits until its own token would have come.
      if (bucket.tokens < 0) await clock.sleep((-bucket.tokens / rate) * 1000);
    },
    throttled(operation) {
      open = false;
      const bucket = bucketOf(operation, 0);
      const now = clock.now();
      // Calls under way were sent at the old pace: only the first of their throttles counts.
      if (bucket.halvings > 0 && now - bucket.changedAt < 1000) return;
      bucket.halvings = Math.min(bucket.halvings + 1, mostHalvings);
      bucket.changedAt = now;
      bucket.tokens = Math.min(bucket.tokens, 0);
      bucket.at = now;
    },
  };
}

/** A pace of the caller's own, before that which all share. */
export const bothLimiters = (own: Limiter, shared: Limiter): Limiter => ({
  async take(operation) {
    await own.take(operation);
    await shared.take(operation);
  },
  throttled(operation) {
    own.throttled(operation);
    shared.throttled(operation);
  },
});
