import { expect, test } from 'vitest';
import { decodeLine } from '../../../src/workflow/logs/decode-line.js';
import { createExecutionLines } from '../../../src/workflow/logs/execution-lines.js';
import type { LogLine } from '../../../src/workflow/logs/log-line.js';

const vended = (execution_arn: string, id: number, type: string, timestamp = id): LogLine => {
  const told = { id: String(id), type, details: {}, execution_arn, event_timestamp: '1' };
  const message = JSON.stringify(told);
  const key = `${execution_arn} ${id}`;
  return { group: '/aws/vendedlogs/states/m-Logs', key, timestamp, message, decoded: decodeLine(message) };
};

test('without a history, an execution ends with its own line: not with that of another one', () => {
  const lines = createExecutionLines('arn:mine');
  const own = [vended('arn:mine', 1, 'ExecutionStarted'), vended('arn:mine', 2, 'PassStateEntered')];
  expect(lines.take([...own, vended('arn:other', 9, 'ExecutionSucceeded')])).toEqual(own);
  expect(lines.ended).toBe(false);
  lines.take([vended('arn:mine', 4, 'ExecutionSucceeded')]);
  expect(lines.ended).toBe(true);
});

test('an end stays one when lines before it come late, and is none when a redrive goes on', () => {
  const lines = createExecutionLines('arn:mine');
  lines.take([vended('arn:mine', 4, 'ExecutionFailed', 4), vended('arn:mine', 3, 'FailStateEntered', 4)]);
  expect(lines.ended).toBe(true);
  lines.take([vended('arn:mine', 2, 'PassStateExited')]);
  expect(lines.ended).toBe(true);
  lines.take([vended('arn:mine', 5, 'ExecutionRedriven')]);
  expect(lines.ended).toBe(false);
});
