import type { Clock } from './clock.js';
import { expireLogs } from './logs/index.js';
import type { ObjectStore } from './ports.js';
import { expireExecutions } from './runtime/expire-executions.js';
import type { Store } from './store/port.js';

export interface RetentionOptions {
  store: Store;
  objects: ObjectStore;
  clock: Clock;
  /** Undefined: all is kept, but what a log group's own policy ends. */
  days: number | undefined;
  onFailure: (error: unknown) => void;
}

const day = 86_400_000;
const mostBetween = 60_000;
const leastBetween = 250;

/** Removes what has expired, again and again; returns what ends it. */
export function keepRetention({
  store,
  objects,
  clock,
  days,
  onFailure,
}: RetentionOptions): () => Promise<void> {
  const kept = days === undefined ? undefined : days * day;
  const pause = Math.min(Math.max((kept ?? mostBetween) / 10, leastBetween), mostBetween);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const sweep = async (): Promise<void> => {
    const now = clock.now();
    if (kept !== undefined) await expireExecutions(store, objects, now - kept);
    if (!stopped) await expireLogs(store, now, kept === undefined ? 0 : now - kept);
  };
  const next = (): void => {
    timer = setTimeout(() => {
      working = sweep()
        .catch(onFailure)
        .then(() => {
          if (!stopped) next();
        });
    }, pause);
    timer.unref();
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}
