import { expect, test } from 'vitest';
import { permissionCommands, permissionsOf } from '../../../src/operations/doctor/command-permissions.js';
import { commands } from '../world.js';
import { answering, changing, looking, roleWorld, trial } from './role.js';

test('the table names every call that a command makes; a role that only reads is told what it may not do', async () => {
  const role = await roleWorld();
  const check = async (lines: Record<string, string[]>): Promise<void> => {
    for (const [command, own] of Object.entries(lines))
      for (const line of own) {
        const { called, code } = await trial(role, line);
        const { needs = [], uses = [] } = permissionsOf(command) ?? {};
        expect.soft(code, line).toBeLessThan(2);
        expect.soft([...needs, ...uses], line).toEqual(expect.arrayContaining(called));
      }
  };
  await check(changing);
  await check(looking);

  const writes = [
    'SendTaskSuccess',
    'SendTaskFailure',
    'SendTaskHeartbeat',
    'StopExecution',
    'StartExecution',
  ];
  const refused = writes.map((name) => `states:${name}`);
  await role.without(refused, async () => {
    for (const line of [
      ...Object.values(answering).flat(),
      'start ask',
      'rerun c1',
      'import goods.csv --again',
    ]) {
      if (line.startsWith('redrive')) continue;
      const { code, stderr } = await role.typed(line);
      expect.soft(code, `${line} ${stderr}`).toBe(4);
      expect.soft(stderr, line).toMatch(/must allow states:(SendTask|StopE|StartE)/);
      expect.soft(stderr, line).not.toContain('left out');
    }
  });
  // The same lines, permitted: nothing had been changed.
  await check(answering);
});

test('the table has the commands that ask AWS, and no others', () => {
  const names = commands.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(permissionCommands()));
  const without = ['demo', 'dev', 'init', 'scaffold', 'completion', 'help'];
  expect(names.filter((name) => !permissionCommands().includes(name) && !without.includes(name))).toEqual([]);
});
