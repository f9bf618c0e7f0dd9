import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { followExecution } from '../../../src/operations/follow/follow-execution.js';
import type { MapRunDescription } from '../../../src/ports/aws.js';
import { material } from '../../shared.js';
import { noCounts } from '../../views/sample.js';
import { recordedHistories } from '../../workflow/material.js';
import { recordedGateway } from '../recorded-gateway.js';

const arn = 'arn:aws:states:ap-northeast-1:101010101010:execution:m:e';

/** A long history: loops of Pass states, ended by success when `ended`. */
function passes(count: number): HistoryEvent[] {
  const events: HistoryEvent[] = [{ id: 1, previousEventId: 0, timestamp: 1, type: 'ExecutionStarted' }];
  for (let id = 2; id < count; id++) {
    const type = id % 2 === 0 ? 'PassStateEntered' : 'PassStateExited';
    const key = id % 2 === 0 ? 'stateEnteredEventDetails' : 'stateExitedEventDetails';
    events.push({ id, previousEventId: id - 1, timestamp: id, type, [key]: { name: 'loop' } });
  }
  events.push({ id: count, previousEventId: count - 1, timestamp: count, type: 'ExecutionSucceeded' });
  return events;
}

/** A clock whose every sleep runs `step` instead. */
const clock = (step: (polls: number) => void) => {
  let polls = 0;
  return { now: () => 0, sleep: async () => step(++polls) };
};
const signal = new AbortController().signal;

test('one call and one event a poll while nothing is new; each new event is read about once', async () => {
  const events = passes(20_000);
  const gateway = recordedGateway(events, 10_000);
  const idle = 50;
  const ids: number[] = [];
  await followExecution(gateway, arn, {
    signal,
    pollMilliseconds: 1,
    clock: clock((polls) => {
      if (polls === 1) Object.assign(gateway, { calls: 0, eventsRead: 0 });
      if (polls === idle) {
        expect(gateway).toMatchObject({ calls: idle - 1, eventsRead: idle - 1 });
        Object.assign(gateway, { calls: 0, eventsRead: 0 });
      }
      if (polls >= idle) gateway.visible = Math.min(events.length, gateway.visible + 2500);
    }),
    onUpdate: (_, __, newEvents) => ids.push(...newEvents.map((event) => event.id)),
  });
  expect(ids).toEqual(events.map((event) => event.id));
  // More than a page was new: the next look comes at once.
  expect(gateway.calls).toBeLessThanOrEqual(4 * (1 + 3 + 1));
  expect(gateway.eventsRead).toBeLessThanOrEqual(1.5 * 10_000);
});

test('after a redrive its former end is none, and what came before is not told', async () => {
  const types = ['ExecutionStarted', 'ExecutionFailed', 'ExecutionRedriven', 'ExecutionSucceeded'];
  const events = types.map((type, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: (index + 1) * 10,
    type,
  }));
  const gateway = recordedGateway(events, 2);
  const told: unknown[] = [];
  const model = await followExecution(gateway, arn, {
    signal,
    pollMilliseconds: 1,
    since: 30,
    clock: clock((polls) => {
      if (polls === 2) gateway.visible = events.length;
    }),
    onUpdate: (_, __, ___, changes) => told.push(...changes),
  });
  expect(model.status).toBe('SUCCEEDED');
  expect(told).toEqual([
    expect.objectContaining({ status: 'RUNNING', at: 30 }),
    expect.objectContaining({ status: 'SUCCEEDED', at: 40 }),
  ]);
});

test('an execution that has ended is read without waiting', async () => {
  const gateway = recordedGateway(passes(2500));
  const model = await followExecution(gateway, arn, {
    signal,
    pollMilliseconds: 1,
    clock: clock(() => expect.unreachable('nothing to wait for')),
  });
  expect(model.status).toBe('SUCCEEDED');
  expect(gateway.calls).toBe(3);
});

test('the signal ends the following, and the model says that it goes on', async () => {
  const stop = new AbortController();
  const sleep = async () => {
    stop.abort('SIGINT');
    throw stop.signal.reason;
  };
  const options = { signal: stop.signal, pollMilliseconds: 1, clock: { now: () => 0, sleep } };
  const model = await followExecution(recordedGateway(passes(100), 50), arn, options);
  expect(model.status).toBe('RUNNING');
});

test('an EXPRESS execution is refused by name', async () => {
  const express = arn.replace(':execution:', ':express:');
  const options = { signal, pollMilliseconds: 1, clock: clock(() => {}) };
  await expect(followExecution(recordedGateway([]), express, options)).rejects.toMatchObject({
    exitCode: 2,
    code: 'ExpressExecution',
  });
});

test('map runs are counted once a poll while they run, and once at their end', async () => {
  const runs = ['arn:1', 'arn:2', 'arn:3'];
  const described = (
    mapRunArn: string,
    status: MapRunDescription['status'],
    succeeded: number,
  ): MapRunDescription => ({
    mapRunArn,
    executionArn: arn,
    status,
    startDate: new Date(0),
    maxConcurrency: 0,
    itemCounts: { ...noCounts, succeeded, total: 10 },
    executionCounts: noCounts,
  });
  const events: HistoryEvent[] = [{ id: 1, previousEventId: 0, timestamp: 1, type: 'ExecutionStarted' }];
  const add = (type: string, previousEventId: number, details: Record<string, unknown> = {}) => {
    events.push({ id: events.length + 1, previousEventId, timestamp: events.length + 1, type, ...details });
    return events.length;
  };
  const parallel = add(
    'ParallelStateStarted',
    add('ParallelStateEntered', 0, { stateEnteredEventDetails: { name: 'all' } }),
  );
  const started = runs.map((mapRunArn, index) => {
    const entered = add('MapStateEntered', parallel, { stateEnteredEventDetails: { name: `map${index}` } });
    return add('MapRunStarted', add('MapStateStarted', entered), {
      mapRunStartedEventDetails: { mapRunArn },
    });
  });
  const open = events.length;
  for (const id of started) add('MapRunSucceeded', id);
  add('ExecutionSucceeded', events.length);

  const gateway = recordedGateway(events, open);
  for (const mapRunArn of runs) gateway.mapRuns.set(mapRunArn, described(mapRunArn, 'RUNNING', 1));
  let last: MapRunDescription[] = [];
  await followExecution(gateway, arn, {
    signal,
    pollMilliseconds: 1,
    clock: clock((polls) => {
      expect(gateway.mapRunCalls).toBe(polls);
      if (polls < 6) return;
      for (const mapRunArn of runs) gateway.mapRuns.set(mapRunArn, described(mapRunArn, 'SUCCEEDED', 10));
      gateway.visible = events.length;
    }),
    onUpdate: (_, mapRuns) => {
      last = mapRuns;
    },
  });
  expect(gateway.mapRunCalls).toBe(6 + runs.length);
  expect(last.map((run) => [run.mapRunArn, run.itemCounts.succeeded])).toEqual(runs.map((run) => [run, 10]));
});

material.describe('recorded histories', () => {
  test('followed event by event, each ends as recorded', async () => {
    for (const { id, events } of recordedHistories().filter((_, index) => index % 7 === 0)) {
      if (!/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(events.at(-1)?.type ?? '')) continue;
      const gateway = recordedGateway(events, 1);
      gateway.describeMapRun = async (mapRunArn) => ({ mapRunArn, status: 'SUCCEEDED' }) as MapRunDescription;
      const seen: number[] = [];
      const model = await followExecution(gateway, arn, {
        signal,
        pollMilliseconds: 1,
        clock: clock(() => gateway.visible++),
        onUpdate: (_, __, fresh) => seen.push(...fresh.map((event) => event.id)),
      });
      expect(seen, id).toEqual(events.map((event) => event.id));
      expect(model.status, id).not.toBe('RUNNING');
    }
  });
});
