import type { Context } from '../cli/shell/context.js';
import type { Target } from '../cli/shell/target.js';
import { createPace } from '../operations/desk/call-budget.js';
import { type Attention, type LookAround, lookAround } from '../operations/desk/poll-target.js';
import { readJobs } from '../operations/desk/read-jobs.js';
import type { DeskData } from '../operations/desk/snapshot.js';
import type { TargetChange } from '../ports/changes.js';
import { rest } from '../ports/retry.js';
import { machineOfExecution } from '../workflow/names/arn.js';

/** What looks around the target for all pages at once, as long as there is one that wants it. */
export interface Desk {
  /** What is known, at once and whenever it changes, until `signal` fires. */
  data(list: Attention['list'], signal: AbortSignal): AsyncGenerator<DeskData>;
  /** What the target tells of its changes, where it does. */
  onChange(listener: (change: TargetChange) => void): () => void;
  /** Something was done to it: it is looked at again at once. */
  touch(executionArn: string): void;
}

interface Source {
  context: Context;
  target(): Promise<Target>;
  signal: AbortSignal;
}

/** On this machine calls cost nothing that others need. */
const CALLS_A_MINUTE = { local: 12_000, aws: 50 };
/** Milliseconds in which the target's changes are gathered. */
const GATHERED = 150;
/** Milliseconds that it goes on when nobody looks: somebody may come back. */
const KEPT = 20_000;
/** Executions of a machine; undefined: as many as one call lists. */
const LISTED = { local: 10_000, aws: undefined };
/** Failures that are explained without being asked for. */
const EXPLAINED = { local: 1_000, aws: 25 };

export function createDesk({ context, target, signal }: Source): Desk {
  const wanted = new Map<symbol, Attention['list']>();
  const readers = new Set<() => void>();
  const listeners = new Set<(change: TargetChange) => void>();
  let latest: DeskData | undefined;
  let failure: unknown;
  let looking: LookAround | undefined;
  let stop: AbortController | undefined;
  let leaving: NodeJS.Timeout | undefined;
  const tellReaders = (): void => {
    for (const tell of readers) tell();
  };

  const run = async (around: AbortSignal): Promise<void> => {
    const connected = await target();
    const { clock } = context;
    const place = connected.loopback ? 'local' : 'aws';
    const pace = createPace(clock, around, CALLS_A_MINUTE[place]);
    const gateways = connected.gatewaysAt(pace.background);
    const attention = (): Attention => {
      const lists = [...wanted.values()];
      const list = lists.includes('paused') ? 'paused' : (lists[0] ?? 'executions');
      const failed = (latest?.executions.rows ?? []).filter(({ status }) => status !== 'SUCCEEDED');
      return { list, visible: failed.slice(0, EXPLAINED[place]), searching: false };
    };
    looking = lookAround({
      states: gateways.states,
      pace,
      memory: connected.memory,
      serverNow: connected.serverNow,
      readJobs: () => readJobs({ ...connected, gateways }),
      attention,
      page: LISTED[place],
      clock,
      signal: around,
    });
    if (connected.changes) void follow(connected.changes(around), looking, around);
    for await (const data of looking.data()) {
      latest = data;
      tellReaders();
    }
  };
  const follow = async (
    changes: AsyncGenerator<TargetChange>,
    { touch, touchAll }: LookAround,
    around: AbortSignal,
  ): Promise<void> => {
    const stepped = new Set<string>();
    let working = false;
    const flush = async (): Promise<void> => {
      if (working) return;
      working = true;
      while (stepped.size > 0 && !around.aborted) {
        const spread = new Set<string>();
        for (const executionArn of stepped) {
          const stateMachineArn = machineOfExecution(executionArn);
          const inMapRun = executionArn.includes('/');
          // Of the children of a machine's map runs one stands for all.
          if (inMapRun && spread.has(stateMachineArn)) continue;
          if (inMapRun) spread.add(stateMachineArn);
          touch({ executionArn, stateMachineArn }, 'stepped');
        }
        stepped.clear();
        await rest({ clock: context.clock, signal: around }, GATHERED);
      }
      working = false;
    };
    for await (const change of changes) {
      for (const listener of listeners) listener(change);
      if (change.all) touchAll('everything');
      else if (change.machines) touchAll('machines');
      for (const executionArn of change.executionArns) stepped.add(executionArn);
      void flush();
    }
  };
  const begin = (): void => {
    clearTimeout(leaving);
    if (stop) return;
    const own = new AbortController();
    stop = own;
    failure = undefined;
    const around = AbortSignal.any([signal, own.signal]);
    run(around)
      .catch((error: unknown) => {
        if (around.aborted) return;
        failure = error;
        if (stop === own) stop = undefined;
        own.abort();
      })
      .finally(tellReaders);
  };
  const endSoon = (): void => {
    if (wanted.size > 0 || listeners.size > 0) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      stop?.abort();
      stop = undefined;
      looking = undefined;
    }, KEPT);
    leaving.unref();
  };

  return {
    async *data(list, reading) {
      const me = Symbol(list);
      let changed = true;
      let wake = (): void => {};
      const tell = (): void => {
        changed = true;
        wake();
      };
      wanted.set(me, list);
      readers.add(tell);
      reading.addEventListener('abort', tell);
      begin();
      try {
        while (!reading.aborted && !signal.aborted) {
          if (!changed)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          changed = false;
          if (reading.aborted || signal.aborted) return;
          if (failure !== undefined) throw failure;
          if (latest) yield latest;
        }
      } finally {
        reading.removeEventListener('abort', tell);
        readers.delete(tell);
        wanted.delete(me);
        endSoon();
      }
    },
    onChange(listener) {
      listeners.add(listener);
      begin();
      return () => {
        listeners.delete(listener);
        endSoon();
      };
    },
    touch(executionArn) {
      looking?.touch({ executionArn, stateMachineArn: machineOfExecution(executionArn) });
    },
  };
}
