import { AwsError } from '../ports.js';
import type { JsonOperations } from './json-service.js';

/** A bucket's size, and how many tokens come back in a second. */
export type Quota = readonly [size: number, refill: number];

/** Takes a token from a bucket; false when it is empty. Buckets begin full; `now` in milliseconds. */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly now: () => number) {}

  take(name: string, [size, refill]: Quota): boolean {
    const now = this.now();
    const bucket = this.buckets.get(name) ?? { tokens: size, at: now };
    bucket.tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * refill);
    bucket.at = now;
    this.buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

/** Which bucket a request draws on; undefined: it is not limited. */
export type QuotaOf = (operation: string, input: unknown) => { bucket: string; quota: Quota } | undefined;

/** Operations that refuse, as AWS does, what comes faster than its quota. */
export function throttled(
  operations: JsonOperations,
  quotaOf: QuotaOf,
  buckets: TokenBuckets,
): JsonOperations {
  const refuse = (operation: string, input: unknown): void => {
    const limit = quotaOf(operation, input);
    if (limit && !buckets.take(limit.bucket, limit.quota))
      throw new AwsError('ThrottlingException', 'Rate exceeded');
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      async (input, gone) => {
        refuse(name, input);
        return await run(input, gone);
      },
    ]),
  );
}
