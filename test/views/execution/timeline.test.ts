import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { createTimeline, type TimelineRow } from '../../../src/views/execution/timeline.js';
import { entered, events, exited, start } from '../sample.js';

function rowsOf(history: HistoryEvent[], timeline = createTimeline()): Map<string, TimelineRow> {
  for (const event of history) timeline.take(event);
  return timeline.changed();
}

const failed = { taskFailedEventDetails: { error: 'E', cause: '{"requestId":"11111111-2222"}' } };
const item = (index: number) => ({ mapIterationStartedEventDetails: { name: 'M', index } });
const itemEnd = (how: string, index: number) => ({
  [`mapIteration${how}EventDetails`]: { name: 'M', index },
});

describe('the rows of a timeline', () => {
  test('a state from its entry to its exit; one that is tried again has its attempts', () => {
    const history = events(
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 1, entered('T')],
      ['TaskScheduled', 2],
      ['TaskFailed', 3, failed],
      ['TaskScheduled', 4],
      ['TaskSucceeded', 5],
      ['TaskStateExited', 6, exited('T')],
      ['PassStateEntered', 7, entered('P')],
    );
    const rows = rowsOf(history);
    expect([...rows.keys()]).toEqual(['2', '8']);
    expect(rows.get('2')).toMatchObject({
      kind: 'state',
      parent: null,
      name: 'T',
      type: 'Task',
      look: 'succeeded',
      from: start + 1000,
      to: start + 6000,
      begunBy: 2,
      endedBy: 7,
      tries: [
        { from: start + 2000, to: start + 3000, failed: true },
        { from: start + 4000, to: start + 6000, failed: false },
      ],
      requestIds: ['11111111-2222'],
    });
    expect(rows.get('8')).toMatchObject({ look: 'running', to: null });
  });

  test('what fails without an event of its own is told by the end of the execution', () => {
    const rows = rowsOf(
      events(
        ['ExecutionStarted', 0],
        ['FailStateEntered', 1, entered('F')],
        ['ExecutionFailed', 2, { executionFailedEventDetails: { error: 'E' } }],
      ),
    );
    expect(rows.get('2')).toMatchObject({
      look: 'failed',
      to: start + 1000,
      begunBy: 2,
      endedBy: 3,
      error: 'E',
    });
  });

  test('items that went well keep theirs, with the states inside; what fails in one ends it', () => {
    const history = events(
      ['ExecutionStarted', 0],
      ['MapStateEntered', 1, entered('M')],
      ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 3 } }],
      ['MapIterationStarted', 3, item(0)],
      ['PassStateEntered', 4, entered('P')],
      ['PassStateExited', 5, exited('P')],
      ['MapIterationSucceeded', 6, itemEnd('Succeeded', 0)],
      ['MapIterationStarted', 3, item(1)],
      ['TaskStateEntered', 8, entered('T')],
      ['TaskScheduled', 9],
      ['MapIterationStarted', 3, item(2)],
      ['TaskStateEntered', 11, entered('T')],
      ['TaskFailed', 10, failed],
      ['MapIterationFailed', 13, itemEnd('Failed', 1)],
      ['MapIterationAborted', 12, itemEnd('Aborted', 2)],
      ['MapStateFailed', 14],
      ['ExecutionFailed', 16, { executionFailedEventDetails: { error: 'E' } }],
    );
    const rows = rowsOf(history);
    const short = [...rows].map(([key, { kind, parent, look, index, name, to }]) => [
      key,
      kind,
      parent,
      name ?? index,
      look,
      to === null ? null : (to - start) / 1000,
    ]);
    expect(short).toEqual([
      ['2', 'state', null, 'M', 'failed', 15],
      ['4', 'item', '2', 0, 'succeeded', 6],
      ['5', 'state', '4', 'P', 'succeeded', 5],
      ['8', 'item', '2', 1, 'failed', 13],
      ['9', 'state', '8', 'T', 'failed', 13],
      ['11', 'item', '2', 2, 'aborted', 14],
      ['12', 'state', '11', 'T', 'aborted', 14],
    ]);
    expect(rows.get('2')?.items).toBe(3);
  });

  test('branches have rows of their own, as they stand; a redrive goes on with what failed', () => {
    const timeline = createTimeline();
    const history = events(
      ['ExecutionStarted', 0],
      ['ParallelStateEntered', 1, entered('P')],
      ['ParallelStateStarted', 2],
      ['PassStateEntered', 3, entered('A')],
      ['TaskStateEntered', 3, entered('B')],
      ['TaskScheduled', 5],
      ['PassStateExited', 4, exited('A')],
      ['TaskFailed', 6, failed],
      ['ParallelStateFailed', 8],
      ['ExecutionFailed', 9],
      ['ExecutionRedriven', 10],
      ['TaskScheduled', 11],
      ['TaskSucceeded', 12],
      ['TaskStateExited', 13, exited('B')],
    );
    const before = rowsOf(history.slice(0, 10), timeline);
    expect(before.get('3.0')).toMatchObject({ kind: 'branch', parent: '2', look: 'succeeded' });
    expect(before.get('3.1')).toMatchObject({ look: 'failed', to: start + 8000 });
    expect(before.get('2')).toMatchObject({ look: 'failed', to: start + 8000 });
    const after = rowsOf(history.slice(10), timeline);
    expect(after.get('5')).toMatchObject({ look: 'succeeded', to: start + 13_000 });
    expect(after.get('3.1')).toMatchObject({ look: 'succeeded' });
    expect(after.get('2')).toMatchObject({ look: 'running', to: null });
    // What was folded in before is not again.
    expect(rowsOf(history, timeline).size).toBe(0);
  });
});
