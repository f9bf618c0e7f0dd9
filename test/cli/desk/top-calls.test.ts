import { expect, onTestFinished, test, vi } from 'vitest';
import { restlessClock } from '../clock.js';
import { run, start } from '../world.js';
import { mostInAMinute, startAccount } from './account.js';

/** Ten minutes of top, or what it takes to know the machines; only the rests are shortened. `calls`: those of these minutes. */
async function tenMinutes(throttled?: (call: number) => boolean) {
  const clock = restlessClock(1_000);
  const end = clock.now() + 600_000;
  const { endpoint, calls } = await startAccount(clock.now, throttled);
  // The SDK's own chain reads them of this process.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'none');
  onTestFinished(() => void vi.unstubAllEnvs());
  const line = ['top', '--plain', '--endpoint-url', endpoint, '--region', 'ap-northeast-1'];
  const top = start(line, { tty: true, columns: 80, clock });
  // On a busy machine its calls take longer than the rests between them: ten minutes may be over before they are answered.
  await top.waitFor(/機械-7: \d+ running/);
  await vi.waitUntil(() => clock.now() >= end, { timeout: 100_000 });
  top.signal('SIGINT');
  return { calls, ...(await top.done) };
}

test('on an account that is not of this machine, top at rest makes at most 60 calls in any minute', async () => {
  const { calls, code } = await tenMinutes();
  expect(code).toBe(0);
  expect(mostInAMinute(calls)).toBeLessThanOrEqual(60);
  // It has not just given up.
  expect(calls.length).toBeGreaterThan(40);
});

test('where AWS throttles, it goes on more slowly, and no error is shown', async () => {
  const { calls, code, stdout, stderr } = await tenMinutes((call) => call % 3 === 0);
  expect(code).toBe(0);
  expect(stdout + stderr).not.toMatch(/error|Rate exceeded/);
  expect(mostInAMinute(calls)).toBeLessThanOrEqual(60);
});

test('in a pipe, where nothing answers, it ends with 6', async () => {
  const { code, stdout, stderr } = await run(['top', '--endpoint-url', 'http://127.0.0.1:1']);
  expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
  expect(stderr).toContain('could not reach the service');
});
