import {
  countItems,
  type ItemCounts,
  type ItemResult,
  runsFurther,
} from '../../framework/task/item-results.js';
import { jsonText } from '../../json/lossless.js';
import type { BatchShare } from './batch-journal.js';
import type { BatchPlan } from './plan-batch.js';
import type { RanExecution, ShareEvent, ShareRun } from './run-share.js';

export interface BatchResult {
  batch: string;
  executions: RanExecution[];
  items: ItemCounts;
  /** Of each item, in the order of the input; `index` is its place there (of a rerun: in the former batch). */
  results: (ItemResult & { index: number; line?: number })[];
  durationSeconds: number;
  secondsPerItem?: number;
  outputBytes?: number;
}

/** Of items, and of executions that run or are to come. */
export interface BatchProgress {
  done: number;
  failed: number;
  running: number;
  waiting: number;
}

/** Sums up what the shares do. */
export function createTally(shares: BatchShare[]): (index: number, event: ShareEvent) => BatchProgress {
  const ended = shares.map(() => ({ done: 0, failed: 0 }));
  const running = shares.map(() => ({ done: 0, failed: 0 }));
  const states = shares.map(() => 'waiting');
  return (index, event) => {
    const before = ended[index] ?? { done: 0, failed: 0 };
    states[index] = event.type === 'ended' ? 'waiting' : 'running';
    if (event.type === 'running')
      running[index] = { done: event.succeeded + event.failed, failed: event.failed };
    if (event.type === 'ended') {
      const settled = event.results.filter((result) => !runsFurther(result, event.status));
      const { total, failed } = countItems(settled);
      ended[index] = { done: before.done + total, failed: before.failed + failed };
      running[index] = { done: 0, failed: 0 };
      if (total === event.results.length) states[index] = 'ended';
    }
    const sum = (of: 'done' | 'failed'): number =>
      [...ended, ...running].reduce((total, counts) => total + counts[of], 0);
    const count = (state: string): number => states.filter((one) => one === state).length;
    return { done: sum('done'), failed: sum('failed'), running: count('running'), waiting: count('waiting') };
  };
}

/** What became of a batch, of all whose shares have run. */
export function resultOf({ entry, items }: BatchPlan, runs: ShareRun[], milliseconds: number): BatchResult {
  const results = runs
    .flatMap((run) => run.results)
    .map((result, place) => {
      const line = items[place]?.line;
      return { index: entry.indexes?.[place] ?? place, ...(line !== undefined && { line }), ...result };
    });
  const took = runs.reduce(
    (sum, { took }) => ({
      milliseconds: sum.milliseconds + took.milliseconds,
      items: sum.items + took.items,
    }),
    { milliseconds: 0, items: 0 },
  );
  const outputs = results.flatMap(({ output }) =>
    output === undefined ? [] : [new TextEncoder().encode(jsonText(output)).length],
  );
  return {
    batch: entry.batch,
    executions: runs.flatMap(({ executions }) => executions),
    items: countItems(results),
    results,
    durationSeconds: milliseconds / 1000,
    ...(took.items > 0 && { secondsPerItem: took.milliseconds / took.items / 1000 }),
    ...(outputs.length > 0 && { outputBytes: outputs.reduce((a, b) => Math.max(a, b)) }),
  };
}
