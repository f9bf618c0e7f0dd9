import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { JsonObject } from '../../../src/json/json.js';
import { type PausedWorld, waiting } from '../answer/paused-machines.js';

export const approval: JsonObject = {
  StartAt: 'Sleeps',
  States: {
    Sleeps: {
      Type: 'Choice',
      Choices: [{ Variable: '$.seconds', NumericEquals: 0, Next: 'Approve' }],
      Default: 'Later',
    },
    Later: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Approve' },
    Approve: { ...waiting(), ResultPath: null, Next: 'Again' },
    Again: { Type: 'Wait', Seconds: 3600, Next: 'Second' },
    Second: { ...waiting(), End: true },
  },
};

export interface Pending {
  requestId: string;
  executionArn: string;
  stateName: string;
  token?: string;
}
export async function pending(world: PausedWorld, ...flags: string[]): Promise<Pending[]> {
  const { code, stdout, stderr } = await world.run('pending', '-o', 'json', ...flags);
  expect(code, stderr).toBe(0);
  const steps = JSON.parse(stdout).pending as (Pending & { ageSeconds?: number })[];
  return steps.map(({ ageSeconds: _, ...step }) => step);
}

export async function answer(world: PausedWorld, { token = '' }: Pending): Promise<void> {
  await world.sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"approved":true}' }));
}

/** ARNs of the executions with a request id. */
export async function listed(world: PausedWorld, requestId: string): Promise<string[]> {
  const { code, stdout, stderr } = await world.run('list', '--request-id', requestId, '-o', 'json');
  expect([0, 3], stderr).toContain(code);
  const { executions = [] } = code === 0 ? JSON.parse(stdout) : {};
  return executions.map(({ executionArn }: Pending) => executionArn);
}

/** What top offers to answer. */
export async function offered(world: PausedWorld): Promise<string[]> {
  const { code, stdout, stderr } = await world.run('top', '-o', 'json');
  expect(code, stderr).toBe(0);
  return keysOf(JSON.parse(stdout).pending);
}
export const keysOf = (steps: Pending[]): string[] =>
  steps.map(({ executionArn, stateName }) => `${executionArn} ${stateName}`).sort();
