/**
 * AWS counts calls per operation, account and region, in token buckets that production shares. Ours take half of
 * the refill rate after a short burst. Numbers: AWS's service quotas for the smaller regions.
 */
const refillPerSecond: Record<string, number> = {
  StartExecution: 150,
  StopExecution: 25,
  DescribeExecution: 10,
  GetExecutionHistory: 20,
  ListExecutions: 2,
  DescribeStateMachine: 20,
  DescribeStateMachineForExecution: 1,
  ListStateMachines: 5,
  DescribeMapRun: 1,
  ListMapRuns: 1,
  RedriveExecution: 150,
  FilterLogEvents: 5,
  SendTaskSuccess: 300,
  SendTaskFailure: 300,
  SendTaskHeartbeat: 300,
};
const secondsOfBurst = 10;

export interface Limiter {
  /** Resolves when the call may be made. */
  take(operation: string): Promise<void>;
}

export const noLimiter: Limiter = { take: async () => {} };

export function createLimiter(clock: { now(): number; sleep(milliseconds: number): Promise<void> }): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    async take(operation) {
      const refill = refillPerSecond[operation];
      if (refill === undefined) return;
      const rate = refill / 2;
      const size = Math.max(rate * secondsOfBurst, 1);
      const now = clock.now();
      const bucket = buckets.get(operation) ?? { tokens: size, at: now };
      buckets.set(operation, bucket);
      bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * rate) - 1;
      bucket.at = now;
      // Below zero the call has its place in the queue: it waits until its own token would have come.
      if (bucket.tokens < 0) await clock.sleep((-bucket.tokens / rate) * 1000);
    },
  };
}
