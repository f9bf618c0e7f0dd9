import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { type Followed, followAll, inTime } from '../../../src/operations/follow/follow-all.js';
import { replay } from '../../../src/operations/follow/replay.js';
import type { Gateways } from '../../../src/ports/aws.js';
import { executionArn, failed, paused } from '../../views/sample.js';
import { recordedGateway } from '../recorded-gateway.js';

const clock = {
  now: Date.now,
  sleep: (ms: number, signal?: AbortSignal) => sleep(ms, undefined, { signal }),
};
const never = {
  historyPages: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
};

/** Follows one execution of this history (none: a service that never answers); it is left at its first change. */
async function follow(
  history: HistoryEvent[] | undefined,
  options: { until?: number; leave?: boolean } = {},
) {
  const states = history ? recordedGateway(history) : never;
  const followed: Followed[] = [{ executionArn, mapRuns: [] }];
  const user = new AbortController();
  const around = { clock, signal: user.signal, pollMilliseconds: 1, until: options.until };
  const onUpdate = (): void => {
    if (options.leave) user.abort();
  };
  const ending = await followAll({ states } as unknown as Gateways, followed, { ...around, onUpdate });
  return { ending, status: followed[0]?.model?.status };
}

test('it ends with the executions, when somebody leaves, or in time, also where nothing answers', async () => {
  expect(await follow(failed())).toEqual({ ending: 'end', status: 'FAILED' });
  expect(await follow(paused(), { leave: true })).toEqual({ ending: 'left', status: 'RUNNING' });
  expect(await follow(paused(), { until: Date.now() })).toMatchObject({ ending: 'timeout' });
  expect(await follow(undefined, { until: Date.now() })).toEqual({ ending: 'timeout', status: undefined });
});

test('what is found in time is given, else nothing', async () => {
  expect(await inTime(clock, undefined, Promise.resolve(1))).toBe(1);
  expect(await inTime(clock, Date.now() + 60_000, Promise.resolve(1))).toBe(1);
  expect(await inTime(clock, Date.now(), new Promise(() => {}))).toBeUndefined();
  await expect(inTime(clock, Date.now() + 60_000, Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});

test('a replay waits as the events did, so many times as fast and never for long; it can be left', async () => {
  const at = [0, 1_000, 3_600_000].map((timestamp) => ({ timestamp })) as HistoryEvent[];
  const played = async (times: number, most = 9) => {
    const pauses: number[] = [];
    const user = new AbortController();
    const counted = { sleep: async (ms: number) => void pauses.push(ms) };
    let events = 0;
    for await (const some of replay({ events: at }, times, { clock: counted, signal: user.signal })) {
      events += some.length;
      if (events >= most) user.abort();
    }
    return { pauses, events };
  };
  expect(await played(10)).toEqual({ pauses: [0, 100, 2_000], events: 3 });
  expect(await played(Number.POSITIVE_INFINITY)).toEqual({ pauses: [0], events: 3 });
  expect((await played(10, 2)).events).toBe(2);
});
