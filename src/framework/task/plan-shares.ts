/** AWS's limits of one execution, and DynamoDB's of one record, in bytes. */
const largestData = 262_144;
const mostEvents = 25_000;
const largestRecord = 400 * 1024;

/** What stands around the items in what a function gets: names, ARNs and times of the context object. */
const contextBytes = 2_048;
/** What the output of an item is taken to have more than the item, unless a larger one was measured. */
const wrappingBytes = 64;
/** How much of the time is planned: items differ. */
const shareOfTime = 0.9;

/** Which limit ended an execution's share. */
export type Limit = 'input' | 'payload' | 'output' | 'events' | 'time' | 'record' | 'batch-size';

export interface PlanFacts {
  /** Bytes of the input around its items. */
  wrapping: number;
  concurrency: number;
  eventsPerItem: number;
  eventsAround: number;
  inputCopies: number;
  timeoutSeconds?: number;
  /** Stated, or measured in earlier batches; without it time does not limit. */
  secondsPerItem?: number;
  /** The largest output that was measured in earlier batches. */
  outputBytes?: number;
  /** The user's own limit. */
  batchSize?: number;
  /** Where a record of DynamoDB holds the items: its size without them. */
  recordBytes?: number;
}

export interface ItemSize {
  /** As the machine gets it, JSON in UTF-8. */
  bytes: number;
  /** What it takes in the record, where there is one. */
  recordBytes?: number;
}

/** The items of one execution: consecutive ones. */
export interface Share {
  first: number;
  count: number;
  /** Of its input. */
  bytes: number;
  /** What the next item would have broken; undefined for the last share. */
  limit?: Limit;
}

export interface SharePlan {
  shares: Share[];
  /** Fit into no execution by themselves. */
  tooLarge: { index: number; limit: Limit }[];
}

/** Cuts items, in their order, into as few executions as keep every limit, and these about as large as each other. */
export function planShares(items: readonly ItemSize[], facts: PlanFacts): SharePlan {
  const fewest = fill(items, facts);
  if (facts.batchSize !== undefined || fewest.shares.length < 2) return fewest;
  const even = fill(items, { ...facts, batchSize: Math.ceil(items.length / fewest.shares.length) });
  if (even.shares.length > fewest.shares.length) return fewest;
  const limit = fewest.shares.find((share) => share.limit)?.limit;
  return { ...even, shares: even.shares.map((share) => ({ ...share, ...(share.limit && { limit }) })) };
}

function fill(items: readonly ItemSize[], facts: PlanFacts): SharePlan {
  const shares: Share[] = [];
  const tooLarge: { index: number; limit: Limit }[] = [];
  let load = emptyLoad(facts);
  let first = 0;
  const close = (limit?: Limit): void => {
    if (load.count > 0) shares.push({ first, count: load.count, bytes: load.input, ...(limit && { limit }) });
    first += load.count;
    load = emptyLoad(facts);
  };
  items.forEach((item, index) => {
    const alone = brokenLimit(withItem(emptyLoad(facts), item, facts), facts);
    if (alone) tooLarge.push({ index, limit: alone });
    const next = withItem(load, item, facts);
    const broken = load.count > 0 ? brokenLimit(next, facts) : undefined;
    if (broken) close(broken);
    load = broken ? withItem(load, item, facts) : next;
  });
  close();
  return { shares, tooLarge };
}

interface Load {
  count: number;
  input: number;
  largest: number;
  output: number;
  record: number;
}

const emptyLoad = ({ wrapping, recordBytes = 0 }: PlanFacts): Load => ({
  count: 0,
  input: wrapping + 1,
  largest: 0,
  output: 1,
  record: recordBytes,
});

/** `[` and a comma or `]` for each item. */
const withItem = (load: Load, { bytes, recordBytes = 0 }: ItemSize, { outputBytes }: PlanFacts): Load => ({
  count: load.count + 1,
  input: load.input + bytes + 1,
  largest: Math.max(load.largest, bytes),
  output: load.output + Math.max(outputBytes ?? 0, bytes + wrappingBytes) + 1,
  record: load.record + recordBytes,
});

function brokenLimit(load: Load, facts: PlanFacts): Limit | undefined {
  const { concurrency, eventsPerItem, eventsAround, inputCopies, timeoutSeconds, secondsPerItem } = facts;
  if (facts.batchSize !== undefined && load.count > facts.batchSize) return 'batch-size';
  if (load.input > largestData) return 'input';
  // An item stands in what its function gets; with each context once more, as the Map's own, beside the whole input.
  const payload = inputCopies * (load.input + load.largest) + load.largest;
  if (payload + contextBytes > largestData) return 'payload';
  if (load.output > largestData && load.count > 1) return 'output';
  if (eventsAround + load.count * eventsPerItem > mostEvents - 1 && load.count > 1) return 'events';
  if (load.record > largestRecord) return 'record';
  if (timeoutSeconds === undefined || secondsPerItem === undefined || load.count <= concurrency)
    return undefined;
  const seconds = Math.ceil(load.count / concurrency) * secondsPerItem;
  return seconds > timeoutSeconds * shareOfTime ? 'time' : undefined;
}
