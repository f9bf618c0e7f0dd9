import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';

type States = Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution'>;

/** So many of the newest are looked at. */
const MOST = 50;

/** The newest execution of a machine, to tell later ones from it. */
export async function newestExecution(
  states: Pick<States, 'listExecutions'>,
  stateMachineArn: string,
): Promise<ExecutionSummary | undefined> {
  for await (const execution of states.listExecutions({ stateMachineArn, atMost: 1 })) return execution;
  return undefined;
}

/**
 * What began after `before`, the oldest first.
 * @param mentions texts that the input of an execution must hold: others may begin at the same time
 */
export async function begunSince(
  states: States,
  stateMachineArn: string,
  before: ExecutionSummary | undefined,
  mentions: string[],
): Promise<ExecutionSummary[]> {
  const begun: ExecutionSummary[] = [];
  for await (const execution of states.listExecutions({ stateMachineArn, atMost: MOST })) {
    if (before && isNotAfter(execution, before)) break;
    if (begun.length === MOST) break;
    if (await inputHolds(states, execution.executionArn, mentions)) begun.push(execution);
  }
  return begun.reverse();
}

const isNotAfter = (one: ExecutionSummary, other: ExecutionSummary): boolean =>
  one.executionArn === other.executionArn || one.startDate.getTime() < other.startDate.getTime();

async function inputHolds(states: States, executionArn: string, mentions: string[]): Promise<boolean> {
  if (mentions.length === 0) return true;
  const { input = '' } = await states.describeExecution(executionArn);
  // Within JSON, as a string of it.
  return mentions.every((text) => input.includes(JSON.stringify(text).slice(1, -1)));
}
