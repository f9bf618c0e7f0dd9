// Global set-up, before after-run.ts: where a run has its temporary files.
import { readFileSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const memory = '/dev/shm';
/** More than a whole run writes. */
const room = 4 * 2 ** 30;

/** Whether there is such a folder with room for a run, and a program may be loaded from it. */
function isFit(): boolean {
  try {
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, path]) => path === memory);
    const options = mount?.[3]?.split(',') ?? ['ro'];
    const { bavail, bsize } = statfsSync(memory);
    return (
      !options.includes('ro') && !options.includes('noexec') && Math.min(bavail * bsize, freemem()) > room
    );
  } catch {
    return false; // another system
  }
}

/** In memory: each commit of a local server waits for the disk. What a killed process wrote stays all the same. */
export default function setup(): (() => void) | undefined {
  const { TMPDIR } = process.env;
  if (TMPDIR !== undefined || !isFit()) return undefined;
  process.env.TMPDIR = memory;
  return () => {
    delete process.env.TMPDIR;
  };
}
