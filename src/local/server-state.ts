import { join } from 'node:path';
import { createClock, machineTime, type VirtualClock } from './clock.js';
import { checkpointSchema } from './event-sources/index.js';
import { hostSchema } from './function-host.js';
import { mocksSchema } from './integrations/mocks.js';
import { logsSchema } from './logs/index.js';
import { IN_MEMORY, type LocalServerOptions } from './options.js';
import { latestTime, runtimeMigrations, runtimeSchema } from './runtime/execution-tables.js';
import { originSchema } from './runtime/machine-origins.js';
import { machineSchema } from './runtime/machine-tables.js';
import { s3Schema } from './s3/index.js';
import type { Store } from './store/port.js';
import { savedSetting, saveSetting } from './store/settings.js';
import { openStore } from './store/store.js';

export interface ServerState {
  store: Store;
  clock: VirtualClock;
  isClosed(): boolean;
  close(): void;
}

/**
 * The store of a data directory, and the clock that goes on from the newest time in it.
 * @param dataDir undefined: it is kept in memory
 * @throws StoreError (damaged or newer database)
 */
export function openState(
  dataDir: string | undefined,
  { timeScale, clock: given = {} }: Pick<LocalServerOptions, 'timeScale' | 'clock'>,
  log: (line: string) => void,
  onFailure: (error: unknown) => void,
): ServerState {
  let closed = false;
  const store = openStore(
    dataDir === undefined ? IN_MEMORY : join(dataDir, 'state.db'),
    [
      runtimeSchema,
      machineSchema,
      originSchema,
      hostSchema,
      s3Schema,
      mocksSchema,
      logsSchema,
      checkpointSchema,
    ],
    onFailure,
    runtimeMigrations,
    (waitedMs) =>
      log(
        waitedMs === undefined
          ? 'state.db is locked by another program; waiting'
          : `state.db is unlocked again after ${(waitedMs / 1000).toFixed(1)} s`,
      ),
  );
  const close = (): void => {
    closed = true;
    store.close();
  };
  try {
    const saved = Number(store.read((db) => savedSetting(db, 'clock_offset')) ?? 0);
    const { startAt, stands } = given;
    const clock = createClock({
      scale: timeScale,
      stands,
      // The wall clock may have been set back since: no event is earlier than those that are there.
      offset:
        startAt === undefined
          ? Math.max(saved, store.read(latestTime) - machineTime.now())
          : startAt - machineTime.now(),
      // What relies on the new time is written after it, in the same commit at the earliest.
      onOffset(offset) {
        if (!closed) store.write((db) => saveSetting(db, 'clock_offset', String(offset))).catch(onFailure);
      },
    });
    return { store, clock, isClosed: () => closed, close };
  } catch (error) {
    close();
    throw error;
  }
}
