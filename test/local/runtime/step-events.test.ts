import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import type { Stimulus } from '../../../src/asl/engine/protocol.js';
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
