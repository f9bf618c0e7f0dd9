import { resolve } from 'node:path';
import type { Context } from '../shell/context.js';

/** What changes of the files that tests are read from, and of the folders that they are found in. */
export function changesOf({ watchFiles, clock, signal, cwd, stdin, terminal }: Context) {
  const pending = new Set<string>();
  const known = new Map<string, 'file' | 'folder'>();
  let read = new Set<string>();
  let again = false;
  let wake = (): void => {};
  const watched = watchFiles((paths) => {
    for (const path of paths) pending.add(path);
    wake();
  });
  const enter = (): void => {
    again = true;
    wake();
  };
  const waitsForEnter = terminal.stdinIsTTY;
  if (waitsForEnter) stdin.on('data', enter);

  async function woken(): Promise<void> {
    const stopped = new AbortController();
    const change = new Promise<void>((resolve) => {
      wake = resolve;
    });
    // Watches keep no process.
    const forEver = clock.sleep(2 ** 31 - 1, AbortSignal.any([signal, stopped.signal])).catch(() => {});
    await Promise.race([change, forEver]);
    stopped.abort();
  }

  return {
    waitsForEnter,
    /** What is watched from now on is what is read from now on. */
    begin(): void {
      read = new Set();
    },
    /** To be called before it is read, so that no change is missed; or with its stamp when it was read. */
    watch(path: string, kind: 'file' | 'folder', stamp?: string): void {
      known.set(path, kind);
      read.add(path);
      watched.add([path], stamp);
    },
    forgetOthers(): void {
      watched.set([...read]);
    },
    /**
     * Resolves with the files that changed, came or went: none where somebody wants to run again, or it is interrupted.
     * What else happens in the folders is nothing.
     */
    async next(files: readonly string[], find: () => Promise<string[]>): Promise<string[]> {
      for (;;) {
        if (pending.size === 0 && !again && !signal.aborted) await woken();
        const changed = new Set([...pending].filter((path) => known.get(path) === 'file'));
        const inFolders = pending.size > changed.size;
        pending.clear();
        if (inFolders) {
          const now = await find();
          for (const file of now) if (!files.includes(file)) changed.add(resolve(cwd, file));
          for (const file of files) if (!now.includes(file)) changed.add(resolve(cwd, file));
        }
        if (changed.size === 0 && !again && !signal.aborted) continue;
        again = false;
        return [...changed];
      }
    },
    stop(): void {
      watched.stop();
      stdin.off('data', enter);
      stdin.pause();
    },
  };
}
