import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EventSource } from '../../../src/events/event-source.js';
import type { Json } from '../../../src/json/json.js';
import { recording } from './recording.js';
import { startStream, type TestStream } from './streams-server.js';

const row = (sk: string, more: Record<string, Json> = {}) => ({ pk: { S: 'P' }, sk: { S: sk }, ...more });

const served = (stream: TestStream, source: Partial<EventSource> = {}, broken = false) =>
  recording({ kind: 'stream', name: 'local-demo-*', endpoint: stream.endpoint, ...source }, { broken });

test('new rows are delivered one by one in their order, from the beginning of the stream, and once', async () => {
  const stream = await startStream('local-demo-sample-command');
  for (const sk of ['1', '2', '3']) stream.put(row(sk));
  stream.put(row('sync', { syncMode: { S: 'SYNC' } }));
  stream.put(row('changed'), { eventName: 'MODIFY' });
  const events = await served(stream);
  await expect.poll(() => events.told()).toEqual(['1', '2', '3']);
  expect(events.first()).toMatchObject([{ eventSourceARN: stream.arn, eventID: 'event-101' }]);
  // Closed shards are read to their end, then their children.
  stream.put(row('4'));
  stream.split();
  stream.put(row('5'));
  stream.expire();
  await expect.poll(() => events.told().slice(3)).toEqual(['4', '5']);
  // The next question comes after the checkpoint; a stop before it would mean a second delivery.
  const asked = stream.calls.length;
  await expect.poll(() => stream.calls.slice(asked)).toContain('GetRecords');
  await events.restart();
  stream.put(row('6'));
  await expect.poll(() => events.told().slice(5)).toEqual(['6']);

  const url = `${events.endpoint}/2015-03-31/event-source-mappings/`;
  const listed = (await (await fetch(url)).json()) as { EventSourceMappings: object[] };
  expect(listed.EventSourceMappings).toMatchObject([
    {
      EventSourceArn: stream.arn,
      FunctionArn: expect.stringMatching(/:function:serverless-example-dev-main$/),
      BatchSize: 1,
      State: 'Enabled',
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: [{ Pattern: expect.stringContaining('"eventName":["INSERT"]') }] },
    },
  ]);
});

test('a record that fails blocks its shard until it succeeds; one that is older than a day is left out', async () => {
  const stream = await startStream('local-demo-tasks');
  const events = await served(
    stream,
    { filters: [{ eventName: ['INSERT', 'MODIFY'] }], functionName: 'tasks' },
    true,
  );
  stream.put(row('old', { v: { S: '!fail' } }), { at: Date.now() - 25 * 3_600_000 });
  stream.put(row('bad', { v: { S: '!fail' } }), { eventName: 'MODIFY' });
  stream.put(row('next'));
  await expect.poll(() => events.tries()).toBeGreaterThanOrEqual(3);
  expect(events.told()).toEqual([]);
  expect(events.log.join('\n')).toMatch(
    /record 101 failed 1 times \(Error: cannot\): older than 24 hours, discarded/,
  );
  expect(events.log.join('\n')).toMatch(/record 102 failed 1 times \(Error: cannot\): the shard is blocked/);
  // What was not delivered is delivered after a restart.
  await events.restart();
  rmSync(join(events.folder, 'broken'));
  await expect.poll(() => events.told()).toEqual(['bad', 'next']);
});

test('what is beyond the trim horizon is lost, what is there is not', async () => {
  const stream = await startStream('local-demo-a');
  const events = await served(stream);
  stream.put(row('1'));
  await expect.poll(() => events.told()).toEqual(['1']);
  stream.put(row('2'));
  stream.trim();
  stream.expire();
  stream.put(row('3'));
  await expect.poll(() => events.told().at(-1)).toBe('3');
});

test('other tables are left alone', async () => {
  const stream = await startStream('other-app-tasks');
  stream.put(row('1'));
  const events = await served(stream);
  await expect.poll(() => stream.calls).toContain('ListStreams');
  expect(stream.calls).not.toContain('DescribeStream');
  expect(events.told()).toEqual([]);
});
