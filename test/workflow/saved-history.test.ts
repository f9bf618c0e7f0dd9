import { expect, test } from 'vitest';
import { readSavedHistory } from '../../src/workflow/saved-history.js';

const event = (id: number, timestamp: unknown) => ({
  id,
  previousEventId: id - 1,
  type: 'PassStateEntered',
  timestamp,
  stateEnteredEventDetails: { name: 'a' },
});
const read = (value: unknown) => readSavedHistory(JSON.stringify(value), 'h.json').events;

test.each([
  ['ISO 8601', '2026-11-24T12:00:00.250000+09:00', 1795489200250],
  ['epoch seconds', 1795489200.25, 1795489200250],
  ['epoch seconds as text', '1795489200.25', 1795489200250],
  ['unknown', 'timestamp', Number.NaN],
])('times as %s', (_, timestamp, expected) =>
  expect(read({ events: [event(1, timestamp)] })[0]?.timestamp).toBe(expected),
);

test('either order of events', () => {
  expect(read({ events: [event(3, 3), event(2, 2), event(1, 1)] }).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('vended log lines, doubled and late ones too', () => {
  const line = (id: number) =>
    JSON.stringify({
      id: String(id),
      type: 'TaskStateEntered',
      details: { name: 'x' },
      previous_event_id: '0',
      event_timestamp: '1787541942883',
      execution_arn: 'arn:e',
      redrive_count: '0',
    });
  const { events, executionArn } = readSavedHistory([line(2), line(1), line(2), ''].join('\n'), 'h.log');
  expect(executionArn).toBe('arn:e');
  expect(events).toEqual(
    [1, 2].map((id) => ({
      id,
      type: 'TaskStateEntered',
      previousEventId: 0,
      timestamp: 1787541942883,
      stateEnteredEventDetails: { name: 'x' },
    })),
  );
});

test('what `aws logs` prints: lines behind a time and a stream, or in a document; prose in between', () => {
  const line = (execution: string) =>
    JSON.stringify({ id: '1', type: 'ExecutionStarted', details: {}, execution_arn: `arn:x:${execution}` });
  const tailed = `2026-11-24T03:00:00 states/m/0 ${line('a')}\n2026-11-24T03:00:01 s Permissions are set correctly`;
  expect(readSavedHistory(tailed, 'h').executionArn).toBe('arn:x:a');
  const filtered = JSON.stringify({
    events: [{ message: line('a') }, { message: line('b') }],
    searchedLogStreams: [],
  });
  expect(() => readSavedHistory(filtered, 'h.json')).toThrow(
    expect.objectContaining({ code: 'SeveralExecutions', hint: 'mbc-flow show arn:x:a --history h.json' }),
  );
  expect(readSavedHistory(filtered, 'h', 'b').executionArn).toBe('arn:x:b');
});

test('masked ids: events stand where they stand', () => {
  const masked = { ...event(1, 1), id: [0], previousEventId: [0] };
  expect(
    read({ events: [event(1, 1), masked, masked, event(4, 4)] }).map((e) => [e.id, e.previousEventId]),
  ).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 3],
  ]);
});

test.each([
  ['no JSON', 'hello', 'h.json:1'],
  ['empty', '', 'h.json'],
  ['other JSON', '{"a":1}', 'h.json:1'],
  ['events that are none', '{"events":[{"id":"x"}]}', 'h.json'],
])('%s is refused with its place', (_, text, where) => {
  expect(() => readSavedHistory(text, 'h.json')).toThrow(
    expect.objectContaining({ exitCode: 2, code: 'NotAHistory', where }),
  );
});
