import { type FSWatcher, statSync, unwatchFile, watch, watchFile } from 'node:fs';
import { dirname } from 'node:path';

export interface WatchedFiles {
  /** These from now on, and no others; they need not be there. */
  set(files: string[]): void;
  stop(): void;
}

/** Some file systems (a container's, a network's) tell nothing: what they hold is looked at so often. */
const lookEvery = 500;
/** A save is often several writes. */
const settleMs = 30;

const stampOf = (file: string): string => {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
};

/** Tells when one of some files was written, came to be, or went. */
export function watchFiles(changed: () => void): WatchedFiles {
  const stamps = new Map<string, string>();
  const folders = new Map<string, FSWatcher>();
  let settling: NodeJS.Timeout | undefined;
  const look = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      const now = [...stamps.keys()].map((file) => [file, stampOf(file)] as const);
      const differ = now.some(([file, stamp]) => stamps.get(file) !== stamp);
      for (const [file, stamp] of now) stamps.set(file, stamp);
      if (differ) changed();
    }, settleMs).unref();
  };
  const set = (files: string[]): void => {
    for (const file of [...stamps.keys()].filter((name) => !files.includes(name))) {
      unwatchFile(file, look);
      stamps.delete(file);
    }
    for (const file of files.filter((name) => !stamps.has(name))) {
      stamps.set(file, stampOf(file));
      watchFile(file, { interval: lookEvery, persistent: false }, look);
    }
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of [...folders].filter(([name]) => !wanted.has(name))) {
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of [...wanted].filter((name) => !folders.has(name))) {
      try {
        const watcher = watch(folder, { persistent: false }, look);
        // The folder went, or the system has no more watches: what is looked at tells.
        watcher.on('error', () => watcher.close());
        folders.set(folder, watcher);
      } catch {
        // The same.
      }
    }
  };
  return {
    set,
    stop() {
      clearTimeout(settling);
      set([]);
    },
  };
}
