import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { ended } from '../../local/harness.js';
import { directory } from '../world.js';
import { pausedWorld, until } from './paused-machines.js';

/** The framework's steps, but for the wake-up of the next version: it looked before that one's token was stored. */
const lostWakeUps = `
const replies = {
  check_version: (record) => ({ result: record.dynamodb.NewImage.version.N === '1' ? 0 : 1 }),
  transform_data: () => [{ prevStateName: 'transform_data', result: 'Handler' }],
};
export const handler = async ({ context }) => {
  const reply = replies[context.State.Name] ?? (() => ({ result: 'ok' }));
  return [[reply(context.Execution.Input)]];
};
`;

const record = (version: number): JsonObject => ({
  eventSourceARN: 'arn:aws:dynamodb:ap-northeast-1:101010101010:table/dev-app-sample-command/stream/1',
  dynamodb: {
    NewImage: {
      pk: { S: 'SAMPLE#t1' },
      sk: { S: `A001@${version}` },
      version: { N: String(version) },
      requestId: { S: `r-${version}` },
    },
  },
});

test('a chain of versions that wait in vain: named with its head and the cause, resumed in order to its end', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'command.mjs'), lostWakeUps);
  const world = await pausedWorld({ cwd }, ['--functions', '*=./command.mjs']);
  const machine = 'arn:aws:states:ap-northeast-1:101010101010:stateMachine:command';
  const versions = 12;
  const waiters: string[] = [];
  for (let version = 2; version <= versions; version++)
    waiters.push(await world.begin(machine, record(version)));
  const first = await world.begin(machine, record(1));
  expect((await ended(world.sfn, first)).status).toBe('SUCCEEDED');
  for (const waiter of waiters) await until(world, waiter, 'TaskSubmitted');

  const stuck = await world.run('pending', '--stuck', '-o', 'json');
  expect(stuck.code).toBe(1);
  const { chains, pending } = JSON.parse(stuck.stdout);
  expect(chains).toMatchObject([
    { entity: 'SAMPLE#t1/A001', cause: 'lostWakeUp', head: { version: 2, executionArn: waiters[0] } },
  ]);
  expect(chains[0].reason).toMatch(/^version 1 finished at .* without waking it/);
  expect(chains[0].versions).toEqual(Array.from({ length: versions - 1 }, (_, index) => index + 2));
  expect(pending).toHaveLength(versions - 1);

  const dry = await world.run('resume', '--chain', 'SAMPLE#t1/A001', '--dry-run', '-o', 'json');
  expect(JSON.parse(dry.stdout).versions).toHaveLength(versions - 1);
  const resumed = await world.run('resume', '--chain', 'SAMPLE#t1/A001', '-o', 'json');
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  const { versions: done } = JSON.parse(resumed.stdout);
  expect(done.map(({ version }: { version: number }) => version)).toEqual(chains[0].versions);
  const stops: number[] = [];
  for (const waiter of waiters) {
    const { status, stopDate } = await ended(world.sfn, waiter);
    expect(status).toBe('SUCCEEDED');
    stops.push(Number(stopDate));
  }
  expect(stops).toEqual([...stops].sort((a, b) => a - b));
  expect((await world.run('pending', '--stuck', '-q')).code).toBe(0);
});
