import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { runMark } from '../leftovers.js';
import { watchForWarnings } from '../node-warnings.js';
import { afterEachFile } from '../tidying.js';
import { watchFilesForTokens, watchForTokens } from '../token-leaks.js';

/** The real binary, driven as a user would: a process of its own, a home of its own, nothing from this machine. */
export const binary = join(import.meta.dirname, '../../bin/mbc-flow.js');

/** A home of its own has nothing compiled yet: all of them share what was (test/e2e/compiled.test.ts is about that). */
export const compileCache = join(import.meta.dirname, '../../node_modules/.cache/mbc-flow');

export interface CliOptions {
  /** Default: a fresh temporary directory. Runs with the same `cwd` share a home directory. */
  cwd?: string;
  /** Added to the isolated environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  stdin?: string | Uint8Array;
  /** Another launcher than the repository's own: `[command, ...leading arguments]`. */
  command?: string[];
}

export interface CliResult {
  /** As a shell has it: 128 + number for a signal. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

const rooms = new Map<string, string>();
const children = new Set<{ kill(signal: 'SIGKILL'): unknown }>();

afterEachFile(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  for (const [room, home] of rooms) {
    watchFilesForTokens(home);
    rmSync(home, { recursive: true, force: true });
    rmSync(room, { recursive: true, force: true });
  }
  rooms.clear();
});

/** A fresh directory, gone when the test file ends. Its path has no symbolic link in it. */
export function workDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mbc-flow-e2e-'));
  homeOf(directory);
  return directory;
}

/** The home directory of what runs there. */
export function homeOf(cwd: string): string {
  let home = rooms.get(cwd);
  if (home === undefined) {
    home = mkdtempSync(join(tmpdir(), 'mbc-flow-home-'));
    rooms.set(cwd, home);
  }
  return home;
}

/** PATH and a home; no AWS_*, no proxy, no colour, no metadata service. */
export function isolatedEnvironment(
  home: string,
  env: Record<string, string | undefined> = {},
): Record<string, string> {
  const all = {
    PATH: process.env.PATH,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_DATA_HOME: join(home, '.local/share'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    TERM: 'xterm-256color',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_COMPILE_CACHE: compileCache,
    [runMark]: process.env[runMark],
    ...env,
  };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended and its output is complete. */
  readonly done: Promise<CliResult>;
  /** Resolves with the first match in stdout, else in stderr; rejects when it ends without one. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts the binary and leaves it running; killed at the end of the test file at the latest. */
export function startCli(args: string[], options: CliOptions = {}): RunningCli {
  const cwd = options.cwd ?? workDirectory();
  mkdirSync(cwd, { recursive: true });
  const [command = process.execPath, ...leading] = options.command ?? [process.execPath, binary];
  const child = spawn(command, [...leading, ...args], {
    cwd,
    env: isolatedEnvironment(homeOf(cwd), options.env),
    stdio: 'pipe',
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    notify();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    notify();
  });
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(options.stdin ?? '');
  let ended = false;
  const done = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ended = true;
      children.delete(child);
      watchForTokens(args, stdout + stderr);
      watchForWarnings(args, stderr);
      notify();
      resolve({ exitCode: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0), stdout, stderr });
    });
  });
  return {
    child,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    done,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = stdout.match(pattern) ?? stderr.match(pattern);
          if (!match && !ended) return;
          watchers.delete(look);
          if (match) resolve(match);
          else
            reject(new Error(`mbc-flow ${args.join(' ')} ended without ${pattern}:\n${stdout}\n${stderr}`));
        };
        watchers.add(look);
        look();
      }),
  };
}

const signalNumbers: Record<string, number> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs the binary to its end. */
export function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).done;
}

export interface TerminalOptions extends Omit<CliOptions, 'stdin'> {
  columns?: number;
  rows?: number;
}

export interface TerminalCli {
  readonly pid: number;
  /** Everything on the screen's wire so far, control sequences included. */
  readonly output: string;
  readonly done: Promise<{ exitCode: number; output: string }>;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Runs the binary in a pseudo-terminal: stdin, stdout and stderr are TTYs. */
export function startInTerminal(args: string[], options: TerminalOptions = {}): TerminalCli {
  const cwd = options.cwd ?? workDirectory();
  const [command = process.execPath, ...leading] = options.command ?? [process.execPath, binary];
  const terminal = spawnTerminal(command, [...leading, ...args], {
    cwd,
    cols: options.columns ?? 100,
    rows: options.rows ?? 40,
    env: isolatedEnvironment(homeOf(cwd), options.env),
  });
  children.add(terminal);
  let output = '';
  let ended = false;
  const watchers = new Set<() => void>();
  const notify = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  terminal.onData((text) => {
    output += text;
    notify();
  });
  const done = new Promise<{ exitCode: number; output: string }>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      ended = true;
      children.delete(terminal);
      watchForTokens(args, output);
      notify();
      resolve({ exitCode: signal ? 128 + signal : exitCode, output });
    });
  });
  return {
    pid: terminal.pid,
    get output() {
      return output;
    },
    done,
    type: (text) => terminal.write(text),
    resize: (columns, rows) => terminal.resize(columns, rows),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        // What is on the screen then says more than that the test took too long.
        const late = setTimeout(() => fail('has waited a minute for'), 60_000);
        const fail = (how: string): void => {
          watchers.delete(look);
          reject(new Error(`mbc-flow ${args.join(' ')} ${how} ${pattern}:\n${output.slice(-8_000)}`));
        };
        const look = (): void => {
          const match = output.match(pattern);
          if (!match && !ended) return;
          clearTimeout(late);
          watchers.delete(look);
          if (match) resolve(match);
          else fail('ended without');
        };
        watchers.add(look);
        look();
      }),
  };
}

export interface DevServer {
  endpoint: string;
  dataDir: string;
  pid: number;
  cwd: string;
  cli: RunningCli;
  /** Sends the signal (default SIGTERM) and resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<CliResult>;
}

/** `mbc-flow dev -o json` on a free port (or `port`), ready to answer. */
export async function startDev(
  options: CliOptions & { args?: string[]; port?: number; dataDir?: string } = {},
): Promise<DevServer> {
  const cwd = options.cwd ?? workDirectory();
  const args = ['dev', '--port', String(options.port ?? 0), '-o', 'json'];
  if (options.dataDir !== undefined) args.push('--data-dir', options.dataDir);
  const cli = startCli([...args, ...(options.args ?? [])], { ...options, cwd });
  const [line] = await cli.waitFor(/^\{.*"ready":true.*\}$/m);
  const { endpoint, dataDir, pid } = JSON.parse(line) as { endpoint: string; dataDir: string; pid: number };
  return {
    endpoint,
    dataDir,
    pid,
    cwd,
    cli,
    kill: (signal = 'SIGTERM') => {
      cli.child.kill(signal);
      return cli.done;
    },
  };
}
