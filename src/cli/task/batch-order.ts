import { exitCodes, FlowError } from '../../errors.js';
import { knownTable } from '../../operations/framework/known-table.js';
import type { BatchOrder } from '../../operations/task/plan-batch.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import type { StartOptions } from './start.js';

type OrderOptions = Pick<StartOptions, 'via' | 'tenant' | 'type' | 'batchSize' | 'secondsPerItem' | 'again'>;

/** What the flags and the target say of a batch. */
export const batchOrder = (
  target: Target,
  { via, tenant, type, batchSize, secondsPerItem, again = false }: OrderOptions,
): Omit<BatchOrder, 'stateMachineArn' | 'ofFramework' | 'records'> => ({
  via,
  tenant: tenant ?? target.tenant,
  type,
  tasksTable: () => target.tableName('tasks'),
  callerArn: () => target.callerArn(),
  batchSize,
  secondsPerItem: secondsPerItem === undefined ? undefined : secondsPerItem / 1000,
  again,
});

/** What operations on batches need of the target. */
export const surroundings = ({ clock, waits, signal }: Context, target: Target) => ({
  gateways: target.gateways,
  journal: target.batches,
  items: target.batchItems,
  tasksTable: knownTable(() => target.tableName('tasks')),
  machineArn: (reference: string) => target.machineArn(reference),
  executionArn: (reference: string) => executionReferenced(target, reference),
  pollMilliseconds: target.pollMilliseconds,
  clock,
  waits,
  signal,
});

/** The execution that a reference means, where it is no batch. @throws FlowError 3 where it is neither */
async function executionReferenced(target: Target, reference: string): Promise<string> {
  try {
    return await target.executionArn(reference);
  } catch (error) {
    if (!(error instanceof FlowError) || error.code !== 'ExecutionNotFound') throw error;
    throw new FlowError(
      exitCodes.notFound,
      'BatchNotFound',
      `there is no batch ${reference}, and no execution of this name`,
      { where: `target ${target.name}`, hint: `mbc-flow task list${target.flagsForHints}` },
    );
  }
}
