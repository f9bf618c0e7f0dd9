import { setMaxListeners } from 'node:events';
import { homedir, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './ports/clock.js';

/** Everything outside of the program: tests bring their own, `machineWorld` is the real one. */
export interface World {
  args: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  home: string;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  clock: Clock;
  /** Calls back on SIGINT and SIGTERM; returns a function that stops listening. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

export function machineWorld(): World {
  return {
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    // With HOME='' it would be the working directory.
    home: homedir() || userInfo().homedir,
    // Opened by those that read it only.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    clock: {
      now: () => Date.now(),
      async sleep(milliseconds, signal) {
        // As many sleep on one signal as executions are watched: node would warn of the eleventh.
        if (signal) setMaxListeners(0, signal);
        await sleep(milliseconds, undefined, { signal });
      },
    },
    onSignal(listener) {
      const interrupted = (): void => listener('SIGINT');
      const terminated = (): void => listener('SIGTERM');
      process.on('SIGINT', interrupted);
      process.on('SIGTERM', terminated);
      return () => {
        process.off('SIGINT', interrupted);
        process.off('SIGTERM', terminated);
      };
    },
  };
}
