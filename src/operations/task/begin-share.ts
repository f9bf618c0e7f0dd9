import { type TaskRecordOrder, taskKey } from '../../framework/task/task-record.js';
import type { Json } from '../../json/json.js';
import type { ExecutionDescription, Gateways } from '../../ports/aws.js';
import type { Clock } from '../../ports/clock.js';
import { patiently } from '../../ports/retry.js';
import type { Waits } from '../../ports/waits.js';
import { shareName } from '../../workflow/names/stable-name.js';
import { executionOfRecord } from '../framework/execution-of-record.js';
import { authorship, writeRecord } from '../framework/framework-record.js';
import { inputOfItems, itemsOfExecution } from '../start/execution-input.js';
import type { BatchStart } from './choose-batch-start.js';
import type { BatchPlan } from './plan-batch.js';
import { startShare } from './start-share.js';

export interface ShareSurroundings {
  gateways: Gateways;
  clock: Clock;
  pollMilliseconds: number;
  signal: AbortSignal;
  waits: Waits;
}

/** An execution that runs items. */
export interface Begun {
  executionArn: string;
  former?: ExecutionDescription;
  /** What it was really given, where the framework made that of the items. */
  items?: string[];
}

/** Of one share, JSON texts. */
export function itemsOfShare({ entry, items }: BatchPlan, index: number): string[] {
  const { first, count } = entry.shares[index] ?? { first: 0, count: 0 };
  return items.slice(first, first + count).map(({ text }) => text);
}

/** Starts the first execution of a share, without following it. */
export async function beginShare(plan: BatchPlan, index: number, around: ShareSurroundings): Promise<Begun> {
  const { start, shares } = plan.entry;
  const items = itemsOfShare(plan, index);
  const code = shares[index]?.code;
  if (start.via === 'execution' || code === undefined)
    return await startItems(plan, { index, number: 1 }, items, around);
  const { gateways } = around;
  await recordItems(plan, { ...start, code }, items, around);
  const executionArn =
    shares[index]?.executionArn ?? (await recordedExecution(plan, { ...start, code }, around));
  const described = await patiently(around, () => gateways.states.describeExecution(executionArn));
  return {
    executionArn,
    items: itemsOfExecution(described, undefined),
    ...(described.status !== 'RUNNING' && { former: described }),
  };
}

type RecordStart = Extract<BatchStart, { via: 'table' }> & TaskRecordOrder;

/** Writes the record from which the framework starts the execution. */
async function recordItems(
  { entry }: BatchPlan,
  start: RecordStart,
  items: string[],
  around: ShareSurroundings,
): Promise<void> {
  const key = taskKey(start);
  const input = items.map((text) => JSON.parse(text) as Json);
  await patiently(around, () =>
    writeRecord(around.gateways, start.table, {
      id: `${key.pk}#${key.sk}`,
      ...key,
      version: 0,
      code: start.code,
      type: start.type,
      name: entry.source,
      tenantCode: start.tenant,
      status: 'CREATED',
      input,
      ...authorship({ who: start.who, now: around.clock.now(), requestId: entry.batch }),
    }),
  );
}

/** The execution that the framework starts for a record. */
async function recordedExecution(
  { entry: { stateMachineArn } }: BatchPlan,
  start: RecordStart,
  around: ShareSurroundings,
): Promise<string> {
  const key = taskKey(start);
  return await executionOfRecord(
    {
      id: `${key.pk}#${key.sk}`,
      stateMachineArn,
      // SFN_TASK-<tenant>-<type>-<code>-<time>: nothing else has its code.
      isOurs: ({ name }) => name.includes(`-${start.code}-`),
      state: async () => {
        const found = await around.gateways.tables.get(start.table, key);
        const attributes = (found?.attributes ?? {}) as { error?: string };
        return found && { status: String(found.status), message: attributes.error };
      },
      path: 'the table’s stream, task-action-queue and the function',
    },
    around,
  );
}

/** @param number 1, or more for those that go on with what never ran */
export async function startItems(
  { entry, machine }: BatchPlan,
  { index, number }: { index: number; number: number },
  items: readonly string[],
  around: ShareSurroundings,
): Promise<Begun> {
  const { batch, stateMachineArn } = entry;
  const name = shareName(batch, index, number);
  const input = inputOfItems(items, machine.itemsMember);
  return await patiently(around, () => startShare(around.gateways.states, { stateMachineArn, name, input }));
}
