import { expect, test } from 'vitest';
import { errorOf, run } from '../world.js';

test('the local target: nothing is wrong, what it does not have is said to be unchecked', async () => {
  const ran = await run(['doctor', '--local', '-o', 'json']);
  expect(ran.code).toBe(0);
  const { target, checks } = JSON.parse(ran.stdout) as {
    target: string;
    checks: { check: string; status: string }[];
  };
  expect(target).toBe('local');
  const statusOf = (name: string): string | undefined => checks.find(({ check }) => check === name)?.status;
  expect(['identity', 'command', 'task', 'import-csv', 'bucket'].map(statusOf)).toEqual(Array(5).fill('ok'));
  expect([statusOf('alarms'), statusOf('permissions')]).toEqual(['unchecked', 'unchecked']);
});

test('a policy, also for a script; a command that is none: exit 2', async () => {
  const ran = await run(['doctor', '--policy', 'approve,watch', '-o', 'json']);
  expect(JSON.parse(ran.stdout)).toMatchObject({ Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] });
  expect(errorOf(await run(['doctor', '--policy', 'fly', '-o', 'json']))).toMatchObject({ exitCode: 2 });
});
