import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { decodeLine } from '../../../src/workflow/logs/decode-line.js';
import { createExecutionLines } from '../../../src/workflow/logs/execution-lines.js';
import type { LogLine } from '../../../src/workflow/logs/log-line.js';

const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

/** A line of Lambda's text format. */
const line = (id: string, at: number, text: string, level = 'INFO', fn = 'orders'): LogLine => {
  const message = `2026-01-01T00:00:00.000Z\t${id}\t${level}\t${text}`;
  return {
    group: `/aws/lambda/${fn}`,
    key: `${id} ${at} ${text}`,
    timestamp: at,
    message,
    decoded: decodeLine(message),
  };
};
const cause = (errorMessage: string): string => JSON.stringify({ errorType: 'Error', errorMessage });

/** A call of `orders` from 1,000 to 5,000 that failed. */
const history = (how: object): HistoryEvent[] =>
  [
    { id: 1, previousEventId: 0, timestamp: 900, type: 'ExecutionStarted' },
    {
      id: 2,
      previousEventId: 1,
      timestamp: 1_000,
      type: 'TaskScheduled',
      taskScheduledEventDetails: {
        resource: 'invoke',
        resourceType: 'lambda',
        parameters: '{"FunctionName":"arn:aws:lambda:x:1:function:orders:live"}',
      },
    },
    { id: 3, previousEventId: 2, timestamp: 1_001, type: 'TaskStarted' },
    {
      id: 4,
      previousEventId: 3,
      timestamp: 5_000,
      type: 'TaskFailed',
      taskFailedEventDetails: { resource: 'invoke', resourceType: 'lambda', error: 'Error', ...how },
    },
    { id: 5, previousEventId: 4, timestamp: 5_001, type: 'ExecutionFailed' },
  ] as HistoryEvent[];
const messagesOf = (lines: LogLine[]) =>
  lines.map(({ decoded }) => decoded.kind === 'function' && decoded.message);

test('the lines of a call that failed are the execution’s, by its function, its time and its error', () => {
  const mine = createExecutionLines('arn:mine');
  const lines = [
    line(ids[0], 2_000, 'begins'),
    line(ids[0], 4_900, 'Invoke Error {"errorMessage":"no \\"stock\\""}', 'ERROR'),
    line(ids[1], 2_100, 'another one, that went well'),
  ];
  expect(messagesOf(mine.take(lines, history({ cause: cause('no "stock"') })))).toEqual([
    'begins',
    expect.stringContaining('stock'),
  ]);
  expect(mine.unclear).toEqual([]);
});

test('a request id in the error’s own text is enough', () => {
  const mine = createExecutionLines('arn:mine');
  const lines = [line(ids[0], 90_000, 'late'), line(ids[1], 2_000, 'near')];
  const said = cause(`RequestId: ${ids[0]} Error: Runtime exited with error: signal: killed`);
  expect(messagesOf(mine.take(lines, history({ cause: said })))).toContain('late');
});

test('where two calls fit, both are told, and that they are two', () => {
  const mine = createExecutionLines('arn:mine');
  const lines = ids.map((id) => line(id, 3_000, 'boom', 'ERROR'));
  expect(mine.take(lines, history({ cause: cause('boom') }))).toHaveLength(2);
  expect(mine.unclear).toEqual([{ functionName: 'orders', calls: 2 }]);
});

test('other functions, and calls of another time, are not', () => {
  const mine = createExecutionLines('arn:mine');
  const lines = [line(ids[0], 3_000, 'boom', 'ERROR', 'payments'), line(ids[1], 60_000, 'boom', 'ERROR')];
  expect(mine.take(lines, history({ cause: cause('boom') }))).toEqual([]);
  // Its own come late.
  expect(mine.take([line('33333333-3333-4333-8333-333333333333', 4_000, 'boom', 'ERROR')], [])).toHaveLength(
    1,
  );
});
