import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where our own binary is, and where it leaves its files. */
export interface Place {
  root: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** A command of ours that was started. */
export interface Running {
  done: Promise<Ran>;
  /** Resolves with its stdout once that has `pattern`; rejects when it ends without. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Tells it to end, as SIGTERM does. */
  end(): void;
}

export type Start = (args: string[], place: Place) => Running;

/** Our own binary, as it was built; it ends when this process does. */
export const startBinary: Start = (args, { root, cwd, env }) => {
  mkdirSync(cwd, { recursive: true });
  const files = {
    XDG_CONFIG_HOME: 'config',
    XDG_CACHE_HOME: 'cache',
    XDG_STATE_HOME: 'state',
    XDG_DATA_HOME: 'data',
  };
  const own = Object.fromEntries(Object.entries(files).map(([name, folder]) => [name, join(cwd, folder)]));
  const watch = join(root, 'acceptance/child-watch.mjs');
  const child = spawn(process.execPath, ['--import', watch, join(root, 'bin/mbc-flow.js'), ...args], {
    cwd,
    env: { ...env, ...own, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  const done = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, ...written }));
  });
  return {
    done,
    end: () => void child.kill('SIGTERM'),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        child.stdout?.on('data', () => {
          if (pattern.test(written.stdout)) resolve(written.stdout);
        });
        done.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject);
      }),
  };
};

/** No command of the kit takes as long, unless what it follows never ends there. */
const PATIENCE_MS = 180_000;

/** Runs a command to its end. */
export async function run(start: Start, args: string[], place: Place, signal: AbortSignal): Promise<Ran> {
  signal.throwIfAborted();
  const { done, end } = start(args, place);
  signal.addEventListener('abort', end);
  const timer = setTimeout(end, PATIENCE_MS);
  const ran = await done.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  });
  // What was interrupted says nothing.
  signal.throwIfAborted();
  return ran;
}
