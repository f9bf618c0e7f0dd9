import { expect, test } from 'vitest';
import { eventsOf } from '../../../src/operations/pace/merge-events.js';

const read = async (events: AsyncIterable<string>): Promise<string[]> => {
  const seen: string[] = [];
  for await (const event of events) seen.push(event);
  return seen;
};

test('what is told is read in its order, and what is told is waited for', async () => {
  const log: string[] = [];
  const events = eventsOf<string, number>(async (tell) => {
    void tell('a');
    await tell('b');
    log.push('b was seen');
    await tell('c');
    return 7;
  });
  for (;;) {
    const next = await events.next();
    if (next.done) expect(next.value).toBe(7);
    if (next.done) break;
    log.push(next.value);
  }
  expect(log).toEqual(['a', 'b', 'b was seen', 'c']);
});

test('a failure comes after all that was told before it', async () => {
  const seen: string[] = [];
  const events = eventsOf<string, void>(async (tell) => {
    void tell('a');
    void tell('b');
    throw new Error('broken');
  });
  const reading = (async () => {
    for await (const event of events) seen.push(event);
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(seen).toEqual(['a', 'b']);
});

test('work whose reader has left is not kept waiting', async () => {
  let ended: (() => void) | undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const events = eventsOf<string, void>(async (tell) => {
    await Promise.all([tell('a'), tell('b')]);
    await tell('c');
    ended?.();
  });
  for await (const event of events) if (event === 'a') break;
  await end;
  expect(await read(events)).toEqual([]);
});
