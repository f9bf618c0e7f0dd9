import { expect, test } from 'vitest';
import { machineWorld } from '../../../src/world.js';
import { errorOf, main, start } from '../world.js';

/** Waits for an input that never comes. */
const stuck = (args: string[], sleep?: (milliseconds: number) => Promise<void>) =>
  start(['start', 'sfn-task', '--input', '-', ...args], { stdin: 'open', ...(sleep && { sleep }) });

test('a second Ctrl-C ends what the first did not: exit 130, one soft line', async () => {
  const running = stuck([]);
  running.signal('SIGINT');
  running.signal('SIGINT');
  expect(await running.done).toEqual({ code: 130, stdout: '', stderr: 'Interrupted\n' });
});

test('a command that does not end within a few seconds of SIGTERM is ended: exit 143', async () => {
  const slept: number[] = [];
  const running = stuck(['-o', 'json'], async (milliseconds) => void slept.push(milliseconds));
  running.signal('SIGTERM');
  expect(errorOf(await running.done)).toMatchObject({ code: 'Terminated', exitCode: 143 });
  expect(slept).toEqual([5_000]);
});

test('what fails on purpose nowhere is a bug: exit 70, how to report it, a stack only with -v', async () => {
  const failing = async (...args: string[]) => {
    const world = machineWorld();
    let stderr = '';
    const stdout = {
      get isTTY(): boolean {
        throw new TypeError('x is not a function');
      },
    };
    const code = await main({
      ...world,
      args: ['machines', ...args],
      stdout: stdout as never,
      stderr: {
        write: (text: string) => {
          stderr += text;
          return true;
        },
      } as never,
      onSignal: () => () => {},
    });
    return { code, stderr };
  };
  const { code, stderr } = await failing();
  expect(code).toBe(70);
  expect(stderr).toMatch(/^.*error:.* mbc-flow failed: x is not a function\n.*try:.* .*-v.*report/);
  expect(stderr).not.toContain('    at ');
  expect((await failing('-v')).stderr).toContain('    at ');
});
