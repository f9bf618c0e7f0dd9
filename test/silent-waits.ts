import type { Waits } from '../src/ports/waits.js';

/** For tests in which nobody listens. */
export const silentWaits: Waits = { during: (_wait, work) => work() };
