import { expect, test } from 'vitest';
import { startFaultProxy } from '../../fault-proxy.js';
import { directory, errorOf, start } from '../world.js';

test('a list of many state machines that is broken off shows what came, and what it lacks', async () => {
  const cwd = directory();
  const dev = start(['dev', '--port', '0', '-o', 'json'], { cwd });
  const { endpoint } = JSON.parse((await dev.waitFor(/"ready":true/)).split('\n')[0] ?? '');
  for (const { flags, holds, asked, shown } of [
    { flags: [], holds: 3, asked: 2, shown: { executions: [] } },
    // A call for each status of a failure: none begins when it is told to stop.
    { flags: ['--group'], holds: 2, asked: 0, shown: { groups: [] } },
  ]) {
    const proxy = await startFaultProxy(endpoint, ({ operation, number }) =>
      operation === 'ListExecutions' && number === holds ? 'hold' : undefined,
    );
    const listing = start(['list', ...flags, '--endpoint-url', proxy.endpoint, '-o', 'json'], { cwd });
    await proxy.held(1);
    listing.signal('SIGINT');
    const ended = await listing.done;
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.stdout)).toEqual(shown);
    expect(errorOf(ended).message).toMatch(
      new RegExp(`^Interrupted: ${asked} of \\d+ state machines were asked`),
    );
    expect(proxy.seen.filter(({ operation }) => operation === 'ListExecutions')).toHaveLength(holds);
  }
  dev.signal('SIGTERM');
  await dev.done;
});
