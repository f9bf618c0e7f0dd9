import { expect, test } from 'vitest';
import { createLimiter } from '../../src/aws/limiter.js';
import { type Quota, TokenBuckets } from '../../src/local/http/throttle.js';

function clockAt(now: number) {
  const clock = {
    time: now,
    slept: [] as number[],
    now: () => clock.time,
    sleep: async (milliseconds: number) => {
      clock.slept.push(milliseconds);
    },
  };
  return clock;
}

test('a short burst passes, then half of AWS’s refill rate', async () => {
  const clock = clockAt(0);
  const limiter = createLimiter(clock);
  for (let n = 0; n < 25; n++) await limiter.take('ListStateMachines');
  expect(clock.slept).toEqual([]);
  // ListStateMachines refills at 5 a second: ours at 2.5. Those that wait are in a queue, not all woken at once.
  for (let n = 0; n < 3; n++) await limiter.take('ListStateMachines');
  expect(clock.slept).toEqual([400, 800, 1200]);
  await limiter.take('GetExecutionHistory');
  expect(clock.slept).toHaveLength(3);
});

test('the bucket fills again, to its brim only; other services are not limited', async () => {
  const clock = clockAt(0);
  const limiter = createLimiter(clock);
  for (let n = 0; n < 25; n++) await limiter.take('ListStateMachines');
  clock.time = 3_600_000;
  for (let n = 0; n < 26; n++) await limiter.take('ListStateMachines');
  expect(clock.slept).toEqual([400]);
  for (let n = 0; n < 1000; n++) await limiter.take('PutObject');
  expect(clock.slept).toEqual([400]);
});

test('told to slow down: half the pace, and half again; it recovers', async () => {
  const clock = clockAt(0);
  const limiter = createLimiter(clock);
  limiter.throttled('DescribeStateMachine');
  await limiter.take('DescribeStateMachine');
  // 20 a second at AWS, 10 of them ours, 5 after a throttle.
  expect(clock.slept).toEqual([200]);
  limiter.throttled('DescribeStateMachine');
  clock.time = 1_000;
  limiter.throttled('DescribeStateMachine');
  await limiter.take('DescribeStateMachine');
  // The second one in the queue, at 2.5 a second.
  expect(clock.slept[1]).toBe(800);
  clock.time = 40_000;
  await limiter.take('DescribeStateMachine');
  clock.time = 80_000;
  await limiter.take('DescribeStateMachine');
  clock.slept = [];
  for (let n = 0; n < 101; n++) await limiter.take('DescribeStateMachine');
  expect(clock.slept.slice(0, 2)).toEqual([100, 200]);
});

/** One after the other, each sent when the limiter lets it: how long that takes, and how often AWS refuses. */
async function askedInTurn(count: number, operation: string, quota: Quota) {
  let time = 0;
  let ends = 0;
  let refused = 0;
  const buckets = new TokenBuckets(() => time);
  const sleep = async (milliseconds: number): Promise<void> => {
    ends = Math.max(ends, time + milliseconds);
  };
  const limiter = createLimiter({ now: () => time, sleep });
  for (let asked = 0; asked < count; asked++) {
    await limiter.take(operation);
    time = Math.max(time, ends);
    if (!buckets.take(operation, quota)) refused++;
  }
  return { refused, seconds: time / 1000 };
}

test.each([5_000, 50_000])(
  '%i histories are read nearly as fast as AWS gives them, and none is refused',
  async (n) => {
    const { refused, seconds } = await askedInTurn(n, 'GetExecutionHistory', [400, 20]);
    expect(refused).toBe(0);
    expect(seconds).toBeLessThan(((n - 400) / 20) * 1.1);
  },
);

test('a server that is nobody else’s is not spared until it throttles', async () => {
  const clock = clockAt(0);
  const limiter = createLimiter(clock, true);
  for (let n = 0; n < 1000; n++) await limiter.take('ListExecutions');
  expect(clock.slept).toEqual([]);
  limiter.throttled('ListExecutions');
  await limiter.take('ListExecutions');
  expect(clock.slept).toEqual([1250]);
});

test('500 state machines are asked for their executions in half the time, and none is refused', async () => {
  // An account of twenty waits for none.
  expect((await askedInTurn(21, 'ListExecutions', [100, 2])).seconds).toBe(0);
  const { refused, seconds } = await askedInTurn(500, 'ListExecutions', [100, 2]);
  expect(refused).toBe(0);
  expect(seconds).toBeLessThan(270);
});
