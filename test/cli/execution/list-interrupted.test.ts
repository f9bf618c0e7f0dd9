import { expect, test } from 'vitest';
import { startFaultProxy } from '../../fault-proxy.js';
import { directory, errorOf, start } from '../world.js';

test('a list of many state machines that is broken off shows what came, and what it lacks', async () => {
  const cwd = directory();
  const dev = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  const { endpoint } = JSON.parse((await dev.waitFor(/"ready":true/)).split('\n')[0] ?? '');
  const proxy = await startFaultProxy(endpoint, ({ operation, number }) =>
    operation === 'ListExecutions' && number === 3 ? 'hold' : undefined,
  );
  const listing = start(['list', '--endpoint-url', proxy.endpoint, '-o', 'json'], { cwd });
  await proxy.held(1);
  listing.signal('SIGINT');
  const ended = await listing.done;
  expect(ended.code).toBe(130);
  expect(JSON.parse(ended.stdout)).toEqual({ executions: [] });
  expect(errorOf(ended).message).toMatch(/^Interrupted: 2 of \d+ state machines were asked/);
  dev.signal('SIGTERM');
  await dev.done;
});
