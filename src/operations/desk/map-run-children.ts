import { FlowError } from '../../errors.js';
import type { ExecutionSummary, Gateways } from '../../ports/aws.js';
import { rest } from '../../ports/retry.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { machineName } from '../../workflow/names/arn.js';
import { findRequestId } from '../../workflow/names/request-id.js';
import { typedName } from '../../workflow/names/typed-name.js';
import { atMost } from '../pace/take-next.js';
import type { Opening } from './open-execution.js';
import type { DeskExecution, OpenedExecution } from './snapshot.js';

/** Executions of a status that one call gives. */
const PAGE = 1_000;
/** A Distributed Map of more is not scrolled to its end. */
const MOST = 40_000;
/** Failures that are explained at once. */
const EXPLAINED = 20;
/** Milliseconds between two looks at a run that runs. */
const PAUSE = 15_000;
const badFirst = ['FAILED', 'TIMED_OUT', 'ABORTED', 'RUNNING', 'SUCCEEDED'] as const;
type Status = (typeof badFirst)[number];

/** What somebody sees of a map run's executions. */
export interface SeenChildren {
  visible: readonly DeskExecution[];
  /** They have come to the end of the list. */
  atEnd: boolean;
}

/**
 * The executions of a map run, those that ended badly first: the newest of each status, looked at again as long as it
 * runs, and older ones while somebody scrolls down.
 */
export async function followChildren(
  opened: OpenedExecution,
  mapRunArn: string,
  opening: Opening,
  seen: () => SeenChildren,
): Promise<void> {
  const { gateways, signal, clock, onChange, pollMilliseconds } = opening;
  const { states } = gateways;
  const children = childrenOf(states, mapRunArn);
  const show = (): void => {
    opened.children.set(mapRunArn, { rows: children.rows(), at: clock.now(), more: children.more() });
    onChange();
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let running = true;
  try {
    while (!signal.aborted) {
      if (running && clock.now() - lookedAt >= PAUSE) {
        await children.look();
        show();
        running = (await states.describeMapRun(mapRunArn)).status === 'RUNNING';
        lookedAt = clock.now();
      } else if (children.more() && seen().atEnd) {
        await children.readOn();
        show();
      }
      if (await children.explain(seen().visible)) show();
      await rest(opening, pollMilliseconds / 4);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof FlowError)) throw error;
    const { rows = [], at } = opened.children.get(mapRunArn) ?? {};
    opened.children.set(mapRunArn, { rows, at: at ?? clock.now(), missing: error.message });
    onChange();
  }
}

function childrenOf(states: Gateways['states'], mapRunArn: string) {
  const found = new Map(badFirst.map((status) => [status, new Map<string, DeskExecution>()]));
  const explained = new Map<string, DeskExecution>();
  /** Where the reading of older ones goes on. */
  const older = new Map<Status, AsyncIterator<ExecutionSummary>>();
  let size = 0;
  const rows = (): DeskExecution[] => badFirst.flatMap((status) => [...(found.get(status)?.values() ?? [])]);
  const first = (): DeskExecution[] => {
    const those: DeskExecution[] = [];
    for (const status of badFirst)
      for (const one of found.get(status)?.values() ?? []) {
        if (those.length === EXPLAINED) return those;
        those.push(one);
      }
    return those;
  };
  const page = async (status: Status, from: AsyncIterator<ExecutionSummary>): Promise<DeskExecution[]> => {
    const read = await atMost(from, PAGE);
    if (read.length < PAGE) older.delete(status);
    return read.map(
      (child) =>
        explained.get(keyOf(child)) ?? {
          ...child,
          machine: machineName(child.stateMachineArn),
          typed: typedName(child.executionArn),
        },
    );
  };
  /** @param all those of the status from now on */
  const put = (status: Status, fresh: readonly DeskExecution[], all: readonly DeskExecution[]): void => {
    // What has ended, or runs again, stands where it belongs now.
    for (const those of found.values()) for (const { executionArn } of fresh) those.delete(executionArn);
    found.set(status, new Map(all.map((one) => [one.executionArn, one])));
    size = [...found.values()].reduce((sum, those) => sum + those.size, 0);
  };
  const of = (status: Status): ReadonlyMap<string, DeskExecution> => found.get(status) ?? new Map();
  return {
    rows,
    more: (): boolean => older.size > 0 && size < MOST,
    async look(): Promise<void> {
      for (const status of badFirst) {
        const known = of(status);
        const from = older.get(status);
        const listed = states.listExecutions({ mapRunArn, status, atMost: PAGE })[Symbol.asyncIterator]();
        older.set(status, listed);
        const newest = await page(status, listed);
        // What no longer runs has ended as something else.
        if (status === 'RUNNING') {
          put(status, newest, newest);
          continue;
        }
        // Down to those that were known: what was read on from there is not read again.
        if (newest.some(({ executionArn }) => known.has(executionArn))) {
          if (from) older.set(status, from);
          else older.delete(status);
        }
        const fresh = new Set(newest.map(({ executionArn }) => executionArn));
        put(status, newest, [
          ...newest,
          ...[...known.values()].filter((one) => !fresh.has(one.executionArn)),
        ]);
      }
    },
    /** The next page, of what is worth a look first. */
    async readOn(): Promise<void> {
      const status = badFirst.find((one) => older.has(one));
      const from = status && older.get(status);
      if (!from) return;
      const known = [...of(status).values()];
      const next = await page(status, from);
      put(status, next, [...known, ...next]);
    },
    /** Why those failed that are seen, and the first ones. @returns whether something is new */
    async explain(visible: readonly DeskExecution[]): Promise<boolean> {
      const unread = new Map<string, DeskExecution>();
      for (const row of [...first(), ...visible])
        if (row.status !== 'SUCCEEDED' && row.status !== 'RUNNING' && !explained.has(keyOf(row)))
          unread.set(keyOf(row), row);
      for (const [key, row] of [...unread].slice(0, EXPLAINED)) {
        const known = await explainedRow(states, row);
        explained.set(key, known);
        const those = found.get(row.status as Status);
        if (those?.has(row.executionArn)) those.set(row.executionArn, known);
      }
      return unread.size > 0;
    },
  };
}

const keyOf = ({ executionArn, status, redriveCount = 0 }: ExecutionSummary): string =>
  `${executionArn} ${status} ${redriveCount}`;

async function explainedRow(states: Gateways['states'], row: DeskExecution): Promise<DeskExecution> {
  const { input, error, cause } = await states.describeExecution(row.executionArn);
  const { message, type } = decodeFailure(error, cause);
  return {
    ...row,
    requestId: findRequestId(input),
    error: type ?? error,
    why: error !== undefined || cause !== undefined ? message : undefined,
  };
}
