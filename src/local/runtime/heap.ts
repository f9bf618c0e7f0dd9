import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Garbage that may pile up before it is collected. */
const mostGarbage = 14 << 20;
/** As much as the young generation may take: a smaller one is collected too often, a larger one shows in the total. */
const youngBytes = 8 << 20;

/**
 * Keeps memory flat as work grows. Left alone, V8 lets garbage pile up to several times what is alive before it
 * looks, and a map run makes much of it: the longer it ran, the larger the process. Call the result after a piece
 * of work; it collects once enough has gathered (a few milliseconds, as little is alive).
 */
export function boundHeap(): () => void {
  // At the first piece of work: a server that runs no map starts without it.
  let collectWhenDue: (() => void) | undefined;
  return () => {
    collectWhenDue ??= collector();
    collectWhenDue();
  };
}

function collector(): () => void {
  // Where nobody calls us the old generation grows by little, too.
  setFlagsFromString('--heap-growing-percent=60');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  const used = (): number => {
    // Bytes of files and of what was packed lie outside of V8's heap.
    const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
    return heap + outside;
  };
  collect();
  let alive = used();
  let young = true;
  return () => {
    if (young && youngGeneration() >= youngBytes) {
      young = false;
      setFlagsFromString('--semi-space-growth-factor=1');
    }
    if (used() - alive < mostGarbage) return;
    collect();
    alive = used();
  };
}

const youngGeneration = (): number =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
