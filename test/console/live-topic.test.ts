import { expect, test } from 'vitest';
import type { TopicMessage } from '../../src/console/api.js';
import { createHub } from '../../src/console/streams/hub.js';
import { createLiveTopic, type Feed } from '../../src/console/streams/live-topic.js';

/** What a page holds: it takes messages as they come, and says which version it has. */
function reader() {
  const rows = new Map<string, unknown>();
  let version = '';
  let received = 0;
  return {
    rows,
    get version() {
      return version;
    },
    get received() {
      return received;
    },
    take(messages: TopicMessage[]): void {
      for (const message of messages) {
        if (message.fresh) rows.clear();
        for (const key of message.gone) rows.delete(key);
        for (const [key, row] of message.rows) rows.set(key, row);
        received += message.rows.length;
        version = message.version;
      }
    },
  };
}

test('a reader gets all at first, then what changed; what did not change is not sent again', () => {
  const topic = createLiveTopic('t');
  const page = reader();
  topic.replace([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
  ]);
  page.take(topic.since(undefined));
  expect(page.received).toBe(2);
  topic.replace([
    ['b', { n: 2 }],
    ['c', { n: 3 }],
  ]);
  page.take(topic.since(page.version));
  expect([page.received, Object.fromEntries(page.rows)]).toEqual([3, { b: { n: 2 }, c: { n: 3 } }]);
  topic.tell({ at: 1 });
  expect(topic.since(page.version)).toEqual([
    { topic: 't', version: expect.any(String), fresh: false, rows: [], gone: [], facts: { at: 1 } },
  ]);
  page.take(topic.since(page.version));
  topic.tell({ at: 1 });
  topic.put('c', { n: 3 });
  topic.remove('nothing');
  expect(topic.since(page.version)).toEqual([]);
});

test('whenever a reader is cut off, it has in the end what is there, each change once', () => {
  const topic = createLiveTopic('t');
  const page = reader();
  let seed = 7;
  const random = (most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % most;
  };
  for (let step = 0; step < 500; step++) {
    const key = `k${random(40)}`;
    if (random(4) === 0) topic.remove(key);
    else topic.put(key, { step });
    // Cut off within a long answer: a version that is not complete counts as none.
    const messages = topic.since(page.version);
    if (random(3) > 0) page.take(messages.slice(0, random(messages.length + 1)));
  }
  page.take(topic.since(page.version));
  const whole = reader();
  whole.take(topic.since(undefined));
  expect(Object.fromEntries(page.rows)).toEqual(Object.fromEntries(whole.rows));
});

test('a long list comes in parts, of which only the last counts; another run’s version begins anew', () => {
  const topic = createLiveTopic('t');
  topic.replace(Array.from({ length: 1_234 }, (_, index) => [`k${index}`, index] as const));
  const messages = topic.since('other.99');
  expect(messages.map(({ rows, fresh, version }) => [rows.length, fresh, version !== ''])).toEqual([
    [500, true, false],
    [500, false, false],
    [234, false, true],
  ]);
  for (const version of ['x', '.', '..', 'NaN', `${messages.at(-1)?.version}9`])
    expect(topic.since(version)[0]?.fresh, version).toBe(true);
});

test('a topic is filled once, however many read it, and as long as one does', async () => {
  let filled = 0;
  const feeds: { feed: Feed; signal: AbortSignal }[] = [];
  const hub = createHub(
    {
      one: async (id, feed, signal) => {
        filled++;
        feed.put(id, 1);
        feeds.push({ feed, signal });
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
      bad: async () => {
        throw new Error('no access');
      },
    },
    () => {},
  );
  const [first, second] = [hub.read('one:a:b'), hub.read('one:a:b')];
  expect(filled).toBe(1);
  expect(first?.live.since(undefined)[0]?.rows).toEqual([['a:b', 1]]);
  expect(hub.read('two')).toBeUndefined();
  expect(hub.read('constructor')).toBeUndefined();
  const bad = hub.read('bad');
  await Promise.resolve();
  await Promise.resolve();
  expect(bad?.live.since(undefined)[0]?.facts).toEqual({ trouble: 'no access' });
  second?.leave();
  second?.leave();
  expect(feeds[0]?.signal.aborted).toBe(false);
  await hub.close();
  expect(feeds[0]?.signal.aborted).toBe(true);
});
