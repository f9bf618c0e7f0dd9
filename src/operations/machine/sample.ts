import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { countHistory, createTally } from '../../workflow/statistics/tally.js';
import type { Sampled } from './sample-result.js';

type States = Pick<StepFunctionsGateway, 'listExecutions' | 'historyPages' | 'describeMapRun'>;

/** Map runs that are described, and children of each whose histories are read: AWS describes one a second. */
const [MOST_MAP_RUNS, MOST_CHILDREN] = [5, 2];

/** Reads the histories of the newest executions that have ended; undefined where none has. */
export async function sampleExecutions(
  states: States,
  stateMachineArn: string,
  since: number,
  most: number,
): Promise<Sampled | undefined> {
  const tally = createTally();
  const children = { mapRuns: 0, described: 0, children: 0, transitions: 0 };
  let looked = 0;
  for await (const execution of states.listExecutions({ stateMachineArn, atMost: most * 2 })) {
    if (execution.startDate.getTime() < since || looked++ === most * 2) break;
    if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') continue;
    const { model, add } = countHistory(tally);
    for await (const page of states.historyPages(execution.executionArn, { includeExecutionData: false }))
      add(page);
    for (const { mapRunArn } of model.mapRuns) {
      children.mapRuns++;
      if (children.described === MOST_MAP_RUNS) continue;
      children.described++;
      const { executionCounts } = await states.describeMapRun(mapRunArn);
      children.children += executionCounts.total;
      children.transitions += executionCounts.total * (await transitionsOfChildren(states, mapRunArn));
    }
    if (tally.executions === most) break;
  }
  const { executions, retries } = tally;
  if (executions === 0) return undefined;
  // What was not described is taken to be like what was.
  const scale = children.described === 0 ? 0 : children.mapRuns / children.described / executions;
  return {
    executions,
    retries,
    states: [...tally.states.values()],
    transitions: tally.transitions / executions + children.transitions * scale,
    children: children.children * scale,
  };
}

/** On average. EXPRESS children can't be listed, and make none that are charged. */
async function transitionsOfChildren(states: States, mapRunArn: string): Promise<number> {
  const tally = createTally();
  const some: ExecutionSummary[] = [];
  for await (const child of states.listExecutions({ mapRunArn, atMost: MOST_CHILDREN })) {
    some.push(child);
    if (some.length === MOST_CHILDREN) break;
  }
  for (const { executionArn } of some) {
    const { add } = countHistory(tally);
    for await (const page of states.historyPages(executionArn, { includeExecutionData: false })) add(page);
  }
  return tally.executions === 0 ? 0 : tally.transitions / tally.executions;
}
