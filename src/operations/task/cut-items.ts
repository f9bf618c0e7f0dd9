import { exitCodes, FlowError } from '../../errors.js';
import type { TaskMachine } from '../../framework/task/machine.js';
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
} from '../../framework/task/task-record.js';
import { stableUlid } from '../../workflow/names/stable-name.js';
import type { BatchStart } from './choose-batch-start.js';
import type { ItemList } from './read-items.js';

/** What is known of the items besides themselves. */
type Measures = Pick<PlanFacts, 'secondsPerItem' | 'outputBytes' | 'batchSize'>;

/**
 * Cuts the items into as few executions as keep the limits of AWS and of the machine.
 * @throws FlowError 2 that lists the items that are too large
 */
export function cutItems(
  list: ItemList,
  start: BatchStart,
  machine: TaskMachine,
  measures: Measures,
): { shares: Share[]; limits: Limit[] } {
  const { sizes, more } = sizesOf(list, start);
  const { shares, tooLarge } = planShares(sizes, { ...factsOf(machine), ...measures, ...more });
  refuseLarge(list, sizes, tooLarge);
  return { shares, limits: [...new Set(shares.flatMap(({ limit }) => limit ?? []))] };
}

function factsOf(machine: TaskMachine): PlanFacts {
  const { itemsMember, concurrency, eventsPerItem, eventsAround, inputCopies, timeoutSeconds } = machine;
  const wrapping = itemsMember === undefined ? 0 : JSON.stringify({ [itemsMember]: '' }).length;
  return { wrapping, concurrency, eventsPerItem, eventsAround, inputCopies, timeoutSeconds };
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
