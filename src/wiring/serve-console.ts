import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browse } from '../cli/execution/open-browser.js';
import type { ConsoleLink, ConsoleOptions, Context, ServedConsole } from '../cli/shell/context.js';
import type { Target } from '../cli/shell/target.js';
import { digestOf, newToken, startConsole } from '../console/index.js';
import { exitCodes, FlowError } from '../errors.js';
import { consoleFile } from '../files/kept/console-file.js';
import { packageFile } from '../files/package-file.js';
import { writePrivateFile } from '../files/whole-file.js';
import { listens } from './local/is-listening.js';
import { portHolder } from './port-holder.js';

interface Place {
  context: Context;
  stateDir: string;
  /** Tells targets and data directories apart. */
  place: string;
  /** Hears why it can't be kept: then no page comes back after a restart, and `open` finds none. */
  onLost?: (error: Error) => void;
}

/** A console of this process. */
export async function serveConsole(
  { context, stateDir, place, onLost = () => {} }: Place,
  { port, readOnly = false }: ConsoleOptions,
  connect: () => Promise<Target>,
): Promise<ServedConsole> {
  // Whoever may only look at one gets into no other.
  const file = consoleFile(stateDir, readOnly ? `${place} read-only` : place, context.clock.now);
  const keys = { read: file.read, note: (digest: string) => file.note(digest).catch(onLost) };
  const start = (at: number) =>
    startConsole({ context, connect, assets: packageFile('dist/console'), keys, port: at, readOnly });
  const last = port ?? (await file.address())?.port ?? 0;
  const running = await start(last).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    if (port === undefined) return await start(0);
    throw new FlowError(
      exitCodes.conflict,
      'PortInUse',
      `port ${port} is in use by ${await portHolder('127.0.0.1', port)}`,
      { where: `127.0.0.1:${port}`, hint: 'stop that process, or use another port (0 picks a free one)' },
    );
  });
  await file.register({ pid: process.pid, port: running.port }).catch(onLost);
  return { ...linked(running.address, running.token, context, stateDir), stop: running.stop };
}

/** Into a console that another process serves: a token of our own is noted where that one looks for it. */
export async function linkToConsole({ context, stateDir, place }: Place): Promise<ConsoleLink | undefined> {
  const file = consoleFile(stateDir, place, context.clock.now);
  const at = await file.address();
  if (!at || !isAlive(at.pid)) return undefined;
  const address = `http://127.0.0.1:${at.port}`;
  if (!(await listens(address))) return undefined;
  const token = newToken();
  await file.note(digestOf(token));
  return linked(address, token, context, stateDir);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function linked(address: string, token: string, context: Context, stateDir: string): ConsoleLink {
  const link = (path = '/'): string => `${address}${path}#token=${token}`;
  return {
    address,
    link,
    async open(path) {
      // Any user of the machine sees the arguments of a browser's process; this file, none but its owner.
      const file = join(stateDir, 'mbc-flow', `${DOORWAY}${process.pid}.html`);
      removeDoorways(dirname(file), context.clock.now());
      await writePrivateFile(file, doorway(link(path)));
      context.onClose(() => removeDoorways(dirname(file), context.clock.now()));
      await browse(context, pathToFileURL(file).href);
    },
  };
}

const DOORWAY = 'open-';
/** Milliseconds in which a browser has read it. */
const READ = 20_000;

function removeDoorways(folder: string, now: number): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.startsWith(DOORWAY) && now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now) > READ)
      rmSync(file, { force: true });
  }
}

const doorway = (url: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>mbc-flow</title>\n`;
