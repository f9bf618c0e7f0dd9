import { expect, test } from 'vitest';
import { followChildren } from '../../../src/operations/desk/map-run-children.js';
import { newlyOpened } from '../../../src/operations/desk/open-execution.js';
import type { DeskExecution } from '../../../src/operations/desk/snapshot.js';
import type { ExecutionSummary } from '../../../src/ports/aws.js';
import { virtualClock } from '../../virtual-clock.js';

const mapRunArn = 'arn:aws:states:ap-northeast-1:101010101010:mapRun:orders/ship:run-1';
const began = Date.UTC(2026, 10, 24);

type ExecutionStatus = ExecutionSummary['status'];

function mapRun(statusOf: (index: number) => ExecutionStatus, size: number) {
  const clock = virtualClock();
  const childOf = (index: number, status: ExecutionStatus): ExecutionSummary => {
    const name = `商品-${index}`;
    const executionArn = `arn:aws:states:ap-northeast-1:101010101010:execution:orders/ship:${name}`;
    const stateMachineArn = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:orders';
    return { executionArn, stateMachineArn, name, status, startDate: new Date(began - index) };
  };
  const calls: string[] = [];
  const run = { status: 'RUNNING' };
  const states = {
    async *listExecutions({ status, atMost = 0 }: { status: ExecutionStatus; atMost?: number }) {
      let given = 0;
      calls.push(`list ${status}`);
      for (let index = 0; index < size; index++) {
        if (statusOf(index) !== status) continue;
        if (given > 0 && given % atMost === 0) calls.push(`list ${status}`);
        given++;
        yield childOf(index, status);
      }
    },
    async describeExecution(executionArn: string) {
      calls.push('describe');
      return { executionArn, input: '{}', error: 'StockError', cause: '在庫が足りません' };
    },
    describeMapRun: async () => run,
  };
  const opened = newlyOpened('arn:aws:states:ap-northeast-1:101010101010:execution:orders:夜間-1');
  const stop = new AbortController();
  const seen = { visible: [] as DeskExecution[], atEnd: false };
  const around = { clock, signal: stop.signal, pollMilliseconds: 1_000, onChange() {} };
  const opening = { ...around, gateways: { states } as never };
  const done = followChildren(opened, mapRunArn, opening, () => seen);
  const rows = () => opened.children.get(mapRunArn)?.rows ?? [];
  const leave = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  return { clock, calls, run, opened, seen, rows, leave };
}

test('of 40,000 items the first ones cost a call for each status; each page that is scrolled to, one more', async () => {
  const { clock, calls, rows, seen, opened, leave } = mapRun(
    (index) => (index % 50 === 7 ? 'FAILED' : 'SUCCEEDED'),
    40_000,
  );
  await clock.pass(clock.now() + 14_000);
  expect(calls.filter((call) => call.startsWith('list'))).toHaveLength(5);
  expect(calls.filter((call) => call === 'describe')).toHaveLength(20);
  expect(rows()).toHaveLength(1_800);
  expect(rows()[0]).toMatchObject({ status: 'FAILED', why: '在庫が足りません' });
  seen.atEnd = true;
  await clock.pass(clock.now() + 60_000);
  await leave();
  expect(rows()).toHaveLength(40_000);
  expect(new Set(rows().map(({ executionArn }) => executionArn)).size).toBe(40_000);
  expect(opened.children.get(mapRunArn)?.more).toBe(false);
  // 39 pages of those that succeeded, and four more looks at the first ones.
  expect(calls.filter((call) => call.startsWith('list')).length).toBeLessThanOrEqual(5 * 6 + 40);
});

test('of failures that are seen and first at once, why is read once', async () => {
  const { clock, calls, rows, seen, leave } = mapRun((index) => (index < 5 ? 'FAILED' : 'SUCCEEDED'), 40);
  Object.defineProperty(seen, 'visible', { get: rows });
  await clock.pass(clock.now() + 5_000);
  await leave();
  expect(rows().filter(({ why }) => why !== undefined)).toHaveLength(5);
  expect(calls.filter((call) => call === 'describe')).toHaveLength(5);
});

test('what ends stands where it belongs; why those failed that are seen is read', async () => {
  const failed = new Set<number>();
  const { clock, calls, rows, run, seen, leave } = mapRun(
    (index) => (failed.has(index) ? 'FAILED' : index < 60 ? 'RUNNING' : 'SUCCEEDED'),
    100,
  );
  const numbers = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { status } of rows()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  await clock.pass(clock.now() + 1_000);
  expect(numbers()).toEqual({ RUNNING: 60, SUCCEEDED: 40 });
  for (let index = 0; index < 50; index++) failed.add(index);
  await clock.pass(clock.now() + 16_000);
  expect(numbers()).toEqual({ FAILED: 50, RUNNING: 10, SUCCEEDED: 40 });
  expect(rows().filter(({ why }) => why !== undefined)).toHaveLength(20);
  seen.visible = rows().slice(20, 50);
  run.status = 'SUCCEEDED';
  await clock.pass(clock.now() + 20_000);
  expect(rows().filter(({ why }) => why !== undefined)).toHaveLength(50);
  const ended = calls.length;
  await clock.pass(clock.now() + 60_000);
  expect(calls).toHaveLength(ended);
  await leave();
});
