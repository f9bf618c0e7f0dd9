import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { directory, run } from '../cli/world.js';
import { runCli } from './cli.js';

/** All below HOME. */
const ofHome = {
  XDG_CONFIG_HOME: undefined,
  XDG_CACHE_HOME: undefined,
  XDG_STATE_HOME: undefined,
  XDG_DATA_HOME: undefined,
};

test.each([
  ['Asia/Tokyo', '+09:00'],
  ['America/New_York', '-0[45]:00'],
  ['UTC', 'Z'],
])('under TZ=%s one execution reads the same hour in every command', async (zone, offset) => {
  const cwd = directory();
  const { TZ } = process.env;
  process.env.TZ = zone;
  onTestFinished(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const flow = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args, { cwd });
    // Of an execution that failed, what follows it ends with 1.
    expect([0, 1], stderr).toContain(code);
    return stdout;
  };
  const { startDate } = JSON.parse(await flow('start', 'command', '--input', '{}', '-o', 'json')) as {
    startDate: string;
  };
  const at = new Date(startDate);
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  const minute = `${parts.hour}:${parts.minute}`;
  expect(startDate).toMatch(/Z$/);
  expect(await flow('list')).toMatch(
    new RegExp(`STARTED \\(${zone === 'UTC' ? 'UTC' : offset.replace('+', '\\+')}\\)[^]*${day} ${minute}`),
  );
  const zoned = new RegExp(`${day}T${minute}:[\\d.]+${offset.replace('+', '\\+')}`);
  expect(await flow('show', '@last')).toMatch(zoned);
  // And in a process that has the zone from its beginning.
  const env = { TZ: zone, HOME: join(cwd, 'home'), ...ofHome };
  expect((await runCli(['show', '@last'], { cwd, env })).stdout).toMatch(zoned);
  expect(await flow('history', '@last')).toMatch(zoned);
  expect(await flow('watch', '@last')).toMatch(zoned);
  expect(await flow('logs', '@last')).toMatch(new RegExp(`${day}T${minute}|^$`));
  expect(await flow('machines', 'command')).toContain(`${day} ${minute}`);
  expect(await flow('top', '--plain')).toContain(`, started ${minute}:`);
  expect(await flow('list', '--failed', '--group')).toMatch(new RegExp(`${day} ${minute}|^$`));
  expect(await flow('show', '@last', '--utc')).toContain(startDate.slice(0, 19));
  expect(await flow('list', '--utc')).toContain(startDate.slice(0, 19).replace('T', ' '));
  const shown = JSON.parse(await flow('show', '@last', '-o', 'json')) as { startDate: string };
  expect(shown.startDate).toBe(startDate);
});
