import { type ChildProcess, spawn } from 'node:child_process';
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

/** Our own binary, as it was built; it ends when this process does. */
export function startBinary(args: string[], { root, cwd, env }: Place): ChildProcess {
  mkdirSync(cwd, { recursive: true });
  const files = {
    XDG_CONFIG_HOME: 'config',
    XDG_CACHE_HOME: 'cache',
    XDG_STATE_HOME: 'state',
    XDG_DATA_HOME: 'data',
  };
  const own = Object.fromEntries(Object.entries(files).map(([name, folder]) => [name, join(cwd, folder)]));
  const watch = join(root, 'acceptance/child-watch.mjs');
  return spawn(process.execPath, ['--import', watch, join(root, 'bin/mbc-flow.js'), ...args], {
    cwd,
    env: { ...env, ...own, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** No command of the kit takes as long, unless what it follows never ends there. */
const PATIENCE_MS = 180_000;

export async function runBinary(args: string[], place: Place, signal: AbortSignal): Promise<Ran> {
  signal.throwIfAborted();
  const child = startBinary(args, place);
  const end = (): boolean => child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  const timer = setTimeout(end, PATIENCE_MS);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  // What was interrupted says nothing.
  signal.throwIfAborted();
  return { code, stdout: await stdout, stderr: await stderr };
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
