import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/asl/engine/history-event.js';
import { createEventReader } from '../../../src/operations/follow/new-events.js';
import { tailLogs } from '../../../src/operations/follow/tail-logs.js';
import type { LogsGateway } from '../../../src/ports/aws.js';
import { recordedGateway } from '../recorded-gateway.js';

const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:execution:m:e';
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A Task after another, each with the request id of its function; then the end. */
function history(length: number): HistoryEvent[] {
  return Array.from({ length }, (_, index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: index + 1,
    type: index === length - 1 ? 'ExecutionSucceeded' : 'TaskSucceeded',
    taskSucceededEventDetails: {
      output: JSON.stringify({ SdkResponseMetadata: { RequestId: idOf(index) } }),
    },
  }));
}

test("an execution's events are read once, and its functions' lines are told once each, however long it is", async () => {
  const events = history(20_000);
  const states = recordedGateway(events, 19_900);
  const logs: Pick<LogsGateway, 'filterPages'> = {
    async *filterPages({ logGroup, startTime = 0 }) {
      yield events
        .slice(0, states.visible - 1)
        .filter(({ timestamp }) => timestamp >= startTime)
        .flatMap(({ id, timestamp }) => [
          { logGroup, logStream: 's', timestamp, message: `x\t${idOf(id - 1)}\tINFO\tmine ${id}` },
          { logGroup, logStream: 's', timestamp, message: `x\t${idOf(id + 50_000)}\tINFO\tanother's ${id}` },
        ]);
    },
  };
  const told: string[] = [];
  let polls = 0;
  await tailLogs(logs as LogsGateway, {
    sources: [{ group: '/aws/lambda/f', kind: 'function' }],
    executionArn,
    newEvents: createEventReader(states, executionArn),
    since: 0,
    follow: true,
    signal: new AbortController().signal,
    clock: {
      now: () => 0,
      async sleep() {
        if (++polls <= 10) states.visible += 10;
      },
    },
    pollMilliseconds: 1,
    onLines: (lines) => told.push(...lines.map(({ message }) => message.split('\t')[3] ?? '')),
    onMissing: (group) => expect.unreachable(group),
  });
  expect(told).toEqual(events.slice(0, -1).map(({ id }) => `mine ${id}`));
  // Two calls a poll, and each event about once: not the whole again.
  expect(states.calls).toBeLessThanOrEqual(20 + 2 * (polls + 1));
  expect(states.eventsRead).toBeLessThanOrEqual(20_000 + 2 * 10 * (polls + 1));
});

test('a log of more lines than a call can have arguments', async () => {
  const logs: Pick<LogsGateway, 'filterPages'> = {
    async *filterPages({ logGroup }) {
      for (let page = 0; page < 15; page++)
        yield Array.from({ length: 10_000 }, (_, n) => ({
          logGroup,
          logStream: 's',
          eventId: `${page}-${n}`,
          timestamp: page,
          message: 'x',
        }));
    },
  };
  let told = 0;
  await tailLogs(logs as LogsGateway, {
    sources: [{ group: '/aws/lambda/f', kind: 'function' }],
    since: 0,
    follow: false,
    signal: new AbortController().signal,
    clock: { now: () => 0, sleep: async () => {} },
    pollMilliseconds: 1,
    onLines: (lines) => {
      told += lines.length;
    },
    onMissing: (group) => expect.unreachable(group),
  });
  expect(told).toBe(150_000);
});
