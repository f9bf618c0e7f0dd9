import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { createStateNamer } from '../../../src/workflow/history/event-filter.js';

/** As AWS links them: all that a failure aborts is linked to the failure. */
function abortedItems(): HistoryEvent[] {
  const iteration = (how: string, index: number) => ({
    [`mapIteration${how}EventDetails`]: { name: '出荷', index },
  });
  const entered = (name: string) => ({ stateEnteredEventDetails: { name, input: '{}' } });
  const rows: [type: string, previousEventId: number, details?: object][] = [
    ['ExecutionStarted', 0],
    ['MapStateEntered', 0, entered('出荷')],
    ['MapStateStarted', 2, { mapStateStartedEventDetails: { length: 3 } }],
    ['MapIterationStarted', 3, iteration('Started', 0)],
    ['MapIterationStarted', 3, iteration('Started', 1)],
    ['MapIterationStarted', 3, iteration('Started', 2)],
    ['TaskStateEntered', 4, entered('梱包')],
    ['TaskStateEntered', 5, entered('梱包')],
    ['WaitStateEntered', 6, entered('待つ')],
    ['TaskFailed', 7, { taskFailedEventDetails: { error: 'Stock' } }],
    ['MapIterationFailed', 10, iteration('Failed', 0)],
    ['TaskStateAborted', 10],
    ['MapIterationAborted', 10, iteration('Aborted', 1)],
    ['TaskStateAborted', 10],
    ['MapIterationAborted', 10, iteration('Aborted', 2)],
    ['WaitStateAborted', 10],
    ['MapStateFailed', 10],
  ];
  return rows.map(([type, previousEventId, details = {}], index) => ({
    id: index + 1,
    previousEventId,
    type,
    timestamp: index,
    ...details,
  }));
}

test('a step that was aborted because of another item is that of its own item', () => {
  const placeOf = createStateNamer();
  const places = abortedItems().map((event) => ({ type: event.type, ...placeOf(event) }));
  const aborted = places.filter(({ type }) => type.endsWith('StateAborted'));
  expect(aborted.map(({ stateName, iterations }) => [stateName, iterations])).toEqual([
    ['梱包', [0]],
    ['梱包', [1]],
    ['待つ', [2]],
  ]);
  expect(places.at(-1)).toMatchObject({ stateName: '出荷', iterations: [] });
});
