import { FlowError } from '../../errors.js';
import { createItemLedger, type IterationEnd } from '../../framework/task/item-ledger.js';
import { type ItemResult, itemResults } from '../../framework/task/item-results.js';
import { readTaskMachine } from '../../framework/task/machine.js';
import { recordOfItem, type SubTaskState } from '../../framework/task/task-record.js';
import type { Json } from '../../json/json.js';
import { parseOwn } from '../../json/lossless.js';
import type { ExecutionDescription, Gateways, TableKey } from '../../ports/aws.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { createModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';
import { executionParts } from '../../workflow/names/arn.js';
import { itemsOfExecution } from '../start/execution-input.js';
import { subTasks } from './sub-tasks.js';

export interface EndedExecution {
  executionArn: string;
  status: string;
  /** Of the Map over its items. */
  mapState: string;
  /** What it was given, JSON texts. */
  items: readonly string[];
  /** The framework's table of tasks, where it is known. */
  tasksTable?: string;
}

/** Task states put the whole input into each item's events: smaller pages than AWS's largest. */
const pageSize = 200;

/**
 * What became of each item of an execution that has ended: of one that succeeded its last events say it, of another
 * one all of them; the framework's records say it better where they can be read.
 */
export async function readItemResults(
  gateways: Pick<Gateways, 'states' | 'tables'>,
  { executionArn, status, mapState, items, tasksTable }: EndedExecution,
): Promise<ItemResult[]> {
  const { states } = gateways;
  const outputs =
    status === 'SUCCEEDED' ? await mapOutputs(states, executionArn, mapState, items.length) : undefined;
  const iterations = outputs ? new Map() : await readIterations(states, executionArn, mapState);
  const records = tasksTable === undefined ? undefined : await readRecords(gateways, tasksTable, items);
  const { name = executionArn } = executionParts(executionArn);
  return itemResults({ status, name, total: items.length, iterations, outputs, records });
}

/** The items of an execution, whoever started it, and what became of each. */
export async function readExecutionItems(
  gateways: Pick<Gateways, 'states' | 'tables'>,
  description: ExecutionDescription,
  tasksTable: string | undefined,
): Promise<{ items: string[]; results: ItemResult[] }> {
  const { executionArn, status, stateMachineArn } = description;
  const { definition } = await gateways.states.describeStateMachineForExecution(executionArn);
  const { mapState, itemsMember } = readTaskMachine(definition, stateMachineArn);
  const items = itemsOfExecution(description, itemsMember);
  const results = await readItemResults(gateways, { executionArn, status, mapState, items, tasksTable });
  return { items, results };
}

/** The Map's output, where that is the array of its items' outputs. */
async function mapOutputs(
  states: Gateways['states'],
  executionArn: string,
  mapState: string,
  total: number,
): Promise<Json[] | undefined> {
  for await (const page of states.historyPages(executionArn, { reverse: true, pageSize: 20 })) {
    for (const event of page) {
      if (event.type !== 'MapStateExited') continue;
      const { name, output } = detailsOf(event);
      if (name !== mapState) continue;
      const found = parseOwn(textOf(output) ?? 'null');
      return Array.isArray(found) && found.length === total ? found : undefined;
    }
  }
  return undefined;
}

async function readIterations(
  states: Gateways['states'],
  executionArn: string,
  mapState: string,
): Promise<ReadonlyMap<number, IterationEnd>> {
  const model = createModel();
  const ledger = createItemLedger(mapState);
  for await (const page of states.historyPages(executionArn, { pageSize })) {
    applyEvents(model, page);
    ledger.take(model, page);
  }
  return ledger.iterations;
}

/** By index of the item; undefined where the items have no records, or these may not be read. */
async function readRecords(
  gateways: Pick<Gateways, 'tables'>,
  table: string,
  items: readonly string[],
): Promise<ReadonlyMap<number, SubTaskState> | undefined> {
  const keys = items.map((text) => recordOfItem(JSON.parse(text) as Json));
  const parents = new Map(keys.flatMap((key) => (key ? [[parentOf(key), key.pk] as const] : [])));
  if (parents.size === 0) return undefined;
  const found = new Map<string, SubTaskState>();
  try {
    for (const [sk, pk] of parents)
      for await (const { item, state } of subTasks(gateways, table, { pk, sk }))
        found.set(String(item.sk), state);
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
  return new Map(
    keys.flatMap((key, index) => {
      const state = key && found.get(key.sk);
      return state ? [[index, state] as const] : [];
    }),
  );
}

const parentOf = ({ sk }: TableKey): string => sk.replace(/#[^#]*$/, '');
