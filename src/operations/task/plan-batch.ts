import { createHash } from 'node:crypto';
import { exitCodes, FlowError } from '../../errors.js';
import type { Item } from '../../framework/task/item-text.js';
import { readTaskMachine, type TaskMachine } from '../../framework/task/machine.js';
import {
  type ItemSize,
  type Limit,
  type PlanFacts,
  planShares,
  type Share,
} from '../../framework/task/plan-shares.js';
import {
  recordBytes,
  subTaskEntryBytes,
  subTaskWrapping,
  type TaskRecordOrder,
  taskKey,
} from '../../framework/task/record.js';
import type { Gateways } from '../../ports/aws.js';
import { stableName, stableUlid, ulidEnd } from '../../workflow/names/stable-name.js';
import { recordKeys } from '../framework/record.js';
import type { BatchEntry, BatchJournal, BatchShare } from './batch-journal.js';
import { type BatchStart, type BatchWishes, chooseBatchStart } from './choose-batch-start.js';
import { digestOfItems, type ItemList } from './read-items.js';

export interface BatchOrder extends BatchWishes {
  /** Of the state machine, as deployed: JSON text. */
  definition: string;
  batchSize?: number;
  /** As the user states it. */
  secondsPerItem?: number;
  /** The same batch a second time is meant. */
  again: boolean;
  /** What these items failed in, and their places there. */
  rerun?: { of: string; indexes: number[] };
}

/** Everything that a batch will do, decided before anything is changed. */
export interface BatchPlan {
  machine: TaskMachine;
  items: Item[];
  entry: BatchEntry;
  /** A former run of this command began it. */
  goesOn: boolean;
  /** What decided where executions end. */
  limits: Limit[];
  secondsPerItem?: number;
  /** The time was measured in an earlier batch. */
  measured: boolean;
}

interface Surroundings {
  gateways: Pick<Gateways, 'tables'>;
  journal: BatchJournal;
  now: number;
}

/**
 * Decides how the items are cut into executions, and how these are started.
 * @throws FlowError 2 for what the machine can't take, 5 when the same batch was run before
 */
export async function planBatch(list: ItemList, order: BatchOrder, around: Surroundings): Promise<BatchPlan> {
  const { stateMachineArn, definition, rerun, again } = order;
  const machine = readTaskMachine(definition, stateMachineArn);
  const start = await chooseBatchStart(around.gateways, order);
  const measures = await measuredBefore(around.journal, stateMachineArn);
  const secondsPerItem = order.secondsPerItem ?? measures.secondsPerItem;
  const identity = [
    digestOfItems(list.items),
    stateMachineArn,
    start.via,
    order.type,
    start.via === 'table' && order.tenant,
    order.batchSize,
    order.secondsPerItem,
    rerun?.of,
  ];
  const word = order.type ?? list.name;
  const nameOf = (attempt: number): string => stableName(word, 'batch', digestOf(identity), attempt);
  let attempt = 1;
  let noted = await around.journal.read(nameOf(attempt));
  while (noted?.outcome) {
    if (!again) throw alreadyRun(list, noted);
    noted = await around.journal.read(nameOf(++attempt));
  }
  const { shares, limits } = cut(list, start, factsOf(machine, order, secondsPerItem, measures.outputBytes));
  const entry: BatchEntry = noted ?? {
    batch: nameOf(attempt),
    source: list.path,
    stateMachineArn,
    startedAt: around.now,
    start,
    shares: await startable(shares, start, digestOf([...identity, attempt]), around),
    ...(rerun && { rerunOf: rerun.of, indexes: rerun.indexes }),
  };
  return {
    machine,
    items: list.items,
    entry,
    goesOn: noted !== undefined,
    limits,
    ...(secondsPerItem !== undefined && { secondsPerItem }),
    measured: order.secondsPerItem === undefined && secondsPerItem !== undefined,
  };
}

/** The shares with the ULIDs of their records: those that a former run has written are found again. */
async function startable(
  shares: Share[],
  start: BatchStart,
  digest: string,
  { gateways, now }: Surroundings,
): Promise<BatchShare[]> {
  const plain = shares.map(({ first, count, bytes }): BatchShare => ({ first, count, bytes }));
  if (start.via === 'execution') return plain;
  const { pk, sk: skPrefix } = taskKey({ ...start, code: '' });
  const written: string[] = [];
  for await (const { sk } of recordKeys(gateways, start.table, { pk, skPrefix }))
    written.push(sk.slice(skPrefix.length));
  return plain.map((share, index) => {
    const own = digestOf([digest, index]);
    return { ...share, code: written.find((code) => code.endsWith(ulidEnd(own))) ?? stableUlid(now, own) };
  });
}

function factsOf(
  machine: TaskMachine,
  { batchSize }: BatchOrder,
  secondsPerItem: number | undefined,
  outputBytes: number | undefined,
): PlanFacts {
  const { itemsMember, concurrency, eventsPerItem, eventsAround, inputCopies, timeoutSeconds } = machine;
  return {
    wrapping: itemsMember === undefined ? 0 : JSON.stringify({ [itemsMember]: '' }).length,
    concurrency,
    eventsPerItem,
    eventsAround,
    inputCopies,
    timeoutSeconds,
    secondsPerItem,
    outputBytes,
    batchSize,
  };
}

function cut(list: ItemList, start: BatchStart, facts: PlanFacts): { shares: Share[]; limits: Limit[] } {
  const { sizes, more } = sizesOf(list, start);
  const { shares, tooLarge } = planShares(sizes, { ...facts, ...more });
  refuseLarge(list, sizes, tooLarge);
  return { shares, limits: [...new Set(shares.flatMap(({ limit }) => limit ?? []))] };
}

function sizesOf(
  { items, name }: ItemList,
  start: BatchStart,
): { sizes: ItemSize[]; more: Partial<PlanFacts> } {
  if (start.via === 'execution') return { sizes: items, more: {} };
  const order: TaskRecordOrder = { ...start, code: stableUlid(0, '0'.repeat(20)) };
  const around = subTaskWrapping(order, name, start.who);
  const entry = subTaskEntryBytes(order);
  return {
    sizes: items.map(({ text, bytes }) => ({
      bytes: bytes + around,
      recordBytes: 1 + recordBytes(JSON.parse(text)) + entry,
    })),
    // The record's other attributes, with room for what the framework adds.
    more: { recordBytes: 2_048 },
  };
}

const largest: Partial<Record<Limit, string>> = {
  input: "an execution's input may have 262,144",
  payload: 'what the function gets may have 262,144, and this machine puts the item into it twice or more',
  record: 'a record of DynamoDB may have 400 KB',
};

function refuseLarge(
  { path, items }: ItemList,
  sizes: ItemSize[],
  tooLarge: { index: number; limit: Limit }[],
): void {
  const [first, ...rest] = tooLarge;
  if (!first) return;
  const place = (index: number): string => `${path}:${items[index]?.line ?? `item ${index}`}`;
  const text = ({ index, limit }: { index: number; limit: Limit }): string =>
    `item ${index} has ${sizes[index]?.bytes} bytes; ${largest[limit] ?? limit}`;
  const more = rest.slice(0, 19).map((one) => `\n  ${place(one.index)} ${text(one)}`);
  throw new FlowError(exitCodes.usage, 'ItemTooLarge', [text(first), ...more].join(''), {
    where: place(first.index),
    hint: 'store the large part in S3 and give its address in the item',
  });
}

/** What the newest batches of the machine took. */
async function measuredBefore(
  journal: BatchJournal,
  stateMachineArn: string,
): Promise<{ secondsPerItem?: number; outputBytes?: number }> {
  for (const name of (await journal.names()).slice(0, 50)) {
    const entry = await journal.read(name);
    const { secondsPerItem, outputBytes } = entry?.outcome ?? {};
    if (entry?.stateMachineArn === stateMachineArn && secondsPerItem !== undefined)
      return { secondsPerItem, outputBytes };
  }
  return {};
}

const alreadyRun = ({ path }: ItemList, { batch, outcome }: BatchEntry): FlowError => {
  const { total = 0, succeeded = 0 } = outcome?.items ?? {};
  const bad = total - succeeded;
  return new FlowError(
    exitCodes.conflict,
    'AlreadyRun',
    `this batch was run to its end before: ${batch}, ${succeeded} of ${total} items succeeded`,
    {
      where: path,
      hint: `${bad > 0 ? `mbc-flow task start --rerun ${batch} runs only what did not succeed; ` : ''}--again runs all of it a second time; mbc-flow task show ${batch}`,
      details: { batch, executions: outcome?.executions },
    },
  );
};

const digestOf = (parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
