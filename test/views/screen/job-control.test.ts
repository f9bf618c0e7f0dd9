import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { controlJob, type JobControl } from '../../../src/views/screen/job-control.js';

// The rest is driven in a shell: test/e2e/job-control.test.ts.
let job: JobControl | undefined;
afterEach(() => job?.release());

/** A screen that was stopped by SIGSTOP and is continued now; `leave`: what giving the terminal back waits for. */
function continued(leave: Promise<void> = Promise.resolve()): string[] {
  const calls: string[] = [];
  job = controlJob({
    leave: async () => {
      calls.push('leave');
      await leave;
    },
    enter: () => void calls.push('enter'),
    abandon() {},
  });
  process.emit('SIGCONT', 'SIGCONT');
  return calls;
}

const signalled = () => once(process, 'SIGWINCH');

test('what is continued takes the terminal again, unless it was closed meanwhile', async () => {
  const drawn = signalled();
  const calls = continued();
  await drawn;
  expect(calls).toEqual(['leave', 'enter']);
  job?.release();

  const late = signalled();
  const closed = continued();
  await new Promise((resolve) => process.nextTick(resolve));
  job?.release();
  await late;
  expect(closed).toEqual(['leave']);
});

test('what is closed while it gives the terminal back does not take it', async () => {
  let left = (): void => {};
  const calls = continued(
    new Promise((resolve) => {
      left = resolve;
    }),
  );
  job?.release();
  left();
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual(['leave']);
  expect(process.listenerCount('SIGWINCH')).toBe(0);
});
