import { randomUUID } from 'node:crypto';
import { followingOf } from '../../cli/import/following.js';
import { surroundings } from '../../cli/import/run.js';
import { waitForEnd } from '../../cli/shell/leaving.js';
import { FlowError } from '../../errors.js';
import type { ImportEvent, ImportResult } from '../../operations/import/import-file.js';
import { importFiles } from '../../operations/import/import-files.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import { isGood, rowReasons } from '../../views/import/import.js';
import { mapRunProgress } from '../../views/states/map-progress.js';
import { failureText } from '../../workflow/failure/cause.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { ImportRunRow } from '../api.js';
import type { Console } from '../console.js';

/** An import that a page started; it goes on when the page is closed. */
export interface ImportRun {
  row: ImportRunRow;
  plan: ImportPlan;
  result?: ImportResult;
}

export interface ImportRuns {
  start(plan: ImportPlan, console: Console): ImportRunRow;
  of(id: string): ImportRun | undefined;
  /** Newest first. */
  all(): ImportRun[];
  onChange(listener: (run: ImportRun) => void): () => void;
}

const KEPT = 50;
/** Reasons that are shown in the row. */
const GROUPS = 20;

export function createImportRuns(): ImportRuns {
  const runs = new Map<string, ImportRun>();
  const listeners = new Set<(run: ImportRun) => void>();
  const change = (run: ImportRun, news: Partial<ImportRunRow>): void => {
    run.row = { ...run.row, ...news };
    for (const listener of listeners) listener(run);
  };

  const follow = async (run: ImportRun, console: Console): Promise<void> => {
    const { context } = console;
    const target = await console.target();
    const events = importFiles(
      [run.plan],
      { atOnce: 1, detach: false, following: await followingOf(target, undefined) },
      {
        ...surroundings({ ...context, signal: console.signal }, target),
        waitForEnd: (arn) => waitForEnd(target, [executionParts(arn).name ?? arn]),
      },
    );
    for await (const event of events) {
      if (event.type === 'step') {
        change(run, newsOf(event.step, context.clock.now()));
        if (event.step.type === 'started') {
          await target.rememberExecution(event.step.executionArn);
          console.desk.touch(event.step.executionArn);
        }
      } else if (event.type === 'outcome' && event.outcome.type === 'imported') {
        run.result = event.outcome.result;
        change(run, endOf(event.outcome.result));
      }
    }
  };

  return {
    start(plan, console) {
      const { clock } = console.context;
      const { source, report } = plan.file;
      const row: ImportRunRow = {
        id: randomUUID(),
        file: source.name,
        table: plan.input.tableName ?? null,
        startedAt: clock.now(),
        phase: 'uploading',
        rows: report.rows,
        columns: report.columns,
      };
      const run: ImportRun = { row, plan };
      runs.set(row.id, run);
      for (const id of [...runs.keys()].slice(0, Math.max(0, runs.size - KEPT))) runs.delete(id);
      follow(run, console).catch((error: unknown) => {
        if (console.signal.aborted) return;
        const { message, hint } =
          error instanceof FlowError ? error : { message: String(error), hint: undefined };
        change(run, { phase: 'broken', error: { message, hint } });
      });
      return row;
    },
    of: (id) => runs.get(id),
    all: () => [...runs.values()].reverse(),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function newsOf(step: ImportEvent, now: number): Partial<ImportRunRow> {
  switch (step.type) {
    case 'uploading':
      return { phase: 'uploading', bytes: { done: step.bytes, total: step.total } };
    case 'waiting':
      return { phase: 'starting', jobId: step.jobId };
    case 'starting':
      return { phase: 'starting' };
    case 'started':
      return { phase: 'running', executionArn: step.executionArn };
    case 'running': {
      const { succeeded, failed, rate } = mapRunProgress(step.mapRun, now);
      const { mapRunArn } = step.mapRun;
      return { phase: 'running', mapRunArn, progress: { succeeded, failed, rate: rate ?? null } };
    }
    case 'storing':
      return { phase: 'storing', stored: { done: step.fates.stored, of: step.rows } };
    case 'accounting':
      return { phase: 'accounting' };
    default:
      return {};
  }
}

function endOf(result: ImportResult): Partial<ImportRunRow> {
  const { executionArn, status, rows, failures, failure, durationSeconds, job, until } = result;
  return {
    phase: 'ended',
    executionArn,
    end: {
      good: isGood(result),
      status: job?.status === 'FAILED' && status === 'SUCCEEDED' ? 'FAILED' : status,
      rows,
      until,
      durationSeconds,
      ...(failure && { why: failureText(failure.error, failure.cause) }),
      ...(job?.id !== undefined && { jobId: job.id }),
      groups: rowReasons(failures)
        .slice(0, GROUPS)
        .map(({ reason, kind, count, examples }) => ({ reason, kind, count, lines: examples.map(lineOf) })),
    },
  };
}

const lineOf = (failure: ImportResult['failures'][number]): number | null =>
  'line' in failure ? failure.line : (failure.firstLine ?? null);
