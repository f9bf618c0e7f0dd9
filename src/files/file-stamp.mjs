// @ts-check
// Plain JavaScript, since the processes that functions run in use it too.
import { statSync } from 'node:fs';

/**
 * Changes when the file does; empty where there is none.
 * @param {string} path
 */
export function stampOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}
