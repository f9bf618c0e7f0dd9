import type Database from 'libsql';
import type { Evaluate } from '../../../asl/engine/map-item.js';
import type { MapRunSpec, Stimulus } from '../../../asl/engine/protocol.js';
import { isOpen } from '../../../asl/engine/transition.js';
import { jsonText } from '../../../json/lossless.js';
import type { Clock } from '../../clock.js';
import type { ObjectStore } from '../../ports.js';
import { isStoreLoss, type Store, UNTIL_WRITTEN } from '../../store/port.js';
import { statement } from '../../store/statements.js';
import { type ExecutionRow, type MapRunRow, mapRunByArn } from '../execution-tables.js';
import type { Executions } from '../executions.js';
import type { Heap } from '../heap.js';
import type { LiveExecution, StartMapRun } from '../live-execution.js';
import { countItems } from './count-items.js';
import { type ChildInput, childInputs, itemFailure } from './items.js';
import { mapRunResult } from './outcome.js';
import {
  countAbortedRedrives,
  countEnd,
  countRedrive,
  exceedsTolerance,
  pendingRedrive,
  sum,
} from './progress.js';
import { abortPendingRedrives, beginRedrive, pendingRedrives } from './redrive.js';
import { begunRun, childExecution, insertRun, type MapRun, resumedRun, saveProgress } from './run.js';

type MapRunLimits = Pick<
  MapRunSpec,
  'maxConcurrency' | 'toleratedFailureCount' | 'toleratedFailurePercentage'
>;

/** AWS's ceiling for a map run without a limit of its own. */
const mostChildren = 10_000;
/** Keeps memory flat when children are large: fewer of them run at once. */
const mostBytesUnderWay = 16 << 20;
/** So many may wait for the commit of their start: more would be in memory for longer, and none would run earlier. */
const mostStarting = 64;

/** Distributed Maps: reads items by a committed cursor, starts children, counts their ends, writes results. */
export class MapRuns {
  private readonly live = new Map<number, MapRun>();
  private nextId: number;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly executions: Executions,
    private readonly evaluate: Evaluate,
    private readonly heap: Heap,
    /** Something that nobody awaits has failed. */
    private readonly onFailure: (error: unknown, execution?: string) => void,
  ) {
    this.nextId = store.read((db) => {
      const row = statement(db, 'SELECT max(id) AS last FROM map_runs').get() as { last: number | null };
      return (row.last ?? 0) + 1;
    });
  }

  /** Begins a map run, or goes on with it when it was begun before a crash. */
  async start(parent: LiveExecution, effect: StartMapRun): Promise<void> {
    const row = this.store.read((db) => mapRunByArn(db, effect.mapRunArn));
    const run = row ? resumedRun(parent, row) : begunRun(this.nextId++, parent, effect);
    if (this.live.has(run.id)) return;
    this.live.set(run.id, run);
    const now = this.clock.now();
    if (!row) await this.store.write((db) => insertRun(db, run, now));
    else if (effect.type === 'RedriveMapRun' && row.redrive_count < effect.redriveCount)
      await this.store.write((db) => {
        run.progress = beginRedrive(db, run, effect.redriveCount, now);
        run.settled = sum(run.progress.ended.children);
      });
    this.run(run);
  }

  /** After the executions are loaded, before they go on, so that a child's end finds its map run. */
  load(): void {
    const rows = this.store.read(
      (db) => statement(db, "SELECT * FROM map_runs WHERE status = 'RUNNING'").all() as MapRunRow[],
    );
    for (const row of rows) {
      const parent = this.executions.live.get(row.execution_id);
      const run = resumedRun(parent, row);
      // Its state or its parent ended, and the process died before the map run was closed: that is left to do.
      // (An EXPRESS parent begins again, and comes to its map run anew.)
      run.stopped = !parent || (parent.seq > 0 && !isOpen(parent.execution, row.task_id));
      this.live.set(row.id, run);
    }
    for (const { row } of this.executions.live.values()) {
      const run = row.map_run_id === null ? undefined : this.live.get(row.map_run_id);
      if (run) run.bytesUnderWay += row.input.length;
    }
  }

  /** After `load`, once everything may run again. */
  recover(): void {
    for (const run of [...this.live.values()]) {
      if (run.stopped) this.giveUp(run);
      else this.run(run);
    }
  }

  /** Changes the limits of a running map run; false when it runs no more. */
  async update(mapRunArn: string, limits: Partial<MapRunLimits>): Promise<boolean> {
    const run = [...this.live.values()].find(({ arn }) => arn === mapRunArn);
    if (!run || run.stopped || run.finishing) return false;
    Object.assign(run.spec, limits);
    const text = jsonText(run.spec);
    await this.store.write((db) =>
      statement(db, 'UPDATE map_runs SET spec = ? WHERE id = ?').run(text, run.id),
    );
    this.checkTolerance(run);
    run.wake();
    return true;
  }

  stop(mapRunArn: string): void {
    for (const run of this.live.values()) {
      if (run.arn === mapRunArn) this.giveUp(run);
    }
  }

  private giveUp(run: MapRun): void {
    run.stopped = true;
    this.abortChildren(run.id);
    run.wake();
    this.finishIfDone(run);
  }

  halt(): void {
    this.stopped = true;
    for (const run of this.live.values()) run.wake();
  }

  /** Counts a child that is about to end; see `Performers.childEnding`. */
  childEnding(
    child: ExecutionRow,
  ): { along: (db: Database.Database) => void; after: () => void } | undefined {
    const run = child.map_run_id === null ? undefined : this.live.get(child.map_run_id);
    if (!run) return undefined;
    const { progress } = run;
    countEnd(progress, child);
    run.bytesUnderWay -= child.input.length;
    const text = JSON.stringify(progress);
    return {
      along: () => saveProgress(this.store, run, text),
      after: () => {
        this.heap.worked();
        run.settled += 1;
        if (child.status !== 'SUCCEEDED') this.checkTolerance(run);
        run.wake();
        this.finishIfDone(run);
      },
    };
  }

  private run(run: MapRun): void {
    // What it fails on, the dispatch meets too, and tells.
    this.count(run).catch(() => {});
    this.dispatch(run).catch((error: unknown) => this.fault(run, error));
  }

  /** The total is written along with the next child's start or end. */
  private async count(run: MapRun): Promise<void> {
    if (run.progress.total !== undefined || run.progress.readAll) return;
    run.progress.total = await countItems(run.spec, this.objects, () => this.stopped || run.progress.readAll);
  }

  /** Starts children as room for them comes free, until all is read or the run is given up. */
  private async dispatch(run: MapRun): Promise<void> {
    const { spec } = run;
    run.letClockGo = this.clock.hold();
    // After a crash it may have failed already.
    this.checkTolerance(run);
    try {
      const cause = spec.resultWriter?.problem;
      if (cause !== undefined) run.failure ??= { error: 'States.ResultWriterFailed', cause };
      for (const row of pendingRedrives(this.store, run.id)) {
        if (!(await this.room(run))) break;
        this.redriveChild(run, row);
      }
      const { cursor, items, readAll } = run.progress;
      const inputs = readAll ? [] : childInputs(spec, this.objects, { cursor, items }, this.evaluate);
      for await (const child of inputs) {
        if (!(await this.room(run))) break;
        this.startChild(run, child);
      }
    } catch (error) {
      run.failure ??= itemFailure(error);
      this.abortChildren(run.id);
    } finally {
      run.letClockGo();
    }
    // Given up is not read: after a crash the reading must come to the same failure again.
    if (!this.isOver(run)) run.progress.readAll = true;
    this.finishIfDone(run);
  }

  private isOver(run: MapRun): boolean {
    return this.stopped || run.stopped || run.failure !== undefined;
  }

  /** Waits until one more child may run; false when none is to be started any more. */
  private async room(run: MapRun): Promise<boolean> {
    while (!this.isOver(run) && !this.hasRoom(run)) {
      run.letClockGo();
      await new Promise<void>((resolve) => (run.wake = resolve));
      run.letClockGo = this.clock.hold();
    }
    return !this.isOver(run);
  }

  private hasRoom({ spec, progress, settled, starting, bytesUnderWay }: MapRun): boolean {
    if (starting >= mostStarting) return false;
    const running = progress.children - settled - pendingRedrive(progress).children;
    const limit = spec.maxConcurrency > 0 ? Math.min(spec.maxConcurrency, mostChildren) : mostChildren;
    return running < limit && (running === 0 || bytesUnderWay < mostBytesUnderWay);
  }

  private startChild(run: MapRun, child: ChildInput): void {
    const { progress } = run;
    const index = progress.children;
    progress.children += 1;
    progress.items += child.itemCount;
    progress.cursor = child.cursor;
    run.bytesUnderWay += child.input.length;
    run.starting++;
    const text = JSON.stringify(progress);
    this.executions
      .start(childExecution(run, index, child), () => saveProgress(this.store, run, text))
      .then(
        () => this.begun(run),
        (error: unknown) => {
          this.begun(run);
          this.notStarted(run, error);
        },
      );
  }

  private begun(run: MapRun): void {
    run.starting--;
    run.wake();
  }

  private redriveChild(run: MapRun, row: ExecutionRow): void {
    countRedrive(run.progress, row);
    run.bytesUnderWay += row.input.length;
    const text = JSON.stringify(run.progress);
    this.executions
      .redrive(row, () => saveProgress(this.store, run, text))
      .catch((error: unknown) => this.notStarted(run, error));
  }

  /** A child that never began counts as settled, and ends its map run. */
  private notStarted(run: MapRun, error: unknown): void {
    run.settled += 1;
    this.fault(run, error);
  }

  /** A map run's fault is its own; only a lost disk is everybody's. */
  private fault(run: MapRun, error: unknown): void {
    this.onFailure(error, run.arn);
    if (isStoreLoss(error)) return;
    run.failure ??= {
      error: 'States.Runtime',
      cause: `mbc-flow's local server could not continue this map run: ${messageOf(error)}`,
    };
    this.abortChildren(run.id);
    run.wake();
    this.finishIfDone(run);
  }

  private checkTolerance(run: MapRun): void {
    if (run.failure || run.stopped || !exceedsTolerance(run.progress, run.spec)) return;
    run.failure = {
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    };
    this.abortChildren(run.id);
  }

  private abortChildren(mapRunId: number): void {
    for (const live of [...this.executions.live.values()]) {
      if (live.row.map_run_id !== mapRunId) continue;
      this.executions
        .deliver(live, { type: 'Stop', at: this.clock.now() })
        .catch((error: unknown) => this.onFailure(error, live.row.arn));
    }
  }

  private finishIfDone(run: MapRun): void {
    const { progress } = run;
    const { children: waiting } = pendingRedrive(progress);
    const over = run.failure !== undefined || run.stopped;
    const dispatched = over || (progress.readAll && waiting === 0);
    if (this.stopped || run.finishing || !dispatched) return;
    if (progress.children - waiting > run.settled) return;
    run.finishing = true;
    const finished = this.finish(run).finally(this.clock.hold());
    finished.catch((error: unknown) => this.onFailure(error, run.arn));
  }

  private async finish(run: MapRun): Promise<void> {
    if (!run.failure && !run.stopped) this.checkTolerance(run);
    let output = '';
    try {
      output = await mapRunResult(run, {
        store: this.store,
        objects: this.objects,
        evaluate: this.evaluate,
        collectGarbage: this.heap.worked,
        halted: () => this.stopped,
      });
    } catch (error) {
      if (isStoreLoss(error)) throw error;
      run.failure ??= { error: 'States.ResultWriterFailed', cause: messageOf(error) };
    }
    if (this.stopped) return;
    const at = this.clock.now();
    const status = run.stopped ? 'ABORTED' : run.failure ? 'FAILED' : 'SUCCEEDED';
    const { children: abandoned } = pendingRedrive(run.progress);
    countAbortedRedrives(run.progress);
    const close = (db: Database.Database): void => {
      if (abandoned > 0) abortPendingRedrives(db, run.id);
      saveProgress(this.store, run, JSON.stringify(run.progress));
      statement(db, 'UPDATE map_runs SET status = ?, stop_date = ? WHERE id = ?').run(status, at, run.id);
    };
    const stimulus: Stimulus = run.failure
      ? { type: 'MapRunFailed', at, taskId: run.taskId, ...run.failure }
      : { type: 'MapRunSucceeded', at, taskId: run.taskId, output };
    // A stopped run's state has ended already: there is nobody to tell, the row is closed alone.
    const told = !run.stopped && run.parent && (await this.executions.deliver(run.parent, stimulus, close));
    if (!told) await this.store.write(close, UNTIL_WRITTEN);
    this.live.delete(run.id);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
