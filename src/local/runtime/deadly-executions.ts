import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** So many ends of the process within one execution are no accident (a kill -9 may hit any). */
const DEADLY = 3;
const WIDTH = 32;

/**
 * Which execution is being moved, on a file of its own that outlives the process: one that takes the process with it
 * again and again is known at the next start, and set aside. Written without a sync, since it has to survive the end of
 * the process, not of the machine.
 */
export interface UnderWay {
  enter(executionId: number): void;
  leave(): void;
  deadly(executionId: number): boolean;
  close(): void;
}

export function createUnderWay(file: string): UnderWay {
  const last = lastDeath(file);
  const descriptor = openSync(file, 'w', 0o600);
  const write = (executionId: number): void => {
    const deaths = executionId === last.executionId ? last.deaths : 0;
    writeSync(descriptor, `${executionId} ${deaths}`.padEnd(WIDTH), 0);
  };
  // Until it is moved again, its deaths are still known.
  write(last.executionId);
  return {
    enter: write,
    leave: () => write(0),
    deadly: (executionId) => executionId === last.executionId && last.deaths >= DEADLY,
    close() {
      write(0);
      closeSync(descriptor);
    },
  };
}

/** Of a server that nothing outlives. */
export const nothingUnderWay: UnderWay = {
  enter() {},
  leave() {},
  deadly: () => false,
  close() {},
};

/** The execution within which the process ended, and how often in a row. */
function lastDeath(file: string): { executionId: number; deaths: number } {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The first start.
  }
  const [executionId = 0, deaths = 0] = text.trim().split(' ').map(Number);
  return executionId > 0 ? { executionId, deaths: deaths + 1 } : { executionId: 0, deaths: 0 };
}
