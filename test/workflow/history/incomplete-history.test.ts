import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { lackOf } from '../../../src/workflow/history/incomplete-history.js';

const event = (id: number, type: string, more: object = {}): HistoryEvent => ({
  ...more,
  id,
  previousEventId: id - 1,
  timestamp: id,
  type,
});
const started = event(1, 'ExecutionStarted', { executionStartedEventDetails: { input: '{}' } });
const [entered, exited, ended] = [
  event(2, 'PassStateEntered'),
  event(3, 'PassStateExited'),
  event(4, 'ExecutionSucceeded'),
];
const redriven = [event(5, 'ExecutionRedriven'), event(6, 'ExecutionAborted')];

test.each<[string, HistoryEvent[], string | undefined]>([
  ['whole', [started, entered, exited, ended], undefined],
  ['redriven', [started, entered, exited, event(4, 'ExecutionFailed'), ...redriven], undefined],
  ['nothing', [], 'has no events'],
  ['no begin', [exited, ended], 'begins with event 3'],
  ['no data', [event(1, 'ExecutionStarted'), ended], 'has no data (it was saved or logged without)'],
  ['a hole', [started, exited, ended], 'has no event 2'],
  ['a large hole', [started, event(9, 'ExecutionFailed')], 'has no events 2 to 8'],
  ['no end', [started, entered], 'ends with event 2 (PassStateEntered), before the execution does'],
  [
    'redriven, and no end',
    [started, event(2, 'ExecutionFailed'), event(3, 'ExecutionRedriven')],
    'ends with event 3 (ExecutionRedriven), before the execution does',
  ],
])('%s', (_, events, lack) => {
  expect(lackOf(events)).toBe(lack);
});
