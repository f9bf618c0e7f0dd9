import type { BatchPlan } from '../../operations/task/plan-batch.js';
import { planBatch } from '../../operations/task/plan-batch.js';
import type { Unfinished } from '../../operations/task/rerun-batch.js';
import {
  unfinishedOfBatch,
  unfinishedOfExecution,
  unfinishedOfRecord,
} from '../../operations/task/rerun-batch.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import { batchOrder, executionReferenced, planning, tasksTableOf } from './order.js';

/** The batch of what did not succeed in a former one, or in an execution; undefined where all of it did. */
export async function planRerun(
  context: Context,
  target: Target,
  reference: string,
  options: Record<string, unknown>,
): Promise<BatchPlan | undefined> {
  const unfinished = await find(target, reference);
  const { list, of, indexes, stateMachineArn, records } = unfinished;
  if (list.items.length === 0) {
    context.err.notice(`Every item of ${of} succeeded: there is nothing to run again.`);
    context.out.json({ rerunOf: of, items: { total: 0, succeeded: 0, failed: 0, notRun: 0 } });
    return undefined;
  }
  const order = await batchOrder(target, stateMachineArn, true, options);
  return await planBatch(list, { ...order, records, rerun: { of, indexes } }, planning(context, target));
}

async function find(target: Target, reference: string): Promise<Unfinished> {
  const { gateways, batches: journal, batchItems: items } = target;
  const around = { gateways, journal, items, tasksTable: tasksTableOf(target) };
  const entry = await journal.read(reference);
  if (entry) return await unfinishedOfBatch(entry, around);
  if (reference.startsWith('SFN_TASK#'))
    return await unfinishedOfRecord(reference, await target.machineArn('task'), around);
  return await unfinishedOfExecution(await executionReferenced(target, reference), around);
}
