// Global set-up: temporary files go to a folder of this run's own, and at its end nothing is left anywhere.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftProcesses } from './leftovers.js';

const root = join(import.meta.dirname, '..');

const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Whatever a test could change outside of its own folders: the working tree, and what commands keep at home. */
function outside(): string[] {
  const git = (): string[] => {
    try {
      const status = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
      return status.split('\n').map((line) => line.slice(3));
    } catch {
      return []; // a copy without its history
    }
  };
  const home = ['.cache', '.config', '.local/state', '.local/share'].flatMap((folder) => {
    const ours = join(homedir(), folder, 'mbc-flow');
    return existsSync(ours) ? [ours, ...list(ours).map((name) => join(ours, name))] : [];
  });
  return [...git(), ...home];
}

export default function setup(): () => Promise<void> {
  const before = new Set(outside());
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'mbc-flow-tests-'));
  process.env.TMPDIR = folder;
  return async () => {
    process.env.TMPDIR = TMPDIR;
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    const left = [
      ...(await leftProcesses(`${process.pid}.`)).map(({ pid, command }) => `process ${pid} ${command}`),
      ...outside().filter((path) => !before.has(path)),
    ];
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    if (left.length === 0) return;
    process.exitCode = 1;
    process.stderr.write(`FAILED: the tests left behind:\n  ${left.join('\n  ')}\n`);
  };
}
