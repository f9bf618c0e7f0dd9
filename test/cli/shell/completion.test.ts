import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pausedWorld, until, waiting } from '../answer/paused-machines.js';
import { run } from '../world.js';

test('the first word that is completed offers what waits on this machine, and nothing where that takes too long', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('ask', {
    StartAt: 'Ask',
    States: { Ask: { ...waiting(), End: true } },
  });
  const executionArn = await world.begin(machine, { requestId: '注文-1' });
  await until(world, executionArn, 'TaskSubmitted');
  writeFileSync(`${world.cwd}/items.json`, '[{"a":1}]');
  const started = await world.run(
    'task',
    'start',
    'items.json',
    '--type',
    'notify',
    '--detach',
    '-o',
    'json',
  );
  const { batch } = JSON.parse(started.stdout);
  const words = async (line: string[], sleep: () => Promise<void>): Promise<string> => {
    const { code, stdout, stderr } = await run(['completion', 'words', '--', ...line], {
      cwd: world.cwd,
      sleep,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const never = (): Promise<void> => new Promise(() => {});
  expect(await words(['approve', ''], async () => {})).toBe('');
  expect(await words(['approve', ''], never)).toBe('注文-1\n');
  expect(await words(['task', 'show', ''], never)).toBe(`${batch}\n`);
  // `import` takes files, `import show` does not.
  expect(await words(['import', ''], never)).toBe(':files\n');
  expect(await words(['import', 'show', ''], never)).toBe('@last\n');
});

test('a shell that is not supported is a usage error, also by a name that every object has', async () => {
  for (const shell of ['tcsh', 'constructor', '__proto__']) {
    const { code, stderr } = await run(['completion', shell]);
    expect(code).toBe(2);
    expect(stderr).toContain(`completion is not supported for ${shell}`);
  }
});
