import type { ExecutionStatus } from '../asl/execution.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../aws/gateways.js';

export interface ExecutionFilter {
  /** Undefined: of every STANDARD machine. */
  stateMachineArn?: string;
  status?: ExecutionStatus;
  /** Started at or after; epoch milliseconds. */
  since?: number;
  limit: number;
}

/** The newest executions that fit, newest first. `more`: there are others beyond the limit. */
export async function listExecutions(
  states: Pick<StepFunctionsGateway, 'listStateMachines' | 'listExecutions'>,
  filter: ExecutionFilter,
): Promise<{ executions: ExecutionSummary[]; more: boolean }> {
  let newest: ExecutionSummary[] = [];
  for await (const stateMachineArn of machineArns(states, filter.stateMachineArn)) {
    const own = await newestOf(states, stateMachineArn, filter);
    // One more than asked for tells whether there are more.
    newest = [...newest, ...own].sort(byStart).slice(0, filter.limit + 1);
  }
  return { executions: newest.slice(0, filter.limit), more: newest.length > filter.limit };
}

/** EXPRESS machines keep no list of their executions. */
async function* machineArns(
  states: Pick<StepFunctionsGateway, 'listStateMachines'>,
  only: string | undefined,
): AsyncIterable<string> {
  if (only !== undefined) return yield only;
  for await (const { type, stateMachineArn } of states.listStateMachines()) {
    if (type === 'STANDARD') yield stateMachineArn;
  }
}

async function newestOf(
  states: Pick<StepFunctionsGateway, 'listExecutions'>,
  stateMachineArn: string,
  { status, since = Number.NEGATIVE_INFINITY, limit }: ExecutionFilter,
): Promise<ExecutionSummary[]> {
  const found: ExecutionSummary[] = [];
  for await (const execution of states.listExecutions({ stateMachineArn, status, atMost: limit + 1 })) {
    if (execution.startDate.getTime() < since || found.length > limit) break;
    found.push(execution);
  }
  return found;
}

const byStart = (a: ExecutionSummary, b: ExecutionSummary): number =>
  b.startDate.getTime() - a.startDate.getTime();
