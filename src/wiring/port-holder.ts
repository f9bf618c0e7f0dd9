import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { localHealth } from './local/health.js';

/** Who listens on a port, in words: one of our own servers with its data, else a process, as far as it is known. */
export async function portHolder(host: string, port: number): Promise<string> {
  const pid = (process.platform === 'linux' ? await pidByProc(port) : await pidByLsof(port)) ?? undefined;
  const own = await ownServer(host, port);
  if (own) return `mbc-flow (process ${own.pid}, data in ${own.dataDir})`;
  if (pid === undefined) return 'another process';
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = command.split('\0').join(' ').trim();
  return `process ${pid}${words === '' ? '' : ` (${words.slice(0, 80)})`}`;
}

async function ownServer(host: string, port: number): Promise<{ pid: number; dataDir: string } | undefined> {
  const name = host.includes(':') ? `[${host}]` : host;
  const health = await localHealth(`http://${name}:${port}`, 1_000);
  return health?.pid && health.dataDir ? { pid: health.pid, dataDir: health.dataDir } : undefined;
}

/** Linux: the listening socket's inode, then the process that has it open. */
async function pidByProc(port: number): Promise<number | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inode = tables
    .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
    .find(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))?.[9];
  if (inode === undefined) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(open.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    if (links.includes(`socket:[${inode}]`)) return Number(pid);
  }
  return undefined;
}

async function pidByLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']);
    return Number(stdout.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
