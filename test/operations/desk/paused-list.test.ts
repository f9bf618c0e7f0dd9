import { expect, test } from 'vitest';
import { createPausedList } from '../../../src/operations/desk/paused-list.js';
import { knownMachines } from '../../../src/operations/find/known-executions.js';
import type { ExecutionSummary } from '../../../src/ports/aws.js';
import { noMemory } from '../../../src/ports/execution-memory.js';
import { arn, definition, stateMachineArn } from './orders.js';

const execution: ExecutionSummary = {
  executionArn: arn('execution', 'orders:夜間-1'),
  stateMachineArn,
  name: '夜間-1',
  status: 'RUNNING',
  startDate: new Date(0),
};

/** A list whose readings of `history` (newest event first) wait for `answer`. */
async function listOf(history: object[]) {
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const states = {
    describeStateMachine: async () => ({ definition }),
    async *historyPages() {
      await answered;
      yield history;
    },
  };
  const list = createPausedList({
    states: states as never,
    known: knownMachines(noMemory),
    now: () => 1_000,
    signal: new AbortController().signal,
  });
  await list.define(stateMachineArn);
  list.setRunning(stateMachineArn, [execution]);
  return { list, answer: () => answer() };
}

test('an execution whose steps are being read does not count as read', async () => {
  const { list, answer } = await listOf([]);
  const reading = list.read(execution);
  expect(list.progress()).toEqual({ running: 1, read: 0 });
  answer();
  await reading;
  expect(list.progress()).toEqual({ running: 1, read: 1 });
  list.touch(execution.executionArn);
  expect(list.progress()).toEqual({ running: 1, read: 0 });
});

test('of an execution that ends while it is read nothing waits', async () => {
  const named = { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' };
  const events = [
    { type: 'TaskSubmitted', taskSubmittedEventDetails: named },
    { type: 'TaskStarted', taskStartedEventDetails: named },
    { type: 'TaskScheduled', taskScheduledEventDetails: { ...named, parameters: '{}' } },
    { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Ask', input: '{}' } },
    { type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } },
  ].map((event, index) => ({ id: 5 - index, previousEventId: 4 - index, timestamp: 0, ...event }));
  for (const ends of [false, true]) {
    const { list, answer } = await listOf(events);
    const reading = list.read(execution);
    if (ends) list.ended(execution.executionArn);
    answer();
    await reading;
    expect(list.rows()).toHaveLength(ends ? 0 : 1);
  }
});
