import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Garbage that may pile up before it is collected. */
const mostGarbage = 8 << 20;

/**
 * Keeps memory flat as work grows. Left alone, V8 lets garbage pile up to several times what is alive before it
 * looks, and a map run makes much of it: the longer it ran, the larger the process. Call the result after a piece
 * of work; it collects once enough has gathered (a few milliseconds, as little is alive).
 */
export function boundHeap(): () => void {
  // The young generation stays as small as it is now, and where nobody calls us the old one grows by little.
  setFlagsFromString('--heap-growing-percent=10');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  const used = (): number => getHeapStatistics().used_heap_size;
  collect();
  let alive = used();
  return () => {
    if (used() - alive < mostGarbage) return;
    collect();
    alive = used();
  };
}
