import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tells the processes of a test run from all others, also those whose parent has ended: they inherit it. */
export const runMark = 'MBC_FLOW_TEST_RUN';

interface Running {
  pid: number;
  parent: number;
  command: string;
  mark: string | undefined;
}

/** vitest's workers end after the last file; esbuild serves a whole process and ends with it, and so does the browser. */
const expected = /\(vitest|node_modules\/vitest\/|esbuild.* --service|playwright_chromiumdev_profile/;

/** All of this machine's processes that we may look into; none where there is no /proc. */
function processes(): Running[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const read = (file: string) => readFileSync(`/proc/${name}/${file}`, 'utf8');
      const [state, parent] = read('stat')
        .replace(/^.*\) /, '')
        .split(' ');
      if (state === 'Z') return [];
      const command = read('cmdline').replaceAll('\0', ' ').trim();
      const mark = read('environ')
        .split('\0')
        .find((one) => one.startsWith(`${runMark}=`));
      return [{ pid: Number(name), parent: Number(parent), command, mark: mark?.slice(runMark.length + 1) }];
    } catch {
      return []; // it ended meanwhile, or is somebody else's
    }
  });
}

/** What descends from this process or has its mark (or begins with it), but for itself. */
function left(mark: string): Running[] {
  const all = processes();
  const found = new Set([process.pid]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const one of all) if (found.has(one.parent) || one.mark?.startsWith(mark)) found.add(one.pid);
  }
  return all.filter(({ pid, command }) => found.has(pid) && pid !== process.pid && !expected.test(command));
}

/** What was started under a mark and still runs, a moment being left to what is ending. */
export async function leftProcesses(mark: string): Promise<{ pid: number; command: string }[]> {
  for (let tries = 0; left(mark).length > 0 && tries < 20; tries++) await sleep(100);
  return left(mark).map(({ pid, command }) => ({ pid, command }));
}
