import { randomUUID } from 'node:crypto';
import { followingOf } from '../../cli/import/follow-until.js';
import { surroundings } from '../../cli/import/run-imports.js';
import type { Context } from '../../cli/shell/context.js';
import { waitForEnd } from '../../cli/shell/interruption.js';
import type { Target } from '../../cli/shell/target.js';
import type { ReaderDialect } from '../../csv/transcode.js';
import { FlowError } from '../../errors.js';
import type { CheckedFile } from '../../operations/import/check-file.js';
import { importFiles } from '../../operations/import/import-files.js';
import type { ImportResult } from '../../operations/import/import-result.js';
import type { ImportPlan } from '../../operations/import/plan-import.js';
import type { ZipPlan } from '../../operations/import/zip/plan-zip.js';
import { importZip } from '../../operations/import/zip/run-zip.js';
import { executionParts } from '../../workflow/names/arn.js';
import type { ImportRunRow } from '../api.js';
import type { Desk } from '../desk.js';
import type { PlannedImport } from './plan-import.js';
import { endOf, endOfZip, newsOf, notStarted } from './run-progress.js';

/** An import that a page started; it goes on when the page is closed. */
export interface ImportRun {
  row: ImportRunRow;
  /** Undefined: a ZIP, whose files have runs of their own. */
  file?: CheckedFile;
  reader: ReaderDialect;
  result?: ImportResult;
}

/** What of the console an import works with. */
export interface ImportWorld {
  context: Context;
  target(): Promise<Target>;
  desk: Pick<Desk, 'touch'>;
  signal: AbortSignal;
}

export interface ImportRuns {
  start(planned: PlannedImport, world: ImportWorld): ImportRunRow;
  of(id: string): ImportRun | undefined;
  /** Newest first. */
  all(): ImportRun[];
  onChange(listener: (run: ImportRun) => void): () => void;
}

const KEPT = 200;

export function createImportRuns(): ImportRuns {
  const runs = new Map<string, ImportRun>();
  const listeners = new Set<(run: ImportRun) => void>();
  const change = (run: ImportRun, news: Partial<ImportRunRow>): void => {
    run.row = { ...run.row, ...news };
    for (const listener of listeners) listener(run);
  };
  const begin = (run: ImportRun): ImportRun => {
    runs.set(run.row.id, run);
    for (const id of [...runs.keys()].slice(0, Math.max(0, runs.size - KEPT))) runs.delete(id);
    change(run, {});
    return run;
  };
  const follow = async (run: ImportRun, plan: ImportPlan, world: ImportWorld): Promise<void> => {
    const { target, following, around } = await connected(world);
    for await (const event of importFiles([plan], { atOnce: 1, detach: false, following }, around)) {
      if (event.type === 'step') {
        change(run, newsOf(event.step, world.context.clock.now()));
        if (event.step.type === 'started') {
          await target.rememberExecution(event.step.executionArn);
          world.desk.touch(event.step.executionArn);
        }
      } else if (event.type === 'outcome' && event.outcome.type === 'imported') {
        run.result = event.outcome.result;
        change(run, endOf(event.outcome.result));
      }
    }
  };
  const followZip = async (
    run: ImportRun,
    files: ImportRun[],
    plan: ZipPlan,
    world: ImportWorld,
  ): Promise<void> => {
    const { target, following, around } = await connected(world);
    const ids = files.map(({ row }) => row.id);
    let done = 0;
    for await (const event of importZip(plan, { detach: false, following }, around)) {
      if (event.type === 'uploading') change(run, { phase: 'uploading' });
      else if (event.type === 'started') {
        const { executionArn } = event;
        change(run, { phase: 'running', executionArn });
        await target.rememberExecution(executionArn);
        world.desk.touch(executionArn);
      } else if (event.type === 'running') {
        done += event.done;
        change(run, { phase: 'running', files: { ids, done } });
      } else if (event.type === 'storing') change(run, { phase: 'storing' });
      else if (event.outcome.type === 'imported') {
        const { result } = event.outcome;
        for (const [index, file] of files.entries()) {
          file.result = result.files[index]?.result;
          change(file, file.result ? endOf(file.result) : notStarted);
        }
        change(run, { ...endOfZip(result), files: { ids, done: ids.length } });
      }
    }
  };
  const watched = (run: ImportRun, work: Promise<void>, { signal }: ImportWorld): void => {
    work.catch((error: unknown) => {
      if (signal.aborted) return;
      const { message, hint } =
        error instanceof FlowError ? error : { message: String(error), hint: undefined };
      change(run, { phase: 'broken', error: { message, hint } });
    });
  };

  return {
    start({ zip, plan }, world) {
      const startedAt = world.context.clock.now();
      if (!zip) {
        const { file, machine } = plan;
        const row = rowOf(file, plan.input.tableName ?? null, startedAt);
        const run = begin({ row, file, reader: machine.reader });
        watched(run, follow(run, plan, world), world);
        return run.row;
      }
      const { reader } = plan.machine;
      const files = plan.files.map(({ file, table }) =>
        begin({ row: rowOf(file, table, startedAt), file, reader }),
      );
      const row: ImportRunRow = {
        id: randomUUID(),
        file: plan.path,
        table: null,
        startedAt,
        phase: 'uploading',
        rows: plan.files.reduce((sum, { file }) => sum + file.report.rows, 0),
        columns: [],
        files: { ids: files.map((one) => one.row.id), done: 0 },
      };
      const run = begin({ row, reader });
      watched(run, followZip(run, files, plan, world), world);
      return run.row;
    },
    of: (id) => runs.get(id),
    all: () => [...runs.values()].reverse(),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function connected(world: ImportWorld) {
  const target = await world.target();
  const around = {
    ...surroundings({ ...world.context, signal: world.signal }, target),
    waitForEnd: (arn: string) => waitForEnd(target, [executionParts(arn).name ?? arn]),
  };
  return { target, following: await followingOf(target, undefined), around };
}

const rowOf = ({ source, report }: CheckedFile, table: string | null, startedAt: number): ImportRunRow => ({
  id: randomUUID(),
  file: source.name,
  table,
  startedAt,
  phase: 'starting',
  rows: report.rows,
  columns: report.columns,
});
