import { exitCodes, FlowError } from '../../errors.js';
import { itemOf } from '../../framework/task/item-text.js';
import { recordOfItem, taskKey } from '../../framework/task/task-record.js';
import type { Json } from '../../json/json.js';
import type { Gateways } from '../../ports/aws.js';
import { recordKey } from '../framework/framework-record.js';
import { accountBatch } from './account-batch.js';
import type { BatchEntry, BatchItems, BatchJournal } from './batch-journal.js';
import { readExecutionItems } from './read-item-results.js';
import type { ItemList } from './read-items.js';
import { subTasks } from './sub-tasks.js';

/** The items of a former batch or execution that did not succeed. */
export interface Unfinished {
  list: ItemList;
  /** Name of the batch, or ARN of the execution. */
  of: string;
  /** Their places there. */
  indexes: number[];
  stateMachineArn: string;
  /** The framework's records of them are there. */
  records: boolean;
}

interface Surroundings {
  gateways: Pick<Gateways, 'states' | 'tables'>;
  journal: BatchJournal;
  items: BatchItems;
  tasksTable?: string;
  /** @throws FlowError where there is none, or several are meant */
  machineArn(reference: string): Promise<string>;
  executionArn(reference: string): Promise<string>;
}

/**
 * What did not succeed of what a reference means: a batch of the journal, a record's id, or else an execution.
 * @throws FlowError 5 while it still runs
 */
export async function findUnfinished(reference: string, around: Surroundings): Promise<Unfinished> {
  const entry = await around.journal.read(reference);
  if (entry) return await ofBatch(entry, around);
  if (reference.startsWith('SFN_TASK#'))
    return await ofRecord(reference, await around.machineArn('task'), around);
  return await ofExecution(await around.executionArn(reference), around);
}

/** Where a batch was run again already, what did not succeed in what ran it last. */
async function ofBatch(first: BatchEntry, around: Surroundings): Promise<Unfinished> {
  const { gateways, journal, items: kept, tasksTable } = around;
  let entry = first;
  for (let next = entry.outcome?.rerunBy; next !== undefined; next = entry.outcome?.rerunBy) {
    const later = await journal.read(next);
    if (!later) break;
    entry = later;
  }
  const bad = entry.outcome
    ? entry.outcome.bad.map(({ index }) => index)
    : await badNow(gateways, entry, tasksTable);
  const records = entry.start.via === 'table';
  const texts = records ? await recordsOf(gateways, entry) : await kept.read(entry.batch);
  if (!texts)
    throw new FlowError(
      exitCodes.notFound,
      'ItemsNotKept',
      `the items of ${entry.batch} are no longer available`,
      {
        hint: 'give one of its executions: mbc-flow task start --rerun <execution>',
      },
    );
  const items = bad.flatMap((index) => texts[index] ?? []);
  return {
    list: listOf(entry.batch, wordOf(entry.batch), items),
    of: entry.batch,
    indexes: bad.map((index) => entry.indexes?.[index] ?? index),
    stateMachineArn: entry.stateMachineArn,
    records,
  };
}

/** The framework's records of a batch's items, as JSON texts. */
async function recordsOf(
  gateways: Surroundings['gateways'],
  { start, shares }: BatchEntry,
): Promise<string[] | undefined> {
  const texts: string[] = [];
  for (const { first, code } of shares) {
    if (start.via !== 'table' || code === undefined) return undefined;
    for await (const { item, state } of subTasks(gateways, start.table, taskKey({ ...start, code })))
      texts[first + state.index] = JSON.stringify(item);
  }
  return texts;
}

/** Of a batch whose outcome nobody was told yet. */
async function badNow(
  gateways: Surroundings['gateways'],
  entry: BatchEntry,
  tasksTable: string | undefined,
): Promise<number[]> {
  const { results, running, waiting } = await accountBatch(gateways, entry, tasksTable);
  if (running > 0 || waiting > 0)
    throw new FlowError(
      exitCodes.conflict,
      'BatchNotEnded',
      `the batch ${entry.batch} has not ended: ${running} items are running, ${waiting} were not started`,
      { hint: `the command that started it resumes it (${entry.source})` },
    );
  return [...results]
    .flatMap(([index, { status }]) => (status === 'SUCCEEDED' ? [] : [index]))
    .sort((a, b) => a - b);
}

/** Of an execution, whoever started it. */
async function ofExecution(executionArn: string, around: Surroundings): Promise<Unfinished> {
  const { gateways, tasksTable } = around;
  const description = await gateways.states.describeExecution(executionArn);
  const { status, stateMachineArn, name } = description;
  if (status === 'RUNNING')
    throw new FlowError(exitCodes.conflict, 'ExecutionNotEnded', 'this execution is still running', {
      where: executionArn,
      hint: `mbc-flow watch ${executionArn}`,
    });
  const { items, results } = await readExecutionItems(gateways, description, tasksTable);
  const indexes = results.flatMap(({ status }, index) => (status === 'SUCCEEDED' ? [] : [index]));
  const bad = indexes.flatMap((index) => items[index] ?? []);
  return {
    list: listOf(executionArn, wordOf(name), bad),
    of: executionArn,
    indexes,
    stateMachineArn,
    records: bad.every((text) => recordOfItem(JSON.parse(text) as Json) !== undefined),
  };
}

/** Of a record of the framework: the records of the items that say so themselves, to be given to the machine again. */
async function ofRecord(
  id: string,
  stateMachineArn: string,
  { gateways, tasksTable }: Surroundings,
): Promise<Unfinished> {
  const key = recordKey(id);
  const bad: { index: number; text: string }[] = [];
  if (key && tasksTable !== undefined)
    for await (const { item, state } of subTasks(gateways, tasksTable, key))
      if (state.status === 'FAILED') bad.push({ index: state.index, text: JSON.stringify(item) });
  bad.sort((a, b) => a.index - b.index);
  return {
    list: listOf(
      id,
      id.split('#')[2] ?? 'tasks',
      bad.map(({ text }) => text),
    ),
    of: id,
    indexes: bad.map(({ index }) => index),
    stateMachineArn,
    records: true,
  };
}

const listOf = (path: string, name: string, texts: string[]): ItemList => ({
  path,
  name,
  items: texts.map((text) => itemOf(text)),
});

/** `orders-1f0c2d9a3b4e5f60` → `orders`. */
const wordOf = (name: string): string => name.replace(/(-[0-9a-f]{16})(-\d+)*$/, '').slice(0, 40);
