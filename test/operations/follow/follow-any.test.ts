import { expect, test } from 'vitest';
import { followAnyExecution } from '../../../src/operations/follow/follow-any.js';
import type { Gateways, LogEvent } from '../../../src/ports/aws.js';

const executionArn = 'arn:aws:states:ap-northeast-1:101010101010:express:m/Rows:e:u';
const group = '/aws/vendedlogs/states/m';
const start = 1_800_000_000_000;

interface Told {
  id: number;
  type: string;
  /** When the service begins to give it, milliseconds after the start. */
  visible?: number;
  redrive?: number;
}

const steps: Told[] = [
  { id: 1, type: 'ExecutionStarted' },
  { id: 2, type: 'PassStateEntered' },
  { id: 3, type: 'PassStateExited' },
  { id: 4, type: 'ExecutionSucceeded' },
];

/** Follows lines that come as told; sleeping takes no time. */
async function follow(told: Told[]) {
  let now = start;
  const lines = told.map(({ id, type, visible = 0, redrive = 0 }) => ({
    visible: start + visible,
    logGroup: group,
    logStream: 's',
    timestamp: start + id,
    eventId: `${id}-${Math.random()}`,
    message: JSON.stringify({
      id: String(id),
      type,
      details: { name: 'a' },
      previous_event_id: String(id - 1),
      event_timestamp: String(start + id),
      execution_arn: executionArn,
      redrive_count: String(redrive),
    }),
  }));
  const described: string[] = [];
  const gateways = {
    states: {
      describeStateMachine: async (arn: string) => {
        described.push(arn);
        return {
          stateMachineArn: arn,
          name: 'm',
          logGroupArn: `arn:aws:logs:r:1:log-group:${group}:*`,
          logLevel: 'ALL',
        };
      },
    },
    logs: {
      async *filterPages({ startTime = 0 }: { startTime?: number }): AsyncIterable<LogEvent[]> {
        yield [];
        yield lines.filter(({ visible, timestamp }) => visible <= now && timestamp >= startTime);
      },
    },
  } as unknown as Pick<Gateways, 'states' | 'logs'>;
  const ids: number[] = [];
  const model = await followAnyExecution(gateways, executionArn, {
    signal: new AbortController().signal,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    pollMilliseconds: 2_000,
    onUpdate: (_model, _runs, events) => ids.push(...events.map(({ id }) => id)),
  });
  expect(described).toEqual(['arn:aws:states:ap-northeast-1:101010101010:stateMachine:m']);
  return { status: model.status, ids, took: now - start };
}

test('late, doubled, and out of order: each event once, in its order', async () => {
  const told = steps.flatMap((step, index) => [
    { ...step, visible: [9_000, 0, 15_000, 1_000][index] },
    { ...step, visible: 21_000 },
  ]);
  expect(await follow(told)).toMatchObject({ status: 'SUCCEEDED', ids: [1, 2, 3, 4] });
});

test('a line that never comes holds up nothing for long', async () => {
  const { status, ids, took } = await follow(steps.filter(({ id }) => id !== 3));
  expect({ status, ids }).toEqual({ status: 'SUCCEEDED', ids: [1, 2, 4] });
  expect(took).toBeLessThan(15_000);
});

test('no line at all: exit 3; no end: exit 1, after more than an EXPRESS execution may take', async () => {
  await expect(follow([])).rejects.toMatchObject({ exitCode: 3, code: 'ExecutionNotFound' });
  await expect(follow(steps.slice(0, 2))).rejects.toMatchObject({ exitCode: 1, code: 'EndNotLogged' });
  expect(
    await follow([...steps.slice(0, 2), { ...steps[3], id: 3, visible: 299_000 } as Told]),
  ).toMatchObject({
    status: 'SUCCEEDED',
  });
});

test('a child that a redrive began again: only what it does now', async () => {
  const failed: Told[] = [
    { id: 1, type: 'ExecutionStarted' },
    { id: 2, type: 'ExecutionFailed' },
    { id: 5, type: 'PassStateEntered' },
  ];
  const again = steps.map((step) => ({ ...step, redrive: 1 }));
  expect(await follow([...failed, ...again])).toMatchObject({ status: 'SUCCEEDED', ids: [1, 2, 3, 4] });
});
