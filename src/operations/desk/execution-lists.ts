import type { ExecutionSummary } from '../../ports/aws.js';
import { machineName } from '../../workflow/names/arn.js';
import { typedNames } from '../../workflow/names/typed-name.js';
import type { DeskExecution, Looked } from './snapshot.js';

/** Of one machine, and of all; more are no list that one scrolls. */
const MOST_OF_MACHINE = 10_000;
const MOST = 10_000;

/** What was read of an execution besides the list. */
export interface Described {
  /** It may be redriven: then it is another one. */
  redriveCount: number;
  requestId?: string;
  error?: string;
  why?: string;
}
const MOST_DESCRIBED = 5_000;

/** The newest executions of each machine, merged from looks of which most reach back a little only. */
export interface ExecutionLists {
  /** What a look at a machine gave, newest first. `whole`: there are no older ones. */
  put(stateMachineArn: string, newest: ExecutionSummary[], whole: boolean): void;
  /** What follows on the oldest ones. `whole`: there are no older ones. */
  extend(stateMachineArn: string, older: readonly ExecutionSummary[], whole: boolean): void;
  /** Executions that began at a time, or before it, are not all in the list, which has room for them. */
  endsAfter(stateMachineArn: string, time: number): boolean;
  of(stateMachineArn: string): readonly ExecutionSummary[];
  /** Some of these were there before. */
  has(stateMachineArn: string, some: readonly ExecutionSummary[]): boolean;
  /** How far back the next look has to reach to see how every execution that runs goes on. */
  reach(stateMachineArn: string): number;
  describe(execution: ExecutionSummary, described: Described): void;
  isDescribed(execution: ExecutionSummary): boolean;
  /** Of all machines, newest first. The same object while nothing changed. */
  all(): Pick<Looked<DeskExecution>, 'rows' | 'more'>;
  forget(keep: ReadonlySet<string>): void;
}

export function createExecutionLists(): ExecutionLists {
  const machines = new Map<string, { rows: ExecutionSummary[]; whole: boolean }>();
  const described = new Map<string, Described>();
  let sorted: { rows: { execution: ExecutionSummary; typed: string }[]; more: boolean } | undefined;
  let merged: { rows: DeskExecution[]; more: boolean } | undefined;
  const changed = (): void => {
    sorted = undefined;
    merged = undefined;
  };
  /** What was made of an execution before: the same row means that nothing of it has changed. */
  const made = new WeakMap<ExecutionSummary, { from: Described | undefined; row: DeskExecution }>();
  const known = ({ executionArn, redriveCount = 0 }: ExecutionSummary): Described | undefined => {
    const one = described.get(executionArn);
    return one?.redriveCount === redriveCount ? one : undefined;
  };
  const rowOf = (execution: ExecutionSummary, typed: string): DeskExecution => {
    const from = known(execution);
    const before = made.get(execution);
    if (before && before.from === from && before.row.typed === typed) return before.row;
    const { redriveCount: _, ...rest } = from ?? {};
    const row = { ...execution, machine: machineName(execution.stateMachineArn), typed, ...rest };
    made.set(execution, { from, row });
    return row;
  };
  const inOrder = (): NonNullable<typeof sorted> => {
    const rows = [...machines.values()].flatMap((machine) => machine.rows);
    rows.sort((a, b) => b.startDate.getTime() - a.startDate.getTime());
    const typed = typedNames(rows.map(({ executionArn }) => executionArn));
    const more = rows.length > MOST || [...machines.values()].some(({ whole }) => !whole);
    return {
      more,
      rows: rows.slice(0, MOST).map((execution) => ({ execution, typed: typed(execution.executionArn) })),
    };
  };
  return {
    put(stateMachineArn, looked, whole) {
      const before = machines.get(stateMachineArn);
      const former = new Map(before?.rows.map((row) => [row.executionArn, row]));
      const newest = looked.map((row) => {
        const same = former.get(row.executionArn);
        return same && sameRows([same], [row]) ? same : row;
      });
      const oldest = newest.at(-1)?.startDate.getTime() ?? Number.POSITIVE_INFINITY;
      const seen = new Set(newest.map(({ executionArn }) => executionArn));
      const older = whole
        ? []
        : (before?.rows ?? []).filter(
            ({ startDate, executionArn }) => startDate.getTime() <= oldest && !seen.has(executionArn),
          );
      const rows = [...newest, ...older].slice(0, MOST_OF_MACHINE);
      if (before && sameRows(before.rows, rows)) return;
      machines.set(stateMachineArn, { rows, whole: whole || (before?.whole ?? false) });
      changed();
    },
    extend(stateMachineArn, older, whole) {
      const before = machines.get(stateMachineArn)?.rows ?? [];
      const known = new Set(before.map(({ executionArn }) => executionArn));
      const rows = [...before, ...older.filter(({ executionArn }) => !known.has(executionArn))];
      machines.set(stateMachineArn, { rows: rows.slice(0, MOST_OF_MACHINE), whole });
      changed();
    },
    endsAfter(stateMachineArn, time) {
      const { rows, whole } = machines.get(stateMachineArn) ?? { rows: [], whole: true };
      const last = rows.at(-1)?.startDate.getTime();
      return !whole && rows.length < MOST_OF_MACHINE && last !== undefined && last >= time;
    },
    of: (stateMachineArn) => machines.get(stateMachineArn)?.rows ?? [],
    has(stateMachineArn, some) {
      const rows = machines.get(stateMachineArn)?.rows ?? [];
      const known = new Set(rows.map(({ executionArn }) => executionArn));
      return some.some(({ executionArn }) => known.has(executionArn));
    },
    reach(stateMachineArn) {
      const rows = machines.get(stateMachineArn)?.rows ?? [];
      return rows.findLastIndex(({ status }) => status === 'RUNNING') + 1;
    },
    describe(execution, one) {
      for (const oldest of described.keys()) {
        if (described.size < MOST_DESCRIBED) break;
        described.delete(oldest);
      }
      described.set(execution.executionArn, one);
      merged = undefined;
    },
    isDescribed: (execution) => known(execution) !== undefined,
    all() {
      if (merged) return merged;
      sorted ??= inOrder();
      const { rows, more } = sorted;
      merged = { more, rows: rows.map(({ execution, typed }) => rowOf(execution, typed)) };
      return merged;
    },
    forget(keep) {
      const before = machines.size;
      for (const arn of machines.keys()) if (!keep.has(arn)) machines.delete(arn);
      if (machines.size < before) changed();
    },
  };
}

const sameRows = (a: ExecutionSummary[], b: ExecutionSummary[]): boolean =>
  a.length === b.length &&
  a.every((one, index) => {
    const other = b[index];
    return (
      one.executionArn === other?.executionArn &&
      one.status === other.status &&
      one.redriveCount === other.redriveCount &&
      one.stopDate?.getTime() === other.stopDate?.getTime()
    );
  });
