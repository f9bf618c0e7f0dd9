import { createItemLedger, type IterationEnd } from '../../framework/task/item-ledger.js';
import { type ItemResult, runsFurther } from '../../framework/task/item-results.js';
import type { Gateways } from '../../ports/aws.js';
import { patiently } from '../../ports/retry.js';
import { failureText } from '../../workflow/failure/cause.js';
import { followExecution } from '../follow/follow-execution.js';
import { type Begun, beginShare, itemsOfShare, type ShareSurroundings, startItems } from './begin-share.js';
import type { BatchPlan } from './plan-batch.js';
import { readItemResults } from './read-item-results.js';

export type ShareEvent =
  | { type: 'started'; executionArn: string; former: boolean }
  | { type: 'running'; executionArn: string; succeeded: number; failed: number }
  | { type: 'ended'; executionArn: string; status: string; results: ItemResult[] };

export interface ShareRun {
  executions: RanExecution[];
  /** Of each item, in order. */
  results: ItemResult[];
  /** Milliseconds that items took, and how many were measured. */
  took: { milliseconds: number; items: number };
}

export interface RanExecution {
  executionArn: string;
  status: string;
  /** Why it did not succeed, for people. */
  reason?: string;
}

interface Surroundings extends ShareSurroundings {
  tasksTable?: string;
  /** Items that never ran because another one failed stay so. */
  stopOnFailure: boolean;
  /** Resolves when the event has been seen. */
  tell(event: ShareEvent): Promise<void>;
}

/** So many executions in a row in which nothing succeeds mean that more of them are of no use. */
const mostInVain = 5;

/**
 * Runs the items of one share. An item that fails ends its execution for the others, too: those that never ran or were
 * broken off go on in a further execution, until each has its own result, unless nothing succeeds any more or somebody
 * stopped it. Undefined when `signal` fired.
 */
export async function runShare(
  plan: BatchPlan,
  index: number,
  around: Surroundings,
): Promise<ShareRun | undefined> {
  const run: ShareRun = { executions: [], results: [], took: { milliseconds: 0, items: 0 } };
  const { mapState } = plan.machine;
  let items = itemsOfShare(plan, index);
  let places = items.map((_, place) => place);
  for (let number = 1, inVain = 0; ; number++) {
    const begun =
      number === 1
        ? await beginShare(plan, index, around)
        : await startItems(plan, { index, number }, items, around);
    const { executionArn } = begun;
    await around.tell({ type: 'started', executionArn, former: begun.former !== undefined });
    const followed = await follow(mapState, begun, around);
    if (!followed) return undefined;
    items = begun.items ?? items;
    const { status, iterations } = followed;
    const ended = { executionArn, status, mapState, items, tasksTable: around.tasksTable };
    const results = await patiently(around, () => readItemResults(around.gateways, ended));
    await around.tell({ type: 'ended', executionArn, status, results });
    run.executions.push(await ranExecution(executionArn, status, around));
    measure(run, iterations);
    results.forEach((result, at) => {
      run.results[places[at] ?? at] = result;
    });
    const left = results.flatMap((result, at) => (runsFurther(result, status) ? [at] : []));
    inVain = results.some(({ status }) => status === 'SUCCEEDED') ? 0 : inVain + 1;
    const useless = left.length === results.length || inVain >= mostInVain;
    if (left.length === 0 || useless || status === 'ABORTED' || around.stopOnFailure) return run;
    places = left.flatMap((at) => places[at] ?? []);
    items = left.flatMap((at) => items[at] ?? []);
  }
}

async function ranExecution(
  executionArn: string,
  status: string,
  around: ShareSurroundings,
): Promise<RanExecution> {
  if (status === 'SUCCEEDED') return { executionArn, status };
  const { error, cause } = await patiently(around, () =>
    around.gateways.states.describeExecution(executionArn),
  );
  return { executionArn, status, reason: failureText(error, cause) };
}

/** Follows to the end; undefined when `signal` fired before. */
async function follow(
  mapState: string,
  { executionArn, former }: Begun,
  { gateways, clock, pollMilliseconds, signal, tell }: Surroundings,
): Promise<{ status: string; iterations: ReadonlyMap<number, IterationEnd> } | undefined> {
  if (former && former.status !== 'RUNNING') return { status: former.status, iterations: new Map() };
  const ledger = createItemLedger(mapState);
  const { states } = gateways;
  // Counts need no data, of which the events of items have much.
  const lean: Pick<Gateways['states'], 'historyPages' | 'describeMapRun'> = {
    historyPages: (arn, options) => states.historyPages(arn, { ...options, includeExecutionData: false }),
    describeMapRun: (arn) => states.describeMapRun(arn),
  };
  const { status } = await followExecution(lean, executionArn, {
    signal,
    clock,
    pollMilliseconds,
    onUpdate(model, _mapRuns, events) {
      ledger.take(model, events);
      const { succeeded = 0, failed = 0 } = model.maps.get(mapState) ?? {};
      void tell({ type: 'running', executionArn, succeeded, failed });
    },
  });
  return status === 'RUNNING' ? undefined : { status, iterations: ledger.iterations };
}

function measure({ took }: ShareRun, iterations: ReadonlyMap<number, IterationEnd>): void {
  for (const { startedAt, endedAt } of iterations.values()) {
    if (endedAt === undefined) continue;
    took.milliseconds += endedAt - startedAt;
    took.items++;
  }
}
