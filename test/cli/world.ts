import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, onTestFinished } from 'vitest';
import type { World } from '../../src/world.js';
import { watchAdvice } from '../advice/line.js';
import { watchFilesForTokens, watchForTokens } from '../token-leaks.js';
import { calmAfter, fastClock } from './clock.js';

/** What ships: the built bundle, in this process. */
const bundle = join(import.meta.dirname, '../../dist/main.cjs');
export const { commandGroups, commands, main } = (await import(bundle)) as typeof import('../../src/main.js');

export interface WorldOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** 'open': nothing comes, and it does not end. */
  stdin?: string | 'open';
  tty?: boolean;
  /** Instead of real sleeping. */
  sleep?: World['clock']['sleep'];
  /** Time passes so many times as fast. */
  speed?: number;
  clock?: World['clock'];
  columns?: number;
  /** That of another bundle. */
  main?: typeof main;
}
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}
export interface Running {
  done: Promise<Ran>;
  signal(name: 'SIGINT' | 'SIGTERM'): void;
  /** Resolves with all of stdout and stderr once `pattern` is in one of them. */
  waitFor(pattern: RegExp): Promise<string>;
}

/** An empty directory, gone when the test ends. */
export function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'mbc-flow-cli-'));
  onTestFinished(() => {
    watchFilesForTokens(join(path, 'home'));
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  });
  return path;
}

/** The same for all tests of a file. */
export function startDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'mbc-flow-cli-'));
  afterAll(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}

/** Starts a command line in this process, in a world of its own: nothing of this machine but the file system. */
export function start(args: string[], options: WorldOptions = {}): Running {
  const { cwd = directory(), env = {}, stdin, tty = false, speed = 1, columns } = options;
  const clock = calmAfter(options.clock ?? fastClock(speed));
  const written = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const sink = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
          written[name] += String(chunk);
          for (const watcher of [...watchers]) watcher();
          done();
        },
      }),
      { isTTY: tty, columns },
    );
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const input = stdin === 'open' ? new PassThrough() : Readable.from(stdin === undefined ? [] : [stdin]);
  const world: World = {
    args,
    cwd,
    env,
    home: join(cwd, 'home'),
    stdin: Object.assign(input, {
      isTTY: tty,
      ...(tty && { setRawMode() {}, ref() {}, unref() {} }),
    }) as unknown as NodeJS.ReadStream,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    clock: { now: clock.now, sleep: options.sleep ?? clock.sleep },
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const done = (options.main ?? main)(world).then((code) => {
    watchForTokens(args, written.stdout + written.stderr);
    watchAdvice(args, `${written.stderr}\n${written.stdout}`);
    return { code, ...written };
  });
  return {
    done,
    signal: (name) => {
      clock.calm();
      for (const listener of listeners) listener(name);
    },
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const all = () => `${written.stdout}\n${written.stderr}`;
        const look = (): void => {
          if (!pattern.test(written.stdout) && !pattern.test(written.stderr)) return;
          watchers.delete(look);
          resolve(all());
        };
        watchers.add(look);
        done.then(() => reject(new Error(`ended without ${pattern}: ${all()}`)), reject);
        look();
      }),
  };
}

/** Runs a command line to its end. */
export const run = (args: string[], options: WorldOptions = {}): Promise<Ran> => start(args, options).done;

/** The one JSON line of an error. */
export const errorOf = ({
  stderr,
}: Ran): {
  code: string;
  exitCode: number;
  message: string;
  where?: string;
  hint?: string;
  near?: string[];
} => JSON.parse(stderr).error;
