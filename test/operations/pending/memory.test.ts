import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { findPaused } from '../../../src/operations/pending/find-paused.js';
import type { PausedSearch } from '../../../src/operations/pending/paused-search.js';
import { noMemory } from '../../../src/ports/execution-memory.js';

const stateMachineArn = 'arn:aws:states:ap-northeast-1:123456789012:stateMachine:approval';
const startDate = new Date('2026-11-01T00:00:00Z');
const definition = JSON.stringify({
  StartAt: 'Later',
  States: {
    Later: { Type: 'Wait', Seconds: 86_400, Next: 'Approve' },
    Approve: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true },
  },
});
/** Of each execution's input. */
const BYTES = 100_000;

/** Two events, each with an input of its own. */
function history(number: number) {
  const input = JSON.stringify({ requestId: `r-${number}`, note: `${number} `.padEnd(BYTES, 'x') });
  const timestamp = startDate.getTime();
  return [
    {
      id: 2,
      previousEventId: 1,
      type: 'WaitStateEntered',
      timestamp,
      stateEnteredEventDetails: { name: 'Later', input },
    },
    {
      id: 1,
      previousEventId: 0,
      type: 'ExecutionStarted',
      timestamp,
      executionStartedEventDetails: { input },
    },
  ];
}

test.each([false, true])('a search keeps neither inputs nor histories (deep: %s)', async (deep) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const [first, last] = [50, 350];
  const used: number[] = [];
  let read = 0;
  const states = {
    async describeStateMachine() {
      return { stateMachineArn, name: 'approval', type: 'STANDARD', definition };
    },
    async describeStateMachineForExecution() {
      return { definition };
    },
    async *listExecutions() {
      for (let number = 0; number < 400; number++)
        yield {
          executionArn: `${stateMachineArn}:e-${number}`,
          stateMachineArn,
          name: `e-${number}`,
          startDate,
        };
    },
    async *historyPages() {
      // Each in its own time, as calls are: the others must not run ahead of what is measured.
      await setImmediate();
      const number = read++;
      if (number === first || number === last) used.push(heap());
      yield history(number);
    },
  };
  const saved: unknown[] = [];
  const scan = await findPaused({
    states: states as unknown as PausedSearch['states'],
    memory: {
      ...noMemory,
      add: async (_arn, machine) => void saved.push(...machine.executions.values()),
    },
    stateMachineArn,
    deep,
    now: Date.now,
    signal: new AbortController().signal,
    onProgress() {},
  });
  expect(scan.read).toHaveLength(400);
  expect(scan.requestIds.size).toBe(400);
  expect(JSON.stringify(saved)).toContain(`"asleep":{"until":${startDate.getTime() + 86_400_000}`);
  const [before = 0, after = 0] = used;
  // Of 300 executions, which had 30 MB of inputs twice.
  expect(after - before).toBeLessThan((last - first) * BYTES * 0.1);
});
