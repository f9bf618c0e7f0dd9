import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionSummary, StateMachineSummary } from '../../ports/aws.js';
import { noMemory } from '../../ports/execution-memory.js';
import { rest } from '../../ports/retry.js';
import { knownMachines } from '../find/known-executions.js';
import { atMost } from '../pace/take-next.js';
import { describeExecution, hasFailed } from './describe-execution.js';
import { createExecutionLists } from './execution-lists.js';
import { machineRows } from './machine-rows.js';
import { createPausedList } from './paused-list.js';
import { createTurns, type Look } from './poll-turns.js';
import type { LookAround, LookingAround } from './polling.js';
import type { DeskData, DeskJob, DeskStep, Looked } from './snapshot.js';

export type { Attention, LookAround } from './polling.js';

/** Milliseconds between two looks. */
const every = {
  watched: 5_000,
  /** While somebody scrolls down. */
  older: 500,
  others: 30_000,
  machines: 60_000,
  running: 30_000,
  definition: 600_000,
  jobs: 60_000,
  /** What is learned is kept for other commands. */
  keeping: 60_000,
};
/** A page that costs one call. */
const PAGE = 1000;
/** What a look reads that only wants news. */
const NEWS = 50;
/** Every so often a look reads the whole page: what was redriven is far down. */
const WHOLE = 300_000;

export function lookAround(around: LookingAround): LookAround {
  const { states, pace, clock, signal, attention, page = PAGE } = around;
  const lists = createExecutionLists();
  const known = knownMachines(around.memory ?? noMemory);
  const paused = createPausedList({ ...around, known, now: clock.now });
  const turns = createTurns();
  const wholeAt = new Map<string, number>();
  const depth = new Map<string, number>();
  /** How many executions of a machine a whole look reads. */
  const depthOf = (stateMachineArn: string): number => depth.get(stateMachineArn) ?? page;
  /** Where the reading of a machine's older executions goes on. */
  const older = new Map<string, AsyncIterator<ExecutionSummary>>();
  const lookedAt = new Map<string, number>();
  let machines: StateMachineSummary[] | undefined;
  let machinesAt: number | undefined;
  const runningAt = new Map<string, number>();
  let jobs: Looked<DeskJob> = { rows: [] };
  let trouble: string | undefined;

  const standard = (): string[] =>
    around.stateMachineArn !== undefined
      ? [around.stateMachineArn]
      : (machines ?? []).flatMap(({ type, stateMachineArn }) =>
          type === 'STANDARD' ? [stateMachineArn] : [],
        );

  const lookAtMachines = async (): Promise<void> => {
    const found: StateMachineSummary[] = [];
    for await (const machine of states.listStateMachines())
      if (around.stateMachineArn === undefined || machine.stateMachineArn === around.stateMachineArn)
        found.push(machine);
    machines = found.sort((a, b) => (a.name < b.name ? -1 : 1));
    machinesAt = clock.now();
    lists.forget(new Set(standard()));
  };
  const newestOf = async (stateMachineArn: string, most: number): Promise<ExecutionSummary[]> => {
    const listed = states.listExecutions({ stateMachineArn, atMost: most })[Symbol.asyncIterator]();
    const newest = await atMost(listed, most);
    if (most === depthOf(stateMachineArn)) older.set(stateMachineArn, listed);
    return newest;
  };
  const lookAtExecutions = async (stateMachineArn: string): Promise<void> => {
    const now = clock.now();
    const whole = now - (wholeAt.get(stateMachineArn) ?? Number.NEGATIVE_INFINITY) >= WHOLE;
    const all = depthOf(stateMachineArn);
    // One that has run for long may be far down: that is for a whole look.
    const news = Math.min(page, lists.reach(stateMachineArn) + NEWS);
    let most = whole ? all : news;
    let newest = await newestOf(stateMachineArn, most);
    // So many are new that what came between them and those that are known was not seen.
    const reaches = newest.length < most || lists.has(stateMachineArn, newest);
    if (!reaches && most < all) {
      most = all;
      newest = await newestOf(stateMachineArn, most);
    }
    if (whole) wholeAt.set(stateMachineArn, now);
    for (const { executionArn, status } of newest) if (status !== 'RUNNING') paused.ended(executionArn);
    lists.put(stateMachineArn, newest, newest.length < most);
    lookedAt.set(stateMachineArn, clock.now());
  };
  const readOlder = async (stateMachineArn: string, from: AsyncIterator<ExecutionSummary>): Promise<void> => {
    try {
      const found = await atMost(from, page);
      depth.set(stateMachineArn, depthOf(stateMachineArn) + found.length);
      lists.extend(stateMachineArn, found, found.length < page);
    } catch (error) {
      // It can't be read on from here: a whole look begins anew.
      older.delete(stateMachineArn);
      wholeAt.delete(stateMachineArn);
      throw error;
    }
  };
  const lookAtRunning = async (stateMachineArn: string): Promise<void> => {
    const running: ExecutionSummary[] = [];
    for await (const execution of states.listExecutions({ stateMachineArn, status: 'RUNNING' }))
      running.push(execution);
    paused.setRunning(stateMachineArn, running);
    await paused.recall(stateMachineArn);
    runningAt.set(stateMachineArn, clock.now());
  };
  const describe = async (execution: ExecutionSummary): Promise<void> => {
    const machine = await known.of(execution.stateMachineArn);
    lists.describe(execution, await describeExecution(states, execution, machine));
  };
  const lookAtJobs = async (): Promise<void> => {
    try {
      jobs = { rows: await around.readJobs(), at: clock.now() };
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode === exitCodes.unreachable) throw error;
      jobs = { rows: [], at: clock.now(), missing: error.message };
    }
  };

  /** Of lists: short looks that keep them fresh. */
  const listLooks = (): Look[] => {
    const { stateMachineArn: shown, reaching } = attention();
    const watched = shown ?? around.stateMachineArn;
    const looks: Look[] = [
      { key: 'machines', every: every.machines, run: lookAtMachines },
      { key: 'keeping', every: every.keeping, run: known.save },
    ];
    for (const arn of standard())
      looks.push({
        key: arn,
        every: arn === watched || standard().length === 1 ? every.watched : every.others,
        run: () => lookAtExecutions(arn),
      });
    for (const [arn, from] of older)
      if (reaching !== undefined && (shown ?? arn) === arn && lists.endsAfter(arn, reaching))
        looks.push({ key: `older ${arn}`, every: every.older, run: () => readOlder(arn, from) });
    return looks;
  };
  /** Of what lies deeper, and takes more calls the more there is. */
  const deepLooks = (): Look[] => {
    const looks: Look[] = [];
    for (const arn of standard()) {
      if (!lookedAt.has(arn)) continue;
      looks.push({ key: `definition ${arn}`, every: every.definition, run: () => paused.define(arn) });
      if (paused.pauses(arn))
        looks.push({ key: `running ${arn}`, every: every.running, run: () => lookAtRunning(arn) });
    }
    const { list, visible, searching } = attention();
    const due = paused.due(list === 'paused');
    // Each is another look: what matters is that none is looked at twice in a row.
    if (due) looks.push({ key: `paused ${due.executionArn}`, every: 1, run: () => paused.read(due) });
    const unread = unreadOf(visible, searching);
    if (unread)
      looks.push({ key: `describe ${unread.executionArn}`, every: 10_000, run: () => describe(unread) });
    if (list === 'jobs' || jobs.at === undefined)
      looks.push({ key: 'jobs', every: every.jobs, run: lookAtJobs });
    return looks;
  };
  const unreadOf = (
    visible: readonly ExecutionSummary[],
    searching: boolean,
  ): ExecutionSummary | undefined => {
    const wanted = (execution: ExecutionSummary): boolean =>
      hasFailed(execution) && !lists.isDescribed(execution);
    return (
      visible.find(wanted) ??
      (searching ? lists.all().rows.find((execution) => !lists.isDescribed(execution)) : undefined)
    );
  };

  const snapshot = (): DeskData => {
    // As old as its oldest part; none while a machine has not been looked at.
    const ages = standard().map((arn) => lookedAt.get(arn) ?? Number.NaN);
    const oldest =
      ages.length === 0
        ? machinesAt
        : ages.reduce((least, age) => Math.min(least, age), Number.POSITIVE_INFINITY);
    const read = oldest === undefined || Number.isNaN(oldest) ? undefined : oldest;
    const rows = lists.all();
    return {
      executions: { ...rows, at: read },
      paused: pausedSteps(),
      jobs,
      machines: { rows: machineRows(machines ?? [], lists, paused.rows(), rows.rows), at: machinesAt },
      calls: pace.calls(),
      throttledAt: pace.throttledAt(),
      trouble,
    };
  };
  /** As old as its oldest part; none while some machine was not asked what runs of it. */
  const pausedSteps = (): Looked<DeskStep> => {
    const rows = paused.rows();
    if (machinesAt === undefined || !standard().every(paused.knows)) return { rows };
    const ages = standard().flatMap((arn) => (paused.pauses(arn) ? [runningAt.get(arn) ?? Number.NaN] : []));
    const at = ages.length === 0 ? machinesAt : ages.reduce((least, age) => Math.min(least, age));
    if (Number.isNaN(at)) return { rows };
    const { read, running } = paused.progress();
    return { rows, at, ...(read < running && { reading: { read, of: running } }) };
  };

  let hurried = new AbortController();
  let either = AbortSignal.any([signal, hurried.signal]);
  /** Until something is due, or was touched. */
  const restUntil = (milliseconds: number): Promise<void> => rest({ clock, signal: either }, milliseconds);
  const hurry = (keys: readonly string[]): void => {
    for (const key of keys) turns.hurry(key);
    hurried.abort();
    hurried = new AbortController();
    either = AbortSignal.any([signal, hurried.signal]);
  };

  return {
    async *data() {
      let changed = true;
      let wake = (): void => {};
      let failure: unknown;
      const lane = async (looks: () => Look[]): Promise<void> => {
        while (!signal.aborted) {
          const turn = turns.next(looks(), clock.now());
          if ('rest' in turn) {
            await restUntil(turn.rest);
            continue;
          }
          try {
            await turn.look.run();
            trouble = undefined;
          } catch (error) {
            if (signal.aborted) return;
            if (!(error instanceof FlowError)) throw error;
            const mayCome = error.exitCode === exitCodes.unreachable && around.once !== true;
            if (machines === undefined && !mayCome) throw error;
            trouble = error.message;
            // What is gone or forbidden stays so for a while.
            await rest({ clock, signal }, 1_000);
          }
          changed = true;
          wake();
        }
      };
      const lanes = [lane(listLooks), lane(deepLooks)].map((one) =>
        one.catch((error: unknown) => {
          failure ??= error;
          wake();
        }),
      );
      const stop = (): void => wake();
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          if (failure !== undefined) throw failure;
          if (!changed)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          changed = false;
          if (!signal.aborted && failure === undefined) yield snapshot();
        }
      } finally {
        signal.removeEventListener('abort', stop);
        if (signal.aborted) await Promise.all(lanes);
        await known.save();
      }
    },
    touch({ executionArn, stateMachineArn }, how = 'answered') {
      // A child of a map run: what waits in it is read with its parent.
      const inside = executionArn.includes('/');
      if (inside) paused.steppedInside(stateMachineArn);
      else if (how === 'answered') paused.touch(executionArn);
      else paused.stepped(executionArn);
      hurry(inside ? [] : [stateMachineArn, `running ${stateMachineArn}`]);
    },
    touchAll(what) {
      const all = what === 'machines' ? [] : standard().flatMap((arn) => [arn, `running ${arn}`]);
      if (what === 'everything') wholeAt.clear();
      hurry(['machines', 'jobs', ...all]);
    },
  };
}
