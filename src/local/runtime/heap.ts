import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Garbage that may pile up before it is collected. */
const mostGarbage = 14 << 20;
/** Of it outside of V8's heap, where V8 itself would let 64 MB pile up: bytes of files, and of what was packed. */
const mostOutside = 4 << 20;
/** As much as the young generation may take: a smaller one is collected too often, a larger one shows in the total. */
const youngBytes = 8 << 20;

const [major = ''] = process.versions.node.split('.');
/**
 * Has V8 optimize only what stays hot: of work that takes seconds it would spend a fifth on functions that pay for it in
 * minutes. Of the versions that gain by it; others have other names for it, and say so on stderr.
 */
const hotOnly: Record<string, [during: string, before: string]> = {
  20: ['--interrupt-budget=400000', '--interrupt-budget=67584'],
  22: ['--invocation-count-for-turbofan=9000', '--invocation-count-for-turbofan=3000'],
};
/** V8's flags during the work, and as they are without us. */
const flags: [during: string, before: string][] = [
  // Where nobody calls us the old generation grows by little, too.
  ['--heap-growing-percent=60', '--heap-growing-percent=0'],
  // What is free must be known right after a collection.
  ['--no-concurrent-array-buffer-sweeping', '--concurrent-array-buffer-sweeping'],
  ...(hotOnly[major] ? [hotOnly[major]] : []),
];
const [grownYoung, growingYoung] = ['--semi-space-growth-factor=1', '--semi-space-growth-factor=2'];

export interface Heap {
  /** After a piece of work: collects once enough has gathered (a few milliseconds, as little is alive). */
  worked(): void;
  /** After so many bytes in buffers that are garbage now. */
  passed(bytes: number): void;
  /** V8 is left as it was found: what it compiled is kept for the next run under its flags (`bin/pack.js`). */
  release(): void;
}

/**
 * Keeps memory flat as work grows. Left alone, V8 lets garbage pile up to several times what is alive before it
 * looks, and a map run makes much of it: the longer it ran, the larger the process.
 */
export function boundHeap(): Heap {
  // At the first piece of work: a server that has none starts without it.
  let collectWhenDue: (() => void) | undefined;
  let released = false;
  let bytesPassed = 0;
  const worked = (): void => {
    if (released) return;
    collectWhenDue ??= collector();
    collectWhenDue();
  };
  return {
    worked,
    passed(bytes) {
      bytesPassed += bytes;
      if (bytesPassed < mostOutside / 4) return;
      bytesPassed = 0;
      worked();
    },
    release() {
      released = true;
      if (!collectWhenDue) return;
      for (const [, before] of flags) setFlagsFromString(before);
      setFlagsFromString(growingYoung);
    },
  };
}

function collector(): () => void {
  for (const [during] of flags) setFlagsFromString(during);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  /** After the last collection of all, and (outside) of the young. */
  let alive = 0;
  let aliveOutside = 0;
  let outside = 0;
  const look = (): { used: number; external: number } => {
    const { used_heap_size, external_memory: external } = getHeapStatistics();
    return { used: used_heap_size + external, external };
  };
  const collectAll = (): void => {
    collect();
    ({ used: alive, external: aliveOutside } = look());
    outside = aliveOutside;
  };
  collectAll();
  let young = true;
  return () => {
    if (young && youngGeneration() >= youngBytes) {
      young = false;
      setFlagsFromString(grownYoung);
    }
    let { used, external } = look();
    if (external - outside >= mostOutside) {
      // Buffers die young.
      collect({ type: 'minor' });
      ({ used, external } = look());
      outside = external;
    }
    if (used - alive >= mostGarbage || external - aliveOutside >= 2 * mostOutside) collectAll();
  };
}

const youngGeneration = (): number =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
