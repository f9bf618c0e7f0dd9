import { FlowError } from '../../errors.js';
import type { Wait } from '../../ports/waits.js';
import { sideBySide } from '../pace/concurrently.js';
import { eventsOf } from '../pace/merge-events.js';
import type { CheckedFile } from './check-file.js';
import {
  closeImport,
  followImport,
  type ImportEvent,
  type ImportSurroundings,
  uploadAndStart,
} from './import-file.js';
import type { FailedRowsFile, ImportResult } from './import-result.js';
import { type Phase, phaseAfter, resumable } from './interrupted-import.js';
import type { Import, ImportPlan } from './plan-import.js';
import type { Following } from './queued/rows-to-end.js';

export interface ImportManner {
  /** So many files at once. */
  atOnce: number;
  /** The ends are not waited for. */
  detach: boolean;
  /** How far the rows are followed. */
  following: Following;
  failedRowsFile?: FailedRowsFile;
}

/** What came of one of the files. */
export type Outcome =
  | { type: 'imported'; plan: ImportPlan; result: ImportResult }
  | { type: 'detached'; plan: ImportPlan; executionArn: string }
  | { type: 'failed'; file: CheckedFile; error: FlowError }
  /** A signal came: before there was an execution, or while it ran. */
  | { type: 'left'; plan: ImportPlan; phase: Phase }
  | { type: 'leftRunning'; plan: ImportPlan; executionArn: string }
  /** The same while rows that were queued were not stored yet. */
  | { type: 'leftStoring'; plan: ImportPlan; result: ImportResult };

export type FilesEvent =
  /** `began`: when its work did. */
  | { type: 'step'; plan: ImportPlan; began: number; step: ImportEvent }
  | { type: 'outcome'; outcome: Outcome }
  /** Of those that were begun, in the order of the files. */
  | { type: 'all'; outcomes: Outcome[] };

interface Surroundings extends ImportSurroundings {
  /** What is said while nothing happens to an execution. */
  waitForEnd(executionArn: string): Wait;
}

/**
 * Runs the imports, several at once where that is wanted. One of several that fails is an outcome, and the others go
 * on; one alone fails the whole. An outcome counts as told once whoever reads has taken `all`.
 */
export async function* importFiles(
  imports: Import[],
  manner: ImportManner,
  around: Surroundings,
): AsyncGenerator<FilesEvent> {
  const outcomes: Outcome[] = [];
  const several = imports.length > 1;
  yield* eventsOf<FilesEvent, void>((tell) =>
    sideBySide(imports.entries(), Math.min(manner.atOnce, imports.length), async ([index, one]) => {
      if (around.signal.aborted) return;
      const outcome = await importOne(one, manner, around, tell).catch((error: unknown): Outcome => {
        if (!several || !(error instanceof FlowError)) throw error;
        return { type: 'failed', file: one.file, error };
      });
      outcomes[index] = outcome;
      await tell({ type: 'outcome', outcome });
    }),
  );
  const begun = outcomes.filter((outcome) => outcome !== undefined);
  if (begun.length > 0) yield { type: 'all', outcomes: begun };
  for (const outcome of begun) await close(outcome, around);
}

async function importOne(
  one: Import,
  { detach, following, failedRowsFile }: ImportManner,
  surroundings: Surroundings,
  tell: (event: FilesEvent) => Promise<void>,
): Promise<Outcome> {
  if ('error' in one) throw one.error;
  const plan = one;
  const began = surroundings.clock.now();
  let phase: Phase = 'checked';
  const around = {
    ...surroundings,
    tell(step: ImportEvent): Promise<void> {
      phase = phaseAfter(step) ?? phase;
      return tell({ type: 'step', plan, began, step });
    },
  };
  let executionArn: string;
  try {
    executionArn = await uploadAndStart(plan, around);
  } catch (error) {
    if (around.signal.aborted) return { type: 'left', plan, phase };
    throw resumable(error, plan, phase);
  }
  if (detach) return { type: 'detached', plan, executionArn };
  const result = await around.waits.during(around.waitForEnd(executionArn), () =>
    followImport(plan, executionArn, following, around, failedRowsFile),
  );
  if (!result) return { type: 'leftRunning', plan, executionArn };
  const isLeft = around.signal.aborted && result.until === 'stored' && result.rows.queued > 0;
  return { type: isLeft ? 'leftStoring' : 'imported', plan, result };
}

async function close(outcome: Outcome, { journal }: Pick<Surroundings, 'journal'>): Promise<void> {
  if (outcome.type === 'imported') await closeImport(outcome.plan, outcome.result.executionArn, journal);
  else if (outcome.type === 'detached') await closeImport(outcome.plan, outcome.executionArn, journal);
}
