import { exitCodes, FlowError } from '../../errors.js';
import type { Item } from '../../framework/task/item-text.js';
import { readTaskMachine, type TaskMachine } from '../../framework/task/machine.js';
import type { Limit, Share } from '../../framework/task/plan-shares.js';
import { taskKey } from '../../framework/task/task-record.js';
import type { Gateways } from '../../ports/aws.js';
import { digestOf } from '../../workflow/names/digest-of.js';
import { shellWord } from '../../workflow/names/shell-word.js';
import { stableName, stableUlid, ulidEnd } from '../../workflow/names/stable-name.js';
import { recordKeys } from '../framework/framework-record.js';
import type { BatchEntry, BatchJournal, BatchShare } from './batch-journal.js';
import { type BatchStart, type BatchWishes, chooseBatchStart } from './choose-batch-start.js';
import { cutItems } from './cut-items.js';
import { digestOfItems, type ItemList } from './read-items.js';

export interface BatchOrder extends BatchWishes {
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
  gateways: Pick<Gateways, 'tables' | 'states'>;
  journal: BatchJournal;
  clock: { now(): number };
}

/**
 * Decides how the items are cut into executions, and how these are started.
 * @throws FlowError 2 for what the machine can't take, 5 when the same batch was run before
 */
export async function planBatch(list: ItemList, order: BatchOrder, around: Surroundings): Promise<BatchPlan> {
  const { stateMachineArn, rerun, again, batchSize } = order;
  const machine = await deployedMachine(around.gateways, stateMachineArn);
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
  const { shares, limits } = cutItems(list, start, machine, { ...measures, secondsPerItem, batchSize });
  const entry: BatchEntry = noted ?? {
    batch: nameOf(attempt),
    source: list.path,
    stateMachineArn,
    startedAt: around.clock.now(),
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

async function deployedMachine(
  { states }: Pick<Gateways, 'states'>,
  stateMachineArn: string,
): Promise<TaskMachine> {
  const { definition, type } = await states.describeStateMachine(stateMachineArn);
  if (type !== 'EXPRESS') return readTaskMachine(definition, stateMachineArn);
  throw new FlowError(
    exitCodes.usage,
    'ExpressMachine',
    'this is an EXPRESS state machine: AWS keeps no history, so the outcome of items is unknown',
    { where: stateMachineArn, hint: 'choose a STANDARD one with --machine' },
  );
}

/** The shares with the ULIDs of their records: those that a former run has written are found again. */
async function startable(
  shares: Share[],
  start: BatchStart,
  digest: string,
  { gateways, clock }: Surroundings,
): Promise<BatchShare[]> {
  const plain = shares.map(({ first, count, bytes }): BatchShare => ({ first, count, bytes }));
  if (start.via === 'execution') return plain;
  const { pk, sk: skPrefix } = taskKey({ ...start, code: '' });
  const written: string[] = [];
  for await (const { sk } of recordKeys(gateways, start.table, { pk, skPrefix }))
    written.push(sk.slice(skPrefix.length));
  return plain.map((share, index) => {
    const own = digestOf([digest, index]);
    return {
      ...share,
      code: written.find((code) => code.endsWith(ulidEnd(own))) ?? stableUlid(clock.now(), own),
    };
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
    `this batch was run to its end before: ${batch}, ${succeeded} of ${total} items succeeded; to run all of it again, add --again`,
    {
      where: path,
      hint: `mbc-flow task ${bad > 0 ? 'start --rerun' : 'show'} ${shellWord(batch)}`,
      details: { batch, executions: outcome?.executions },
    },
  );
};
