import { expect, test } from 'vitest';
import { findPaused } from '../../../src/operations/pending/find-paused.js';
import type { PausedSearch } from '../../../src/operations/pending/paused-search.js';
import type { RememberedExecution } from '../../../src/ports/execution-memory.js';

const machine = 'arn:aws:states:ap-northeast-1:123456789012:stateMachine:approval';
const arnOf = (name: string): string => `${machine.replace('stateMachine', 'execution')}:${name}`;
const waits = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true };

/** What is remembered, and how often it was gone through. */
class Remembered extends Map<string, RememberedExecution> {
  passes = 0;

  override [Symbol.iterator]() {
    this.passes++;
    return super[Symbol.iterator]();
  }
}

test('which execution had a request id is told of thousands as of one: the newest that does not run', async () => {
  const executions = new Remembered();
  const running = {
    name: 'e-5',
    executionArn: arnOf('e-5'),
    stateMachineArn: machine,
    startDate: new Date(9),
  };
  for (let n = 0; n < 5_000; n++) executions.set(`e-${n}`, { startDate: n, inputIds: [`r-${n}`] });
  executions.set('again', { startDate: 1, inputIds: ['r-7'] });
  executions.set('e-5', { startDate: 9, inputIds: ['r-5'] });
  executions.set('older', { startDate: 3, steps: { redriveCount: 0, requestIds: ['r-5'] } });
  const states = {
    describeStateMachine: async () => ({
      stateMachineArn: machine,
      definition: JSON.stringify({ StartAt: 'W', States: { W: waits } }),
    }),
    async *listExecutions() {
      yield running;
    },
    // It has just ended.
    async *historyPages() {
      yield [{ id: 1, type: 'ExecutionSucceeded', timestamp: 9 }];
    },
    describeExecution: async () => running,
  };
  const { endedWith } = await findPaused({
    states: states as unknown as PausedSearch['states'],
    memory: { load: async () => ({ executions }), add: async () => undefined },
    stateMachineArn: machine,
    deep: false,
    now: Date.now,
    signal: new AbortController().signal,
    onProgress() {},
  });
  executions.passes = 0;
  for (let n = 8; n < 5_000; n++) expect(endedWith(`r-${n}`)).toBe(arnOf(`e-${n}`));
  expect(endedWith('r-7')).toBe(arnOf('e-7'));
  expect(endedWith('r-5')).toBe(arnOf('older'));
  expect(endedWith('nobody')).toBeUndefined();
  expect(executions.passes).toBe(1);
});
