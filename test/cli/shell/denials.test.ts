import { expect, test } from 'vitest';
import { permissionsOf } from '../../../src/operations/doctor/command-permissions.js';
import { changing, looking, roleWorld, trial } from './role.js';

test('without one action at a time: what is needed is named, and of the rest one note is made', async () => {
  const role = await roleWorld();
  for (const line of Object.values(changing).flat()) await role.typed(line);
  for (const [command, lines] of Object.entries(looking)) {
    const { needs = [] } = permissionsOf(command) ?? {};
    for (const line of lines) {
      const permitted = await trial(role, line);
      for (const action of permitted.called) {
        const { code, stderr } = await role.without([action], () => role.typed(line));
        const what = `${line} without ${action}: ${code} ${stderr}`;
        if (code === 4) {
          expect.soft(needs, what).toContain(action);
          expect.soft(stderr, what).toContain(`must allow ${action}`);
          continue;
        }
        // Without its first check, doctor has found a fault.
        expect.soft(code, what).toBe(command === 'doctor' && code === 1 ? 1 : permitted.code);
        const notes = stderr.split('\n').filter((text) => text.startsWith('Note: not permitted'));
        expect.soft(notes, what).toEqual([expect.stringContaining(action)]);
      }
    }
  }
});
