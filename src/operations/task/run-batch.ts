import {
  countItems,
  type ItemCounts,
  type ItemResult,
  runsFurther,
} from '../../framework/task/item-results.js';
import { sideBySide } from '../pace/concurrently.js';
import type { BatchItems, BatchJournal } from './batch-journal.js';
import type { BatchPlan } from './plan-batch.js';
import {
  begin,
  type RanExecution,
  runShare,
  type ShareEvent,
  type ShareOrder,
  type ShareRun,
  type Surroundings as ShareSurroundings,
} from './run-share.js';

export interface BatchManner {
  /** Executions at a time. */
  atOnce: number;
  stopOnFailure: boolean;
}

export interface Surroundings extends ShareSurroundings {
  journal: BatchJournal;
  /** The items of batches. */
  items: BatchItems;
  tasksTable?: string;
  onEvent(event: BatchEvent): void;
}

export type BatchEvent =
  | ShareEvent
  | { type: 'progress'; done: number; failed: number; running: number; waiting: number };

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

/** Starts (or goes on with) a batch, follows it to the end and accounts for every item; undefined when `signal` fired. */
export async function runBatch(
  plan: BatchPlan,
  manner: BatchManner,
  around: Surroundings,
): Promise<BatchResult | undefined> {
  const { clock, signal, onEvent } = around;
  const began = clock.now();
  await note(plan, around);
  const tally = createTally(plan, onEvent);
  const runs: ShareRun[] = [];
  const { shares } = plan.entry;
  await sideBySide(shares.keys(), Math.min(manner.atOnce, shares.length), async (index) => {
    if (signal.aborted) return;
    const order = shareOrder(plan, index, around, manner.stopOnFailure);
    const told = async (event: ShareEvent): Promise<void> => {
      tally(index, event);
      if (event.type === 'started') await noteExecution(plan, index, event.executionArn, around);
    };
    const run = await runShare(order, around, told).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (run) runs[index] = run;
  });
  const ended = shares.flatMap((_, index) => runs[index] ?? []);
  return ended.length < shares.length ? undefined : resultOf(plan, ended, clock.now() - began);
}

/** Starts all of a batch's executions, without following them; their ARNs: fewer where `signal` fired before. */
export async function startBatch(
  plan: BatchPlan,
  manner: BatchManner,
  around: Surroundings,
): Promise<string[]> {
  await note(plan, around);
  const executions: string[] = [];
  await sideBySide(plan.entry.shares.keys(), manner.atOnce, async (index) => {
    if (around.signal.aborted) return;
    const { executionArn, former } = await begin(
      shareOrder(plan, index, around, manner.stopOnFailure),
      around,
    );
    executions[index] = executionArn;
    around.onEvent({ type: 'started', executionArn, former: former !== undefined });
  });
  return executions.filter((executionArn) => executionArn !== undefined);
}

/** The outcome was told: who starts the same batch again is told of it. */
export async function closeBatch(
  { entry }: BatchPlan,
  { items, results, executions, secondsPerItem, outputBytes }: BatchResult,
  { journal, now }: { journal: BatchJournal; now: number },
): Promise<void> {
  const bad = results.flatMap(({ status, error, message }, index) =>
    status === 'SUCCEEDED' ? [] : [{ index, status, error, message }],
  );
  const arns = executions.map(({ executionArn }) => executionArn);
  const outcome = { items, bad, executions: arns, endedAt: now, secondsPerItem, outputBytes };
  await journal.write(entry.batch, { ...entry, outcome });
  const former = entry.rerunOf === undefined ? undefined : await journal.read(entry.rerunOf);
  if (former?.outcome)
    await journal.write(former.batch, { ...former, outcome: { ...former.outcome, rerunBy: entry.batch } });
}

async function note(
  { entry, items, goesOn }: BatchPlan,
  { journal, items: kept }: Surroundings,
): Promise<void> {
  if (goesOn) return;
  await kept.write(
    entry.batch,
    items.map(({ text }) => text),
  );
  await journal.write(entry.batch, entry);
}

/** Which execution the framework made of a record can't be told from its name. */
async function noteExecution(
  { entry }: BatchPlan,
  index: number,
  executionArn: string,
  { journal }: Surroundings,
): Promise<void> {
  const share = entry.shares[index];
  if (share?.code === undefined || share.executionArn !== undefined) return;
  share.executionArn = executionArn;
  await journal.write(entry.batch, entry);
}

function shareOrder(
  { entry, machine, items }: BatchPlan,
  index: number,
  { tasksTable }: Surroundings,
  stopOnFailure: boolean,
): ShareOrder {
  const share = entry.shares[index] ?? { first: 0, count: 0, bytes: 0 };
  return {
    batch: entry.batch,
    index,
    title: entry.source,
    stateMachineArn: entry.stateMachineArn,
    mapState: machine.mapState,
    itemsMember: machine.itemsMember,
    start: entry.start,
    share,
    items: items.slice(share.first, share.first + share.count).map(({ text }) => text),
    tasksTable: entry.start.via === 'table' ? entry.start.table : tasksTable,
    stopOnFailure,
  };
}

/** Sums up what the shares do. */
function createTally(
  { entry: { shares } }: BatchPlan,
  onEvent: Surroundings['onEvent'],
): (index: number, event: ShareEvent) => void {
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
    onEvent(event);
    const sum = (of: 'done' | 'failed'): number =>
      [...ended, ...running].reduce((total, counts) => total + counts[of], 0);
    const count = (state: string): number => states.filter((one) => one === state).length;
    onEvent({
      type: 'progress',
      done: sum('done'),
      failed: sum('failed'),
      running: count('running'),
      waiting: count('waiting'),
    });
  };
}

function resultOf({ entry, items }: BatchPlan, runs: ShareRun[], milliseconds: number): BatchResult {
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
    output === undefined ? [] : [new TextEncoder().encode(JSON.stringify(output)).length],
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
