import { expect, test } from 'vitest';
import { createBell } from '../../src/console/topics/woken-clock.js';
import { virtualClock } from '../virtual-clock.js';

test('a pause without an end is over where its signal has fired already, or fires in it, or the bell rings', async () => {
  const bell = createBell(virtualClock());
  await expect(bell.pause(undefined, AbortSignal.abort())).resolves.toBeUndefined();
  const stop = new AbortController();
  const paused = bell.pause(undefined, stop.signal);
  stop.abort();
  await expect(paused).resolves.toBeUndefined();
  const rung = bell.pause(undefined, new AbortController().signal);
  bell.ring();
  await expect(rung).resolves.toBeUndefined();
});
