import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desktopSequence } from '../../../src/views/text/desktop-notification.js';
import { pausedWorld, waiting } from '../answer/paused-machines.js';
import { run, start } from '../world.js';

test('told of paused steps: once an event, as JSON on standard input, without a token, nothing of it in a shell', async () => {
  const world = await pausedWorld();
  const machine = await world.machine('approval', {
    StartAt: 'Wait',
    States: { Wait: waiting({ End: true }) },
  });
  const evil = "r-1'; touch hacked; echo '$(touch hacked)";
  const executionArn = await world.begin(machine, { requestId: evil, note: 'x' });
  const told = (file: string) =>
    readFileSync(join(world.cwd, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  // As cron does.
  const once = await world.run('pending', '-q', '--older-than', '0s', '--notify', 'cat >> once.ndjson');
  expect(once.code).toBe(1);
  expect(told('once.ndjson')).toMatchObject([
    {
      event: 'paused',
      target: 'local',
      executionArn,
      stateName: 'Wait',
      requestId: evil,
      asked: expect.anything(),
    },
  ]);
  const revealed = ['--reveal-token', '-y', '-o', 'json', '--notify', 'cat > revealed.json'];
  const { pending } = JSON.parse((await world.run('pending', ...revealed)).stdout);
  expect(readFileSync(join(world.cwd, 'revealed.json'), 'utf8')).not.toContain(pending[0].token);

  // What waits already is no news; what comes is told once, however often it is looked at.
  const watching = start(['pending', '--watch', '--bell', '--desktop', '--notify', 'cat >> watched.ndjson'], {
    cwd: world.cwd,
    tty: true,
    speed: 100,
    columns: 100,
  });
  await watching.waitFor(/REQUEST/);
  await world.begin(machine, { requestId: 'r-2' });
  const screens = await watching.waitFor(/\]9;Wait[^;]*r-2/);
  expect(screens).toContain('\u0007');
  await watching.waitFor(/(r-2[\s\S]*){4}/);
  watching.signal('SIGINT');
  expect((await watching.done).stderr.split('\u001b]9;')).toHaveLength(2);
  expect(told('watched.ndjson')).toMatchObject([{ event: 'paused', requestId: 'r-2' }]);

  // An execution that is watched: paused, then ended.
  const watch = start(['watch', executionArn, '--notify', 'cat >> ended.ndjson'], { cwd: world.cwd });
  await watch.waitFor(/waiting|waits/i);
  expect((await world.run('stop', executionArn)).code).toBe(0);
  expect((await watch.done).code).toBe(1);
  expect(told('ended.ndjson')).toMatchObject([
    { event: 'paused', executionArn, stateName: 'Wait' },
    { event: 'ended', executionArn, status: 'ABORTED' },
  ]);
  const files = await run(['pending', '--notify', 'ls > files; exit 3'], { cwd: world.cwd });
  expect(files.stderr).toContain('--notify failed: exit 3');
  expect(readFileSync(join(world.cwd, 'files'), 'utf8')).not.toContain('hacked');
});

test('notifications of the desktop hold no controls of others, and pass tmux', () => {
  expect(desktopSequence('a\u001b]0;b', 'c;d', {})).toBe('\u001b]9;a\\x1b]0,b: c,d\u0007');
  expect(desktopSequence('a', 'b;c', { TERM: 'foot' })).toBe('\u001b]777;notify;a;b,c\u0007');
  expect(desktopSequence('a', 'b', { TMUX: '/tmp/x' })).toBe('\u001bPtmux;\u001b\u001b]9;a: b\u0007\u001b\\');
});
