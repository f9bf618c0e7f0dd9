import { createItemLedger, type IterationEnd } from '../../framework/task/item-ledger.js';
import { type ItemResult, runsFurther } from '../../framework/task/item-results.js';
import { type TaskRecordOrder, taskKey } from '../../framework/task/record.js';
import type { Json } from '../../json/json.js';
import type { ExecutionDescription, Gateways } from '../../ports/aws.js';
import type { Waits } from '../../ports/waits.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { shareName } from '../../workflow/names/stable-name.js';
import { inputOfItems, itemsOfExecution } from '../execution/execution-input.js';
import { startNamed } from '../execution/start-named.js';
import { followExecution } from '../follow/follow-execution.js';
import { executionOfRecord } from '../framework/execution-of-record.js';
import { authorship, writeRecord } from '../framework/record.js';
import { patiently } from '../pace/retry.js';
import type { BatchShare } from './batch-journal.js';
import type { BatchStart } from './choose-batch-start.js';
import { readItemResults } from './read-item-results.js';

export interface ShareOrder {
  batch: string;
  /** Which share of the batch it is. */
  index: number;
  /** What the batch is called after, for people. */
  title: string;
  stateMachineArn: string;
  mapState: string;
  itemsMember?: string;
  start: BatchStart;
  share: BatchShare;
  /** JSON texts. */
  items: readonly string[];
  tasksTable?: string;
  /** Items that never ran because another one failed stay so. */
  stopOnFailure: boolean;
}

export interface Surroundings {
  gateways: Gateways;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  pollMilliseconds: number;
  signal: AbortSignal;
  waits: Waits;
}

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

/** So many executions in a row in which nothing succeeds mean that more of them are of no use. */
const mostInVain = 5;

/**
 * Runs the items of one share. An item that fails ends its execution for the others, too: those that never ran or were
 * broken off go on in a further execution, until each has its own result, unless nothing succeeds any more or somebody
 * stopped it. Undefined when `signal` fired.
 */
export async function runShare(
  order: ShareOrder,
  around: Surroundings,
  onEvent: (event: ShareEvent) => void | Promise<void>,
): Promise<ShareRun | undefined> {
  const run: ShareRun = { executions: [], results: [], took: { milliseconds: 0, items: 0 } };
  let indexes = order.items.map((_, index) => index);
  let items = order.items;
  for (let number = 1, inVain = 0; ; number++) {
    const begun = number === 1 ? await begin(order, around) : await startItems(order, number, items, around);
    await onEvent({ type: 'started', executionArn: begun.executionArn, former: begun.former !== undefined });
    const followed = await follow(order, begun, around, onEvent);
    if (!followed) return undefined;
    items = begun.items ?? items;
    const { executionArn } = begun;
    const { status, iterations } = followed;
    const ended = { ...order, executionArn, status, items };
    const results = await patiently(around, () => readItemResults(around.gateways, ended));
    onEvent({ type: 'ended', executionArn, status, results });
    run.executions.push(await ranExecution(executionArn, status, around));
    measure(run, iterations);
    results.forEach((result, place) => {
      run.results[indexes[place] ?? place] = result;
    });
    const left = results.flatMap((result, place) => (runsFurther(result, status) ? [place] : []));
    inVain = results.some(({ status }) => status === 'SUCCEEDED') ? 0 : inVain + 1;
    const useless = left.length === results.length || inVain >= mostInVain;
    if (left.length === 0 || useless || status === 'ABORTED' || order.stopOnFailure) return run;
    indexes = left.flatMap((place) => indexes[place] ?? []);
    items = left.flatMap((place) => items[place] ?? []);
  }
}

async function ranExecution(
  executionArn: string,
  status: string,
  around: Surroundings,
): Promise<RanExecution> {
  if (status === 'SUCCEEDED') return { executionArn, status };
  const { error, cause } = await patiently(around, () =>
    around.gateways.states.describeExecution(executionArn),
  );
  const { message, type } = decodeFailure(error, cause);
  const reason = type === undefined || message.includes(type) ? message : `${type}: ${message}`;
  return { executionArn, status, reason };
}

/** Starts the first execution of a share, without following it. */
export async function begin(order: ShareOrder, around: Surroundings): Promise<Begun> {
  const { start, share, items } = order;
  if (start.via === 'execution' || share.code === undefined) return await startItems(order, 1, items, around);
  const { gateways } = around;
  const record = { tenant: start.tenant, type: start.type, code: share.code };
  const key = taskKey(record);
  const input = items.map((text) => JSON.parse(text) as Json);
  await patiently(around, () =>
    writeRecord(gateways, start.table, {
      id: `${key.pk}#${key.sk}`,
      ...key,
      version: 0,
      code: record.code,
      type: record.type,
      name: order.title,
      tenantCode: record.tenant,
      status: 'CREATED',
      input,
      ...authorship({ who: start.who, now: around.clock.now(), requestId: order.batch }),
    }),
  );
  const executionArn = share.executionArn ?? (await recordedExecution(order, record, around));
  const described = await patiently(around, () => gateways.states.describeExecution(executionArn));
  return {
    executionArn,
    items: itemsOfExecution(described, undefined),
    ...(described.status !== 'RUNNING' && { former: described }),
  };
}

/** The execution that the framework starts for a record. */
async function recordedExecution(
  { stateMachineArn, start }: ShareOrder,
  record: TaskRecordOrder,
  around: Surroundings,
): Promise<string> {
  const key = taskKey(record);
  return await executionOfRecord(
    {
      id: `${key.pk}#${key.sk}`,
      stateMachineArn,
      // SFN_TASK-<tenant>-<type>-<code>-<time>: nothing else has its code.
      isOurs: ({ name }) => name.includes(`-${record.code}-`),
      state: async () => {
        const found = start.via === 'table' ? await around.gateways.tables.get(start.table, key) : undefined;
        const attributes = (found?.attributes ?? {}) as { error?: string };
        return found && { status: String(found.status), message: attributes.error };
      },
      path: 'the table’s stream, task-action-queue and the function',
    },
    around,
  );
}

export interface Begun {
  executionArn: string;
  former?: ExecutionDescription;
  /** What it was really given, where the framework made that of the items. */
  items?: string[];
}

/** @param number 1, or more for those that go on with what never ran */
async function startItems(
  { batch, index, stateMachineArn, itemsMember }: ShareOrder,
  number: number,
  items: readonly string[],
  around: Surroundings,
): Promise<Begun> {
  const name = shareName(batch, index, number);
  const input = inputOfItems(items, itemsMember);
  return await patiently(around, () => startNamed(around.gateways.states, { stateMachineArn, name, input }));
}

/** Follows to the end; undefined when `signal` fired before. */
async function follow(
  { mapState }: ShareOrder,
  { executionArn, former }: Begun,
  { gateways, clock, pollMilliseconds, signal }: Surroundings,
  onEvent: (event: ShareEvent) => void,
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
      onEvent({ type: 'running', executionArn, succeeded, failed });
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
