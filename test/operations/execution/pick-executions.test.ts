import { expect, test } from 'vitest';
import { pickExecutions } from '../../../src/operations/execution/pick-executions.js';

const around = {
  states: { listExecutions: () => expect.unreachable(), describeExecution: () => expect.unreachable() },
  machineArn: async () => expect.unreachable(),
  executionArn: async (reference: string) => `arn:${reference}`,
  flagsForHints: '',
} as unknown as Parameters<typeof pickExecutions>[0];
const only = { statuses: ['RUNNING' as const], example: 'mbc-flow stop @last' };
const filter = { now: 0, limit: 1000 };

test('executions that are named, each once', async () => {
  expect(await pickExecutions(around, ['a', 'b', 'a'], filter, only)).toEqual(['arn:a', 'arn:b']);
});

test.each([{ since: 1 }, { match: 'x' }, { longerThan: 1 }, { error: 'E' }])(
  'a filter beside names (%o) is refused, not ignored',
  async (given) => {
    await expect(pickExecutions(around, ['a'], { ...filter, ...given }, only)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--machine'),
    });
  },
);
