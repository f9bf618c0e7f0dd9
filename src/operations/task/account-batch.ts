import { exitCodes, failedWith } from '../../errors.js';
import { type ItemResult, isOpen, runsFurther } from '../../framework/task/item-results.js';
import { readTaskMachine } from '../../framework/task/machine.js';
import type { ExecutionDescription, Gateways } from '../../ports/aws.js';
import { executionArnOf } from '../../workflow/names/arn.js';
import { shareName } from '../../workflow/names/stable-name.js';
import { itemsOfExecution } from '../start/execution-input.js';
import type { BatchEntry, BatchShare } from './batch-journal.js';
import { readItemResults } from './read-item-results.js';

/** How a batch stands, whoever started its executions. */
export interface BatchState {
  executions: { executionArn: string; status: string }[];
  /** By index of the item; what runs now, or was not started yet, is not there. */
  results: Map<number, ItemResult>;
  running: number;
  /** Items of executions that were never started. */
  waiting: number;
}

/** Looks at the executions of a batch that was begun; starts nothing. */
export async function accountBatch(
  gateways: Pick<Gateways, 'states' | 'tables'>,
  entry: BatchEntry,
  tasksTable: string | undefined,
): Promise<BatchState> {
  const { definition } = await gateways.states.describeStateMachine(entry.stateMachineArn);
  const { mapState, itemsMember } = readTaskMachine(definition, entry.stateMachineArn);
  const state: BatchState = { executions: [], results: new Map(), running: 0, waiting: 0 };
  for (const [index, share] of entry.shares.entries()) {
    let indexes = Array.from({ length: share.count }, (_, place) => share.first + place);
    for (let number = 1; indexes.length > 0; number++) {
      const description = await describe(gateways.states, arnOf(entry, share, index, number));
      if (!description) {
        if (number === 1) state.waiting += indexes.length;
        break;
      }
      const { executionArn, status } = description;
      state.executions.push({ executionArn, status });
      const items = itemsOfExecution(description, itemsMember);
      const results = await readItemResults(gateways, { executionArn, status, mapState, items, tasksTable });
      results.forEach((result, place) => {
        const item = indexes[place];
        if (item === undefined) return;
        if (status === 'RUNNING' && isOpen(result)) state.running++;
        else state.results.set(item, result);
      });
      if (status === 'RUNNING') break;
      indexes = indexes.filter((item) => {
        const result = state.results.get(item);
        return result !== undefined && runsFurther(result, status);
      });
    }
  }
  return state;
}

function arnOf(
  { batch, stateMachineArn, start }: BatchEntry,
  share: BatchShare,
  index: number,
  number: number,
): string | undefined {
  if (number === 1 && start.via === 'table') return share.executionArn;
  return executionArnOf(stateMachineArn, shareName(batch, index, number));
}

async function describe(
  states: Gateways['states'],
  executionArn: string | undefined,
): Promise<ExecutionDescription | undefined> {
  if (executionArn === undefined) return undefined;
  try {
    return await states.describeExecution(executionArn);
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return undefined;
    throw error;
  }
}
