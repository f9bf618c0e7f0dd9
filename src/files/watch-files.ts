import { type FSWatcher, statSync, unwatchFile, watch, watchFile } from 'node:fs';
import { dirname } from 'node:path';
import { stampOf } from './file-stamp.mjs';

export interface WatchedFiles {
  /** These from now on, and no others; they need not be there. Of a folder, what comes to be in it and what goes. */
  set(paths: string[]): void;
  /** These, too. `stamp`: what it was when it was read, if that was before. */
  add(paths: string[], stamp?: string): void;
  stop(): void;
}

/** Some file systems (a container's, a network's) tell nothing: what they hold is looked at so often. */
const lookEvery = { file: 500, folder: 2000 };
/** A save is often several writes. */
const settleMs = 30;

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Tells which of some files were written, came to be, or went. */
export function watchFiles(changed: (paths: string[]) => void): WatchedFiles {
  const watched = new Map<string, { stamp: string; folder: string }>();
  const listeners = new Map<string, { inode: number | undefined; watcher?: FSWatcher }>();
  let settling: NodeJS.Timeout | undefined;
  const look = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      const differ: string[] = [];
      for (const [path, known] of watched) {
        const stamp = stampOf(path);
        if (stamp === known.stamp) continue;
        known.stamp = stamp;
        differ.push(path);
      }
      if (differ.length > 0) changed(differ);
    }, settleMs).unref();
  };
  const listen = (folder: string): void => {
    const inode = statOf(folder)?.ino;
    const before = listeners.get(folder);
    // What went and came back is another folder.
    if (before && before.inode === inode) return;
    before?.watcher?.close();
    listeners.set(folder, { inode });
    try {
      const watcher = watch(folder, { persistent: false }, look);
      // The folder went, or the system has no more watches: what is looked at tells.
      watcher.on('error', () => watcher.close());
      listeners.set(folder, { inode, watcher });
    } catch {
      // The same.
    }
  };
  const add = (paths: string[], stamp?: string): void => {
    for (const path of paths) {
      const isFolder = statOf(path)?.isDirectory() === true;
      const folder = isFolder ? path : dirname(path);
      if (!watched.has(path)) {
        watched.set(path, { stamp: stamp ?? stampOf(path), folder });
        watchFile(path, { interval: lookEvery[isFolder ? 'folder' : 'file'], persistent: false }, look);
      }
      listen(folder);
    }
    if (stamp !== undefined) look();
  };
  const set = (paths: string[]): void => {
    const wanted = new Set(paths);
    for (const path of [...watched.keys()]) {
      if (wanted.has(path)) continue;
      unwatchFile(path, look);
      watched.delete(path);
    }
    add(paths);
    const needed = new Set([...watched.values()].map(({ folder }) => folder));
    for (const [folder, { watcher }] of [...listeners]) {
      if (needed.has(folder)) continue;
      watcher?.close();
      listeners.delete(folder);
    }
  };
  return {
    set,
    add,
    stop() {
      clearTimeout(settling);
      set([]);
    },
  };
}
