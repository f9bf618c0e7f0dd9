import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { executionMemory } from '../../../src/files/kept/execution-memory.js';
import { createPace } from '../../../src/operations/desk/call-budget.js';
import { lookAround } from '../../../src/operations/desk/poll-target.js';
import type { DeskData } from '../../../src/operations/desk/snapshot.js';
import type { ExecutionSummary } from '../../../src/ports/aws.js';
import type { ExecutionMemory } from '../../../src/ports/execution-memory.js';
import { virtualClock } from '../../virtual-clock.js';
import { arn, definition, stateMachineArn } from './orders.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVERY = MINUTE / 3;
const TOOK = 10 * MINUTE;

/** Newest first: its step waits. */
function history(now: number): HistoryEvent[] {
  const named = { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' };
  const parameters = JSON.stringify({ MessageBody: { 注文: '高価な机' } });
  const rows: [string, object][] = [
    ['TaskSubmitted', { taskSubmittedEventDetails: named }],
    ['TaskStarted', { taskStartedEventDetails: named }],
    ['TaskScheduled', { taskScheduledEventDetails: { ...named, region: 'ap-northeast-1', parameters } }],
    ['TaskStateEntered', { stateEnteredEventDetails: { name: 'Ask', input: '{}' } }],
    ['ExecutionStarted', { executionStartedEventDetails: { input: '{}' } }],
  ];
  return rows.map(([type, details], index) => {
    const id = rows.length - index;
    return { id, previousEventId: id - 1, type, timestamp: now, ...details } as HistoryEvent;
  });
}

/** DESK_HOURS=24 is a day: 72,000 looks, which take a quarter of a minute. */
const HOURS = Number(process.env.DESK_HOURS ?? 3);

/** Of a machine that starts an execution every 20 seconds, each for ten minutes; of three, one fails. */
function executionsAt(now: number, began: number): ExecutionSummary[] {
  const newest = Math.floor((now - began) / EVERY);
  return Array.from({ length: Math.min(200, newest + 1) }, (_, back): ExecutionSummary => {
    const index = newest - back;
    const startDate = new Date(began + index * EVERY);
    const ended = now - startDate.getTime() > TOOK;
    return {
      executionArn: arn('execution', `orders:e-${index}`),
      stateMachineArn,
      name: `e-${index}`,
      status: !ended ? 'RUNNING' : index % 3 === 0 ? 'FAILED' : 'SUCCEEDED',
      startDate,
      ...(ended && { stopDate: new Date(startDate.getTime() + TOOK) }),
    };
  });
}

test('hours of looks at a machine whose executions come and go leave no more behind than what others may know, written once a minute', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let atDisk = 0;
  const clock = virtualClock(() => atDisk > 0);
  const began = clock.now();
  const stop = new AbortController();
  const pace = createPace(clock, stop.signal);
  let calls = 0;
  const take = async (operation: string): Promise<void> => {
    await pace.background.take(operation);
    calls++;
  };
  const states = {
    async *listStateMachines() {
      await take('ListStateMachines');
      yield { stateMachineArn, name: 'orders', type: 'STANDARD', creationDate: new Date(began) };
    },
    async *listExecutions({ status }: { status?: string }) {
      await take('ListExecutions');
      for (const one of executionsAt(clock.now(), began))
        if (status === undefined || one.status === status) yield one;
    },
    async describeStateMachine() {
      await take('DescribeStateMachine');
      return { definition };
    },
    async *historyPages() {
      await take('GetExecutionHistory');
      yield history(clock.now());
    },
    async describeExecution(executionArn: string) {
      await take('DescribeExecution');
      return { executionArn, input: '{"requestId":"req-1"}', error: 'Boom', cause: '在庫が足りません' };
    },
  };
  let writes = 0;
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const kept = executionMemory('dev', folder);
  const waited = <T>(work: Promise<T>): Promise<T> => {
    atDisk++;
    return work.finally(() => atDisk--);
  };
  const memory: ExecutionMemory = {
    load: (arn) => waited(kept.load(arn)),
    add(...learned) {
      writes++;
      return waited(kept.add(...learned));
    },
  };
  let last: DeskData | undefined;
  const looking = lookAround({
    states: states as never,
    pace,
    memory,
    readJobs: async () => [],
    attention: () => ({
      list: 'paused',
      visible: last?.executions.rows.slice(0, 60) ?? [],
      searching: false,
    }),
    clock,
    signal: stop.signal,
  });
  const done = (async () => {
    for await (const data of looking.data()) last = data;
  })();
  const heapAfter = async (milliseconds: number): Promise<number> => {
    await clock.pass(clock.now() + milliseconds);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(HOUR);
  const after = await heapAfter((HOURS - 1) * HOUR);
  stop.abort();
  await done;
  expect(writes).toBeGreaterThan(HOURS * 10);
  expect(writes).toBeLessThanOrEqual(HOURS * 60 + 1);
  // Each execution that was read is known to other commands.
  const { executions } = await executionMemory('dev', folder).load(stateMachineArn);
  expect(executions.size).toBeGreaterThan(HOURS * 150);
  expect(calls).toBeGreaterThan(HOURS * 2_000);
  expect(last?.paused.rows.length).toBeGreaterThan(20);
  expect(after - before).toBeLessThan(1_500_000);
});
