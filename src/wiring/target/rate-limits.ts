import { createLimiter, limiterOf } from '../../aws/limiter.js';
import type { TargetSettings } from '../../config/resolve-target.js';
import type { Clock } from '../../ports/clock.js';
import type { Limiter } from '../../ports/limiter.js';
import type { Wait, Waits } from '../../ports/waits.js';
import { lastHealth, localHealth } from '../local/health.js';

interface Pacing {
  clock: Clock;
  waits: Waits;
  signal: AbortSignal;
}

const ourTurn: Wait = {
  on: 'the AWS rate limit',
  missing: 'an account shares a small number of such calls per second; -v logs the calls',
};

/** The pace at which a target is asked: chosen at the first call. @param localEndpoint of the embedded server */
export function paceOf(
  { endpoints: { states } }: TargetSettings,
  loopback: boolean,
  localEndpoint: string | undefined,
  { clock, waits, signal }: Pacing,
): Limiter {
  // The limiter's waits end with the command: a Ctrl-C does not sit one out.
  const limiterClock = {
    now: clock.now,
    sleep: (milliseconds: number) => waits.during(ourTurn, () => clock.sleep(milliseconds, signal)),
  };
  // A server on this machine is not shared, unless it throttles calls as AWS does.
  const throttles = async (): Promise<boolean> => {
    if (localEndpoint !== undefined) return lastHealth(localEndpoint)?.throttle === true;
    return states !== undefined && (await localHealth(states))?.throttle === true;
  };
  return limiterOf(async () => createLimiter(limiterClock, loopback && !(await throttles())));
}
