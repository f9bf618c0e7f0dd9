import { expect, test } from 'vitest';
import { eventsOf, samples } from '../../samples.js';

test.each(Object.entries(samples))('the history of AWS: %s', async (_, sample) => {
  const events = await eventsOf(sample);
  const chain = events.map(({ id, previousEventId, type }) => `${type} ${id}<${previousEventId}`);
  expect(chain).toEqual(['ExecutionStarted 1<0', ...sample.events]);
});
