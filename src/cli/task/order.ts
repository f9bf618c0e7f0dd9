import { exitCodes, FlowError } from '../../errors.js';
import type { BatchOrder } from '../../operations/task/plan-batch.js';
import { textOf } from '../import/order.js';
import type { Context } from '../shell/context.js';
import { countOf, durationOf } from '../shell/flag-values.js';
import type { Target } from '../shell/target.js';

/** What the flags and the target say of a batch on a machine. */
export async function batchOrder(
  target: Target,
  stateMachineArn: string,
  ofFramework: boolean,
  options: Record<string, unknown>,
): Promise<BatchOrder> {
  const { definition, type } = await target.gateways.states.describeStateMachine(stateMachineArn);
  if (type === 'EXPRESS')
    throw new FlowError(
      exitCodes.usage,
      'ExpressMachine',
      'this is an EXPRESS state machine: AWS keeps no history that tells what became of the items',
      { where: stateMachineArn, hint: '--machine names a STANDARD one' },
    );
  const milliseconds = durationOf(options.secondsPerItem, '--seconds-per-item');
  return {
    via: (textOf(options, 'via') ?? 'auto') as BatchOrder['via'],
    stateMachineArn,
    ofFramework,
    records: false,
    tenant: textOf(options, 'tenant') ?? target.tenant,
    type: textOf(options, 'type'),
    tasksTable: () => target.tableName('tasks'),
    callerArn: () => target.callerArn(),
    definition,
    batchSize: options.batchSize === undefined ? undefined : countOf(options.batchSize, '--batch-size'),
    secondsPerItem: milliseconds === undefined ? undefined : milliseconds / 1000,
    again: options.again === true,
  };
}

export const planning = ({ clock }: Context, { gateways, batches }: Target) => ({
  gateways,
  journal: batches,
  now: clock.now(),
});

/** The execution that a reference means, where it is no batch. @throws FlowError 3 where it is neither */
export async function executionReferenced(target: Target, reference: string): Promise<string> {
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

/** The framework's table of tasks, where something says its name. */
export function tasksTableOf(target: Target): string | undefined {
  try {
    return target.tableName('tasks');
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}
