import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppEnvironment } from '../../config/app-environment.js';
import type { TargetSettings } from '../../config/resolve-target.js';
import type { CommandRun } from '../command-run.js';
import type { Carried, LocalConnection } from './connection.js';

/** What a command wants of the local server, where it works on that. */
export interface ServerWishes {
  /** The server has to run things. */
  changes: boolean;
  /** Data that are not there yet go to a folder that is removed again. Default: in a dry run. */
  scratch?: boolean;
  /** False: none is started, FlowError 6 where none runs. */
  carry?: boolean;
  /** False: another process's server is not carried on when it goes. */
  takeOver?: boolean;
}

interface Behind {
  /** Those of the place that was found. */
  settings: TargetSettings;
  dataDir: string;
  /** Undefined where another server, or AWS, is the target. */
  local?: LocalConnection;
}

/** The local server behind a command's targets: one that runs, or one that this process carries. */
export function createOwnServer({ world, flags, config, err, waits, onClose, ...run }: CommandRun) {
  const { clock, env, cwd } = world;
  let local: LocalConnection | undefined;
  return {
    async behind(settings: TargetSettings, app: AppEnvironment, wishes: ServerWishes): Promise<Behind> {
      const dataDir = run.dataDir();
      if (settings.kind !== 'local') return { settings, dataDir };
      const { carriedSettings, connectLocal, findLocalPlace, localOptions } = await import('./laptop.js');
      const place = await findLocalPlace(settings, flags.dataDir === undefined ? undefined : dataDir);
      if (place.other !== undefined) {
        err.notice(`Step Functions is what answers at ${place.other} (SFN_ENDPOINT).`);
        return { settings: place.settings, dataDir };
      }
      const used = place.dataDir ?? dataDir;
      // A dry run resumes no saved executions and creates no data directory.
      const { scratch = flags.dryRun } = wishes;
      const { path, remove } = scratch ? scratchUnlessThere(used) : { path: used };
      if (remove) onClose(remove);
      const execute = wishes.changes && !flags.dryRun;
      const log = err.verbose;
      const carriedWith = async (): Promise<Carried> => {
        if (!execute) return { ...localOptions(config(), app), port: 0, execute, log };
        const { flags: given, ...carried } = await carriedSettings(path, cwd, env);
        const told = `No mbc-flow dev is running; this command runs the local server as it was last started: dev ${given}`;
        return { ...carried, log, onCarried: given === '' ? undefined : () => err.notice(told) };
      };
      local = connectLocal(path, carriedWith, clock, waits, {
        running: place.endpoint,
        carry: wishes.carry,
        takeOver: wishes.takeOver,
        changes: execute,
      });
      return { settings: place.settings, dataDir: used, local };
    },
    close: async (): Promise<void> => await local?.close(),
  };
}

function scratchUnlessThere(path: string): { path: string; remove?: () => void } {
  if (existsSync(path)) return { path };
  const scratch = mkdtempSync(join(tmpdir(), 'mbc-flow-dry-run-'));
  return { path: scratch, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}
