import type Database from 'libsql';
import { parseDefinition, type StateMachine } from '../../asl/definition.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Step, Stimulus } from '../../asl/engine/protocol.js';
import { isOpen, openTasks, pendingEffects, transition } from '../../asl/engine/transition.js';
import type { Clock } from '../clock.js';
import { isStoreLoss, type Store, UNTIL_WRITTEN } from '../store/port.js';
import { statement } from '../store/statements.js';
import type { UnderWay } from './deadly-executions.js';
import { Effects } from './effects.js';
import {
  type ExecutionRow,
  endExecution,
  executionOf,
  insertExecution,
  insertStep,
  lastStep,
  reopenExecution,
  stepsOf,
  textId,
  textOf,
} from './execution-tables.js';
import {
  type AlongWith,
  enlivened,
  type LiveExecution,
  type NewExecution,
  type Performers,
  rowOf,
} from './live-execution.js';
import { Deletions } from './machine-deletions.js';
import { packEvents } from './step-events.js';
import { environment, type TaskReference, type Tokens } from './tokens.js';

/**
 * Drives executions: a stimulus goes through the pure transition, the step is committed, then its effects are
 * performed. Between any two of these the process may die; `recover` replays the steps and performs what is
 * pending again (so an invocation under way is delivered at least once).
 */
export class Executions {
  readonly live = new Map<number, LiveExecution>();
  readonly deletions = new Deletions();
  private readonly effects: Effects;
  private readonly parsed = new Map<string, StateMachine>();
  /** Ids of definitions. */
  private readonly stored = new Map<string, number>();
  /** Those that can't go on, and why. */
  private readonly aside: { live: LiveExecution; cause: string }[] = [];
  /** Hears of each step of any execution once it is committed. */
  onStep: (row: ExecutionRow) => void = () => {};
  private nextId: number;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly secret: string,
    private readonly tokens: Tokens,
    /** Notes which execution is being moved, and knows the one that ended the process again and again. */
    private readonly underWay: UnderWay,
    /** Something that nobody awaits has failed; `execution` names whose fault it was. */
    private readonly onFailure: (error: unknown, execution?: string) => void,
  ) {
    this.effects = new Effects(store, clock, {
      deliver: async (live, stimulus) => await this.deliver(live, stimulus),
      failed: (live, error) => this.fault(live, error),
    });
    this.nextId = store.read((db) => {
      const row = statement(db, 'SELECT max(id) AS last FROM executions').get() as { last: number | null };
      return (row.last ?? 0) + 1;
    });
  }

  get performers(): Performers | undefined {
    return this.effects.performers;
  }

  set performers(performers: Performers) {
    this.effects.performers = performers;
  }

  /** Resolves once the start is durable. `along` may throw to refuse it (the name is taken, …). */
  async start(start: NewExecution, along?: AlongWith): Promise<ExecutionRow> {
    this.refuseHalted();
    const row = rowOf(start, this.nextId++, this.clock.now());
    const live = this.enliven(row, start.definition, start.synchronous);
    await this.deliver(live, { type: 'Start', at: row.start_date }, (db) => {
      along?.(db);
      row.definition_id = this.stored.get(start.definition) ?? textId(db, start.definition);
      if (start.configuration !== undefined) row.configuration_id = textId(db, start.configuration);
      insertExecution(db, row);
    }).catch((error: unknown) => {
      this.live.delete(row.id);
      throw error;
    });
    // Committed: the children that follow need not look for it.
    if (this.stored.size > 200) this.stored.clear();
    this.stored.set(start.definition, row.definition_id);
    return row;
  }

  /**
   * Moves an execution on. False when the stimulus came too late to matter; else resolves when it is durable.
   * In-memory state runs ahead of the disk by at most one group commit, and no effect is performed before it.
   */
  async deliver(live: LiveExecution, given: Stimulus, along?: AlongWith): Promise<boolean> {
    if (this.stopped || (live.row.status !== 'RUNNING' && given.type !== 'Start')) return false;
    const stimulus = this.deletions.marked(live.row, given);
    let step: Step;
    let text: string;
    try {
      step = this.moved(live, stimulus);
      text = JSON.stringify(stimulus);
    } catch (error) {
      // An execution's fault is that execution's.
      this.onFailure(error, live.row.arn);
      await this.giveUp(live, faultOf(error), along);
      return true;
    }
    if (step.events.length === 0 && step.effects.length === 0) return false;
    const end = step.effects.find((effect) => effect.type === 'EndExecution');
    if (end) {
      Object.assign(live.row, {
        status: end.status,
        stop_date: live.execution.stopDate ?? stimulus.at,
        output: end.output ?? null,
        error: end.error ?? null,
        cause: end.cause ?? null,
      });
    }
    const { row } = live;
    const seq = live.seq++;
    const lastEvent = step.events.at(-1)?.id ?? 0;
    live.lastEvent = Math.max(live.lastEvent, lastEvent);
    const ending = end ? this.performers?.childEnding(row) : undefined;
    // A start may still be refused; any later step has happened, whatever holds the database.
    const patience = stimulus.type === 'Start' ? undefined : UNTIL_WRITTEN;
    const written = this.store.write((db) => {
      along?.(db);
      // EXPRESS executions keep no history: after a crash they begin again, as AWS may run them twice.
      if (row.type === 'STANDARD')
        insertStep(db, row.id, seq, text, packEvents(row, stimulus, step.events, step.effects), lastEvent);
      this.logEvents(db, live, step.events);
      if (end) endExecution(db, row);
      ending?.along?.(db);
      if (end) this.deletions.ended(db, row);
    }, patience);
    // The effects follow in the same turn of the event loop, before time can be skipped.
    await written.finally(this.clock.hold());
    this.onStep(row);
    // Halted meanwhile: the effects are still pending at the next start.
    if (!this.stopped) for (const effect of step.effects) this.effects.perform(live, effect);
    this.effects.letGoOfClosed(live);
    if (end) this.retire(live);
    ending?.after();
    return true;
  }

  /** False when the token's task is not waiting any more (answered, timed out, stopped). */
  async answer(task: TaskReference, stimulus: (taskId: number) => Stimulus): Promise<boolean> {
    this.refuseHalted();
    const live = this.live.get(task.executionId);
    if (!live || !this.isWaiting(task)) return false;
    return await this.deliver(live, stimulus(task.taskId));
  }

  /** Resolves once the execution has ended, durably. */
  async ended(row: ExecutionRow): Promise<ExecutionRow> {
    const live = this.live.get(row.id);
    if (live) await new Promise<void>((resolve) => live.onEnd.push(resolve));
    return row;
  }

  isWaiting(task: TaskReference): boolean {
    const live = this.live.get(task.executionId);
    return live !== undefined && isOpen(live.execution, task.taskId);
  }

  async stop(executionId: number, error?: string, cause?: string): Promise<number | undefined> {
    this.refuseHalted();
    const live = this.live.get(executionId);
    if (!live) return undefined;
    const at = this.clock.now();
    await this.deliver(live, { type: 'Stop', at, error, cause });
    return live.row.stop_date ?? at;
  }

  /**
   * Goes on with an execution that ended without success; `row` becomes what it is then. Resolves when that is
   * durable: true, or false when it runs already, or was recorded by a version that this one cannot follow.
   */
  async redrive(row: ExecutionRow, along?: AlongWith): Promise<boolean> {
    this.refuseHalted();
    if (this.live.has(row.id)) return false;
    const at = this.clock.now();
    const express = row.type === 'EXPRESS';
    // EXPRESS executions keep no history to go on from: they begin again.
    const again = { ...row, redrive_count: row.redrive_count + 1, redrive_date: at };
    Object.assign(row, again, { status: 'RUNNING', stop_date: null, output: null, error: null, cause: null });
    if (express) row.start_date = at;
    const live = this.enliven(
      row,
      this.store.read((db) => textOf(db, row.definition_id)),
    );
    if (!this.store.read((db) => this.replay(db, live))) {
      this.live.delete(row.id);
      return false;
    }
    await this.deliver(live, { type: express ? 'Start' : 'Redrive', at }, (db) => {
      along?.(db);
      reopenExecution(db, row);
    });
    return true;
  }

  /** Brings every RUNNING execution back to where its committed steps left it; performs nothing yet. */
  load(): void {
    this.store.read((db) => {
      this.deletions.load(db);
      const running = db.prepare("SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY id");
      for (const selected of running.iterate()) {
        const row = executionOf(selected);
        const { live, cause } = this.broughtBack(db, row);
        if (cause !== undefined) this.aside.push({ live, cause });
      }
    });
  }

  /** With what it did replayed; `cause` where it can't go on, and then it stands behind its last step. */
  private broughtBack(db: Database.Database, row: ExecutionRow): { live: LiveExecution; cause?: string } {
    const setAside = (live: LiveExecution, cause: string) => ({
      live: Object.assign(live, lastStep(db, row.id)),
      cause,
    });
    let live: LiveExecution | undefined;
    try {
      live = this.enliven(row, textOf(db, row.definition_id));
      if (this.underWay.deadly(row.id))
        return setAside(
          live,
          'This execution ended the local server several times in a row, and was set aside.',
        );
      if (this.replay(db, live)) return { live };
      return setAside(
        live,
        'This execution was begun by another version of mbc-flow, which this one cannot continue.',
      );
    } catch (error) {
      if (isStoreLoss(error)) throw error;
      // Without `live`: what it runs can't even be read (by this version).
      return setAside(live ?? this.enliven(row, UNREADABLE), faultOf(error));
    }
  }

  private moved(live: LiveExecution, stimulus: Stimulus): Step {
    this.underWay.enter(live.row.id);
    try {
      return transition(live.execution, stimulus);
    } finally {
      this.underWay.leave();
    }
  }

  /** False when an execution answers otherwise than was recorded: it is another version's. */
  private replay(db: Database.Database, live: LiveExecution): boolean {
    for (const step of stepsOf(db, live.row.id)) {
      live.seq = step.seq + 1;
      live.lastEvent = Math.max(live.lastEvent, step.last_event);
      const { events } = this.moved(live, JSON.parse(step.stimulus) as Stimulus);
      if ((events.at(-1)?.id ?? 0) !== step.last_event) return false;
    }
    return true;
  }

  /** Performs what is outstanding of everything that `load` brought back. */
  async recover(): Promise<void> {
    for (const { live, cause } of this.aside.splice(0)) {
      this.onFailure(new Error(cause), live.row.arn);
      await this.giveUp(live, cause);
    }
    for (const live of [...this.live.values()]) {
      if (live.seq === 0) await this.deliver(live, { type: 'Start', at: live.row.start_date });
      else for (const effect of pendingEffects(live.execution)) this.effects.perform(live, effect);
      for (const task of openTasks(live.execution)) this.effects.leaveToOthers(live, task);
    }
  }

  /** An effect of the execution has failed: so has the execution, but for a lost disk, which is everybody's end. */
  private fault(live: LiveExecution, error: unknown): void {
    if (this.stopped) return;
    if (isStoreLoss(error)) {
      this.halt();
      this.onFailure(error);
      return;
    }
    this.onFailure(error, live.row.arn);
    if (live.row.status !== 'RUNNING') return;
    this.giveUp(live, faultOf(error)).catch((error: unknown) => this.onFailure(error, live.row.arn));
  }

  /** Ends an execution that can't go on, by our fault or an earlier version's: failed is better than stuck. */
  private async giveUp(live: LiveExecution, cause: string, along?: AlongWith): Promise<void> {
    const { row } = live;
    const seq = live.seq++;
    const at = this.clock.now();
    const error = 'States.Runtime';
    Object.assign(row, { status: 'FAILED', stop_date: at, error, cause });
    const event: HistoryEvent = {
      id: live.lastEvent + 1,
      previousEventId: live.lastEvent,
      timestamp: at,
      type: 'ExecutionFailed',
      executionFailedEventDetails: { error, cause },
    };
    const ending = this.performers?.childEnding(row);
    await this.store.write((db) => {
      along?.(db);
      const stimulus: Stimulus = { type: 'Stop', at, error, cause };
      const events = packEvents(row, stimulus, [event]);
      insertStep(db, row.id, seq, JSON.stringify(stimulus), events, event.id);
      this.logEvents(db, live, [event]);
      endExecution(db, row);
      ending?.along?.(db);
      this.deletions.ended(db, row);
    }, UNTIL_WRITTEN);
    this.onStep(row);
    for (const { mapRunArn } of live.execution.mapRuns.values()) this.performers?.stopMapRun(mapRunArn);
    this.retire(live);
    ending?.after();
  }

  private logEvents(db: Database.Database, live: LiveExecution, events: HistoryEvent[]): void {
    live.log ??= this.performers?.eventLog(db, live.row);
    live.log?.(db, events);
  }

  /** No further step is taken; what is under way is let go (it is delivered again at the next start). */
  halt(): void {
    this.stopped = true;
    for (const live of this.live.values()) this.effects.release(live);
  }

  machine(definition: string): StateMachine {
    let machine = this.parsed.get(definition);
    if (!machine) {
      machine = parseDefinition(definition);
      if (this.parsed.size > 200) this.parsed.clear();
      this.parsed.set(definition, machine);
    }
    return machine;
  }

  /** What a halted server took in would be acknowledged, and lost. */
  private refuseHalted(): void {
    if (this.stopped) throw new Error('The local server is stopping');
  }

  private enliven(row: ExecutionRow, definition: string, synchronous?: boolean): LiveExecution {
    const own = environment(row, this.secret, this.tokens);
    const live = enlivened(row, this.machine(definition), own, synchronous);
    this.live.set(row.id, live);
    return live;
  }

  private retire(live: LiveExecution): void {
    this.effects.release(live);
    this.live.delete(live.row.id);
    for (const tell of live.onEnd) tell();
  }
}

/** The cause of a failure that is no fault of the definition's, as the execution's history tells it. */
const faultOf = (error: unknown): string =>
  `mbc-flow's local server could not continue this execution: ${error instanceof Error ? error.message : String(error)}`;

/** In the place of a definition that can't be read: its execution is ended before it does anything. */
const UNREADABLE = '{"StartAt":"Unreadable","States":{"Unreadable":{"Type":"Fail"}}}';
