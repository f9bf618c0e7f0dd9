import { exitCodes, FlowError } from '../../errors.js';
import {
  countItems,
  type ItemCounts,
  type ItemResult,
  isOpen,
  itemResults,
} from '../../framework/task/item-results.js';
import type { SubTaskState } from '../../framework/task/task-record.js';
import type { Gateways } from '../../ports/aws.js';
import { recordKey } from '../framework/framework-record.js';
import { accountBatch } from './account-batch.js';
import type { BatchEntry, BatchJournal } from './batch-journal.js';
import { readExecutionItems } from './read-item-results.js';
import { subTasks } from './sub-tasks.js';

/** A batch, an execution over items, or a record of the framework, as far as its items are concerned. */
export interface ShownBatch {
  /** Name of the batch, ARN of the execution, or id of the record. */
  batch: string;
  kind: 'batch' | 'execution' | 'record';
  status: string;
  /** The file that it was made of. */
  source?: string;
  executions: { executionArn: string; status?: string }[];
  items: ItemCounts & { running: number };
  /** What did not succeed, by index. */
  bad: (Pick<ItemResult, 'status' | 'error' | 'message'> & { index: number })[];
  rerunOf?: string;
  rerunBy?: string;
}

interface Surroundings {
  gateways: Pick<Gateways, 'states' | 'tables'>;
  journal: BatchJournal;
  /** The framework's table of tasks, where something says its name. */
  tasksTable?: string;
  /** @throws FlowError 3 or 5 where it is none that is there */
  executionArn(reference: string): Promise<string>;
}

/** What a reference means: a batch of the journal, a record's id, or else an execution. */
export async function showBatch(reference: string, around: Surroundings): Promise<ShownBatch> {
  const entry = await around.journal.read(reference);
  if (entry) return await ofEntry(entry, around);
  if (reference.startsWith('SFN_TASK#')) return await ofRecord(reference, around);
  return await ofExecution(await around.executionArn(reference), around);
}

async function ofEntry(entry: BatchEntry, { gateways, tasksTable }: Surroundings): Promise<ShownBatch> {
  const { batch, source, rerunOf, outcome, shares } = entry;
  const shown = { batch, kind: 'batch' as const, source, ...(rerunOf !== undefined && { rerunOf }) };
  const indexOf = (place: number): number => entry.indexes?.[place] ?? place;
  if (outcome) {
    const { items, bad, executions, rerunBy } = outcome;
    return {
      ...shown,
      status: 'ENDED',
      executions: executions.map((executionArn) => ({ executionArn })),
      items: { ...items, running: 0 },
      bad: bad.map((one) => ({ ...one, index: indexOf(one.index) })),
      ...(rerunBy !== undefined && { rerunBy }),
    };
  }
  const { executions, results, running, waiting } = await accountBatch(gateways, entry, tasksTable);
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  return {
    ...shown,
    status: running > 0 ? 'RUNNING' : waiting > 0 ? 'NOT_ALL_STARTED' : 'ENDED',
    executions,
    items: { ...countItems(results.values()), total, running },
    bad: badOf([...results].map(([place, result]) => ({ ...result, index: indexOf(place) }))),
  };
}

async function ofExecution(
  executionArn: string,
  { gateways, tasksTable }: Surroundings,
): Promise<ShownBatch> {
  const description = await gateways.states.describeExecution(executionArn);
  const { status } = description;
  const { items, results } = await readExecutionItems(gateways, description, tasksTable);
  const running = status === 'RUNNING' ? results.filter(isOpen).length : 0;
  const settled = status === 'RUNNING' ? results.filter((result) => !isOpen(result)) : results;
  return {
    batch: executionArn,
    kind: 'execution',
    status,
    executions: [{ executionArn, status }],
    items: { ...countItems(settled), total: items.length, running },
    bad: badOf(results.map((result, index) => ({ ...result, index }))).filter(
      (result) => status !== 'RUNNING' || !isOpen(result),
    ),
  };
}

async function ofRecord(id: string, { gateways, tasksTable }: Surroundings): Promise<ShownBatch> {
  const key = recordKey(id);
  const missing = (where: string | undefined): FlowError =>
    new FlowError(exitCodes.notFound, 'TaskNotFound', `there is no record ${id}`, { where });
  if (!key || tasksTable === undefined) throw missing(tasksTable);
  const record = await gateways.tables.get(tasksTable, key);
  if (!record) throw missing(tasksTable);
  const records = new Map<number, SubTaskState>();
  for await (const { state } of subTasks(gateways, tasksTable, key)) records.set(state.index, state);
  const total = Math.max(records.size, Array.isArray(record.input) ? record.input.length : 0);
  const done = [...records.values()].filter(({ status }) => status === 'COMPLETED' || status === 'FAILED');
  const results = itemResults({
    status: String(record.status),
    name: id,
    total,
    // What its record does not tell of is as open as an iteration that never ended.
    iterations: new Map([...records.keys()].map((index) => [index, { how: 'open', startedAt: 0 }])),
    records,
  });
  const ended = record.status === 'COMPLETED' || record.status === 'FAILED';
  return {
    batch: id,
    kind: 'record',
    status: String(record.status),
    executions: [],
    items: {
      ...countItems(done.flatMap(({ index }) => results[index] ?? [])),
      total,
      running: ended ? 0 : total - done.length,
    },
    bad: badOf(results.map((result, index) => ({ ...result, index }))).filter(
      ({ index }) => ended || records.get(index)?.status === 'FAILED',
    ),
  };
}

const badOf = (results: (ItemResult & { index: number })[]): ShownBatch['bad'] =>
  results
    .flatMap(({ index, status, error, message }) =>
      status === 'SUCCEEDED' ? [] : [{ index, status, ...(error !== undefined && { error }), message }],
    )
    .sort((a, b) => a.index - b.index);
