import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMembers, fromWritten, textOf, type Value } from '../../../src/asl/data/value.js';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import type { Effect, Stimulus } from '../../../src/asl/engine/protocol.js';
import { packEvents, unpackEvents } from '../../../src/local/runtime/step-events.js';

/** JSON texts, long enough to be worth it and not, with what needs escaping in them. */
const text = fc
  .tuple(fc.string({ unit: 'binary' }), fc.constantFrom(1, 40))
  .map(([piece, times]) => JSON.stringify({ piece: `"\u0001\u0002\\${piece}`.repeat(times) }));

it('events come back as they were, and hold neither the input nor what a Task answered', () => {
  fc.assert(
    fc.property(text, text, (input, output) => {
      const stimulus: Stimulus = { type: 'TaskSucceeded', at: 1, taskId: 2, output };
      const events = [input, output, `{"Payload":${input},"Other":[${output},${input}]}`, 'short'].map(
        (value, id) => ({ id, previousEventId: 0, timestamp: 1, type: 'X', details: { value } }),
      ) as unknown as HistoryEvent[];
      const packed = packEvents({ input }, stimulus, events);
      const stored = { stimulus: JSON.stringify(stimulus), events: packed };
      expect(unpackEvents({ input }, stored)).toEqual(events);
      if (input.length > 200 && output.length > 200) expect(packed.length).toBeLessThan(600);
      // Those that an earlier version wrote.
      const before = { ...stored, events: JSON.stringify(events) };
      expect(unpackEvents({ input }, before)).toEqual(events);
    }),
    { numRuns: 300 },
  );
});

const called = (parameters: Value): Effect => ({
  type: 'InvokeTask',
  taskId: 1,
  stateName: 'S',
  resource: 'arn:aws:states:::lambda:invoke',
  parameters,
});
const scheduled = (parameters: string): HistoryEvent[] => [
  {
    id: 1,
    previousEventId: 0,
    timestamp: 1,
    type: 'TaskScheduled',
    taskScheduledEventDetails: { parameters },
  },
];

it('what a Task is called with comes back as it was, packed by its parts', () => {
  fc.assert(
    fc.property(text, text, (input, other) => {
      const whole = fromWritten(input);
      const parameters = fromMembers([
        ['Function"Name', fromWritten('"f"')],
        [
          'Payload',
          fromMembers([
            ['input', whole],
            ['context', fromMembers([['Input', whole]])],
          ]),
        ],
        ['Other', fromWritten(other)],
      ]);
      const events = scheduled(textOf(parameters));
      const stimulus: Stimulus = { type: 'Start', at: 1 };
      const packed = packEvents({ input }, stimulus, events, [called(parameters)]);
      expect(unpackEvents({ input }, { stimulus: JSON.stringify(stimulus), events: packed })).toEqual(events);
      if (input.length > 200 && other.length < 200) expect(packed.length).toBeLessThan(800);
    }),
    { numRuns: 100 },
  );
});

it('the text of such a call is not looked into', () => {
  const input = JSON.stringify('i'.repeat(200));
  const parameters = fromMembers([['Payload', fromWritten(input)]]);
  // As long as the call's own, and not what its parts are.
  parameters.text = 'x'.repeat(300);
  const stimulus: Stimulus = { type: 'Start', at: 1 };
  const packed = packEvents({ input }, stimulus, scheduled(parameters.text), [called(parameters)]);
  expect(unpackEvents({ input }, { stimulus: '{}', events: packed })).toEqual(
    scheduled(`{"Payload":${input}}`),
  );
});
