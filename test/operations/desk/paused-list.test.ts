import { expect, test } from 'vitest';
import { createPausedList } from '../../../src/operations/desk/paused-list.js';
import type { ExecutionSummary } from '../../../src/ports/aws.js';

const arn = (kind: string, rest: string): string =>
  `arn:aws:states:ap-northeast-1:101010101010:${kind}:${rest}`;
const stateMachineArn = arn('stateMachine', 'orders');
const definition = JSON.stringify({
  StartAt: 'Ask',
  States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true } },
});

test('an execution whose steps are being read does not count as read', async () => {
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const states = {
    describeStateMachine: async () => ({ definition }),
    async *historyPages() {
      await answered;
      yield [];
    },
  };
  const execution: ExecutionSummary = {
    executionArn: arn('execution', 'orders:夜間-1'),
    stateMachineArn,
    name: '夜間-1',
    status: 'RUNNING',
    startDate: new Date(0),
  };
  const list = createPausedList({
    states: states as never,
    now: () => 1_000,
    signal: new AbortController().signal,
  });
  await list.define(stateMachineArn);
  list.setRunning(stateMachineArn, [execution]);
  const reading = list.read(execution);
  expect(list.progress()).toEqual({ running: 1, read: 0 });
  answer();
  await reading;
  expect(list.progress()).toEqual({ running: 1, read: 1 });
  list.touch(execution.executionArn);
  expect(list.progress()).toEqual({ running: 1, read: 0 });
});
