import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { vendedLine } from '../../../src/local/logs/vended.js';
import { executionDocument } from '../../../src/views/execution/show-document.js';
import { createModel } from '../../../src/workflow/history/execution-model.js';
import { applyEvents } from '../../../src/workflow/history/fold.js';
import { readSavedHistory } from '../../../src/workflow/history/saved-history.js';
import { ownHistories, recordedHistories } from '../material.js';

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
  const tailed = `[INFO] 2026-11-24T03:00:00 states/m/0 ${line('a')}\n{prose} [\n2026-11-24T03:00:01 s Permissions are set correctly`;
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
  ['events that are none', '{"events":[{"id":"x"}]}', 'h.json:1'],
  ['the third of several lines', '{"id":1,"type":"A"}\n\n{"b":1}', 'h.json:3'],
])('%s is refused with its place', (_, text, where) => {
  expect(() => readSavedHistory(text, 'h.json')).toThrow(
    expect.objectContaining({ exitCode: 2, code: 'NotAHistory', where }),
  );
});

const own = await ownHistories();

describe('every history at hand, in each form that tools save', () => {
  const arn = 'arn:aws:states:ap-northeast-1:101010101010:express:m:e:u';
  const pretty = (value: unknown) => JSON.stringify(value, null, 4);
  /** The collection parsed the JSON texts inside of events: a cause is a text again. */
  const asText = (event: HistoryEvent): HistoryEvent =>
    JSON.parse(JSON.stringify(event), (key, value) =>
      key === 'cause' && typeof value === 'object' ? JSON.stringify(value) : value,
    );
  const pages = (events: HistoryEvent[]) => {
    const half = Math.ceil(events.length / 2);
    return [{ events: events.slice(0, half), nextToken: 'n' }, { events: events.slice(half) }];
  };
  const vended = (events: HistoryEvent[], withData: boolean) =>
    events.map((event) => vendedLine(event, { arn, machine_name: 'm' }, withData));
  const logEvents = (events: HistoryEvent[]) =>
    vended(events, true).map((message, index) => ({ timestamp: index, message, ingestionTime: index }));

  const forms: Record<string, (events: HistoryEvent[]) => string> = {
    'the newest first': (events) => pretty({ events: events.toReversed() }),
    'pages one after the other': (events) => pages(events).map(pretty).join('\n'),
    'pages in a list, the newest first': (events) => pretty(pages(events.toReversed())),
    'events alone': (events) => JSON.stringify(events),
    'an event a line': (events) => events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    'vended lines': (events) => vended(events, true).join('\n'),
    'vended lines without data': (events) => vended(events, false).join('\n'),
    'aws logs tail': (events) =>
      vended(events, true)
        .map((line) => `2026-11-24T03:00:00.000000+00:00 states/m/0 ${line}`)
        .join('\n'),
    'aws logs tail --format json': (events) =>
      vended(events, true)
        .map((line) => `2026-11-24T03:00:00.000000+00:00 states/m/0 ${pretty(JSON.parse(line))}`)
        .join('\n'),
    'aws logs filter-log-events': (events) => pretty({ events: logEvents(events), searchedLogStreams: [] }),
    'aws logs get-query-results': (events) =>
      pretty({
        results: vended(events, true).map((line) => [
          { field: '@timestamp', value: '2026-11-24 03:00:00.000' },
          { field: '@message', value: line },
          { field: '@ptr', value: 'x' },
        ]),
        status: 'Complete',
      }),
  };

  const recorded = [...own, ...recordedHistories()].map(({ id, events }) => ({
    id,
    events: events.map(asText),
  }));

  const told = (text: string) => {
    const { events } = readSavedHistory(text, 'h.json');
    const model = createModel();
    applyEvents(model, events);
    const { status, failure, current, openTokens, mapRuns, maps } = executionDocument({ model, mapRuns: [] });
    const tokens = openTokens.map(({ stateName }) => stateName);
    return { ids: events.map(({ id }) => id), status, failure, current, tokens, mapRuns, maps };
  };

  test.each(Object.keys(forms))('%s', (name) => {
    for (const { id, events } of recorded)
      expect(told(forms[name]?.(events) ?? ''), id).toEqual(told(JSON.stringify({ events })));
  });
});

test('a history that is cut within a long text is none, which takes no time to see', () => {
  const whole = JSON.stringify({ events: [{ ...event(1, 1), details: 'x'.repeat(32) }] });
  expect(() => readSavedHistory(whole.slice(0, -6), 'h.json')).toThrow('this is no history of an execution');
});
