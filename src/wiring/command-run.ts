import { isAbsolute, join, resolve } from 'node:path';
import type { Context, Terminal } from '../cli/shell/context.js';
import { createErr } from '../cli/shell/messages.js';
import type { GlobalFlags } from '../cli/shell/parse-command-line.js';
import { createWaits, type ToldWaits } from '../cli/shell/slow-waits.js';
import { readTerminal } from '../cli/shell/terminal.js';
import { defaultDataDir, type FlowConfig, readConfig } from '../config/config.js';
import { flagsAsTyped } from '../config/target-flags.js';
import { folderFaultWords } from '../files/system-errors.js';
import { reaching } from '../workflow/names/hint-target-flags.js';
import { shellWord } from '../workflow/names/shell-word.js';
import type { World } from '../world.js';

/** What the parts of one command run share. */
export interface CommandRun {
  world: World;
  flags: GlobalFlags;
  /** Its name. */
  command: string;
  signal: AbortSignal;
  terminal: Terminal;
  err: Context['err'];
  /** The flags that reach the target again: as typed, until it is known. */
  reach: string;
  waits: ToldWaits;
  /** Something was shown to the user now. */
  shown(): void;
  /** mbc-flow.json, read once. */
  config(): FlowConfig;
  /** It is read again for who asks next. */
  forgetConfig(): void;
  /** That of the local server. */
  dataDir(): string;
  /** The user's folders, for all tools: what is kept, and what can be made again. */
  stateDir: string;
  cacheDir: string;
  /** Hears why something could not be kept: that fails no command (a home may be read-only, or full), and is told once. */
  notKept(what: string): (error: Error) => void;
  /** To be called when the command has ended, however it did. */
  onClose(task: () => void): void;
  close(): void;
}

export function createCommandRun(
  world: World,
  flags: GlobalFlags,
  command: string,
  signal: AbortSignal,
): CommandRun {
  const { clock, env, cwd, home } = world;
  const terminal = readTerminal(world, flags);
  let lastShown = clock.now();
  const shown = (): void => {
    lastShown = clock.now();
  };
  const { quiet, verbose, output: mode } = flags;
  const err = createErr({ quiet, verbose, mode }, world.stderr, terminal, clock.now, shown);
  const notice: typeof err.notice = (text) => err.notice(reaching(text, run.reach));
  let config: FlowConfig | undefined;
  const lost = new Set<string>();
  const closing: (() => void)[] = [];
  const run: CommandRun = {
    world,
    flags,
    command,
    signal,
    terminal,
    err: { ...err, notice },
    reach: flagsAsTyped(flags) + dataDirAsTyped(flags.dataDir),
    waits: createWaits({ clock, lastShown: () => lastShown, tell: notice }),
    shown,
    config() {
      config ??= readConfig(cwd);
      return config;
    },
    forgetConfig() {
      config = undefined;
    },
    dataDir() {
      const given = flags.dataDir ?? (env.MBC_FLOW_DATA_DIR || undefined);
      return given === undefined ? defaultDataDir(cwd) : resolve(cwd, given);
    },
    stateDir: baseFolder(env.XDG_STATE_HOME, join(home, '.local/state')),
    cacheDir: baseFolder(env.XDG_CACHE_HOME, join(home, '.cache')),
    notKept: (what) => (error) => {
      if (lost.has(what)) return;
      lost.add(what);
      err.notice(`${what} cannot be saved: ${folderFaultWords(error)}`);
    },
    onClose: (task) => void closing.push(task),
    close() {
      for (const task of closing) task();
    },
  };
  return run;
}

/** The flag again: '' or ' --data-dir DIR'. The variable stays set. */
export const dataDirAsTyped = (dataDir: string | undefined): string =>
  dataDir === undefined ? '' : ` --data-dir ${shellWord(dataDir)}`;

/** The XDG specification has relative paths ignored. */
const baseFolder = (given: string | undefined, otherwise: string): string =>
  given !== undefined && isAbsolute(given) ? given : otherwise;
