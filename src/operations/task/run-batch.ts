import { sideBySide } from '../pace/concurrently.js';
import { eventsOf } from '../pace/merge-events.js';
import type { BatchItems, BatchJournal } from './batch-journal.js';
import { type BatchProgress, type BatchResult, createTally, resultOf } from './batch-result.js';
import { beginShare, type ShareSurroundings } from './begin-share.js';
import type { BatchPlan } from './plan-batch.js';
import { runShare, type ShareEvent, type ShareRun } from './run-share.js';

export interface BatchManner {
  /** Executions at a time. */
  atOnce: number;
  stopOnFailure: boolean;
  /** The ends are not waited for. */
  detach: boolean;
}

interface Surroundings extends ShareSurroundings {
  journal: BatchJournal;
  /** The items of batches. */
  items: BatchItems;
  tasksTable?: string;
}

export type BatchEvent =
  | ShareEvent
  | ({ type: 'progress' } & BatchProgress)
  /** All are started, and nobody waits for them. */
  | { type: 'detached'; executions: string[] }
  /** A signal came first; what was started goes on. */
  | { type: 'left'; executions: string[] }
  | { type: 'all'; result: BatchResult };

type Tell = (event: BatchEvent) => Promise<void>;

/**
 * Starts (or goes on with) a batch, follows it to the end and accounts for every item. The outcome counts as told once
 * whoever reads has taken `all`.
 */
export async function* runBatch(
  plan: BatchPlan,
  manner: BatchManner,
  around: Surroundings,
): AsyncGenerator<BatchEvent> {
  await note(plan, around);
  if (manner.detach) return yield* startBatch(plan, manner, around);
  const started: string[] = [];
  const result = yield* eventsOf<BatchEvent, BatchResult | undefined>((tell) =>
    followBatch(plan, manner, around, async (event) => {
      if (event.type === 'started') started.push(event.executionArn);
      await tell(event);
    }),
  );
  if (!result) return yield { type: 'left', executions: started };
  yield { type: 'all', result };
  await closeBatch(plan, result, around);
}

async function* startBatch(
  plan: BatchPlan,
  { atOnce }: BatchManner,
  around: Surroundings,
): AsyncGenerator<BatchEvent> {
  const { shares } = plan.entry;
  const begun: string[] = [];
  yield* eventsOf<BatchEvent, void>((tell) =>
    sideBySide(shares.keys(), atOnce, async (index) => {
      if (around.signal.aborted) return;
      const { executionArn, former } = await beginShare(plan, index, around);
      begun[index] = executionArn;
      await tell({ type: 'started', executionArn, former: former !== undefined });
    }),
  );
  const executions = begun.filter((executionArn) => executionArn !== undefined);
  yield { type: executions.length < shares.length ? 'left' : 'detached', executions };
}

/** Undefined when `signal` fired. */
async function followBatch(
  plan: BatchPlan,
  { atOnce, stopOnFailure }: BatchManner,
  around: Surroundings,
  tell: Tell,
): Promise<BatchResult | undefined> {
  const { clock, signal } = around;
  const began = clock.now();
  const { shares, start } = plan.entry;
  const tasksTable = start.via === 'table' ? start.table : around.tasksTable;
  const tally = createTally(shares);
  const runs: ShareRun[] = [];
  await sideBySide(shares.keys(), Math.min(atOnce, shares.length), async (index) => {
    if (signal.aborted) return;
    const told = async (event: ShareEvent): Promise<void> => {
      const progress = tally(index, event);
      if (event.type === 'started') await noteExecution(plan, index, event.executionArn, around);
      await Promise.all([tell(event), tell({ type: 'progress', ...progress })]);
    };
    const share = { ...around, tasksTable, stopOnFailure, tell: told };
    const run = await runShare(plan, index, share).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (run) runs[index] = run;
  });
  const ended = shares.flatMap((_, index) => runs[index] ?? []);
  return ended.length < shares.length ? undefined : resultOf(plan, ended, clock.now() - began);
}

/** The outcome was told: who starts the same batch again is told of it. */
async function closeBatch(
  { entry }: BatchPlan,
  { items, results, executions, secondsPerItem, outputBytes }: BatchResult,
  { journal, clock }: Surroundings,
): Promise<void> {
  const bad = results.flatMap(({ status, error, message }, index) =>
    status === 'SUCCEEDED' ? [] : [{ index, status, error, message }],
  );
  const arns = executions.map(({ executionArn }) => executionArn);
  const outcome = { items, bad, executions: arns, endedAt: clock.now(), secondsPerItem, outputBytes };
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
