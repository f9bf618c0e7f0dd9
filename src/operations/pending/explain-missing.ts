import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError, failedWith } from '../../errors.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { nearMisses } from '../../workflow/answer/near-misses.js';
import { taskOutcome } from '../../workflow/answer/task-outcome.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import { allRequestIds } from '../../workflow/names/request-id.js';
import { tellMeanwhile } from './answered-meanwhile.js';
import type { PausedScan } from './find-paused.js';

/** Closed executions per machine that are looked into for a request id that nothing waits with. */
const CLOSED_LOOKED_INTO = 50;
const CLOSED_LISTED = 1000;

interface Missing {
  states: Pick<StepFunctionsGateway, 'listExecutions' | 'historyPages' | 'describeExecution'>;
  audit: AuditLog;
  scan: PausedScan;
  targetName: string;
  flagsForHints: string;
}

/**
 * Says why nothing waits with a request id: answered or timed out meanwhile (FlowError 5), not at its wait yet, or
 * unknown (3, with near misses). Where the executions that run do not tell, those that just ended are looked into, once
 * for all ids.
 */
export function createExplainer({ states, audit, scan, targetName, flagsForHints }: Missing) {
  let closed: Promise<Map<string, string>> | undefined;

  const tell = async (
    requestId: string,
    executionArn: string,
    events: HistoryEvent[],
  ): Promise<FlowError | undefined> => {
    const wait = events.findLast(isWait);
    if (!wait) return undefined;
    const step = {
      requestId,
      scheduledId: wait.id,
      stateName: stateOf(wait, events),
      execution: { executionArn },
    };
    return await tellMeanwhile(
      step,
      taskOutcome(
        events.filter(({ id }) => id >= wait.id),
        wait.id,
      ),
      audit,
    );
  };
  const tellOf = async (requestId: string, executionArn: string): Promise<FlowError | undefined> =>
    await tell(requestId, executionArn, await newestEvents(states, executionArn));

  return async (requestId: string): Promise<FlowError> => {
    const running = scan.read.find(({ requestIds }) => requestIds.includes(requestId));
    if (running) {
      const { executionArn, startDate } = running.execution;
      return (
        (await tell(requestId, executionArn, running.events)) ??
        notYet({ requestId, executionArn, startDate }, running.stateNames)
      );
    }
    const known = scan.endedWith(requestId) ?? (await answeredHere(requestId, audit, targetName));
    closed ??= known === undefined ? closedByRequestId(states, scan) : undefined;
    const executionArn = known ?? (await closed)?.get(requestId);
    const told = executionArn === undefined ? undefined : await tellOf(requestId, executionArn);
    return told ?? notFound(requestId, scan, flagsForHints);
  };
}

const isWait = (event: HistoryEvent): boolean =>
  event.type === 'ActivityScheduled' ||
  (event.type === 'TaskScheduled' && String(detailsOf(event).resource).endsWith('.waitForTaskToken'));

function stateOf(wait: HistoryEvent, events: HistoryEvent[]): string {
  const entered = events.findLast(({ id, type }) => id < wait.id && type === 'TaskStateEntered');
  return (entered && textOf(detailsOf(entered).name)) ?? 'the step';
}

async function newestEvents(states: Missing['states'], executionArn: string): Promise<HistoryEvent[]> {
  try {
    const newestFirst: HistoryEvent[] = [];
    for await (const page of states.historyPages(executionArn, { reverse: true })) {
      for (const event of page) newestFirst.push(event);
      if (newestFirst.some(isWait)) break;
    }
    return newestFirst.reverse();
  } catch (error) {
    if (failedWith(error, exitCodes.notFound)) return [];
    throw error;
  }
}

async function answeredHere(requestId: string, audit: AuditLog, target: string): Promise<string | undefined> {
  let executionArn: string | undefined;
  for await (const line of audit.read())
    if (line.requestId === requestId && line.target === target) executionArn = line.executionArn;
  return executionArn;
}

/** Request ids in the inputs of the executions that ended last. */
async function closedByRequestId(states: Missing['states'], scan: PausedScan): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { stateMachineArn } of scan.machines) {
    for (const { executionArn } of await lastEnded(states, stateMachineArn)) {
      const { input } = await states.describeExecution(executionArn);
      for (const id of allRequestIds(input)) if (!found.has(id)) found.set(id, executionArn);
    }
  }
  return found;
}

async function lastEnded(states: Missing['states'], stateMachineArn: string): Promise<ExecutionSummary[]> {
  const closed: ExecutionSummary[] = [];
  let listed = 0;
  for await (const execution of states.listExecutions({ stateMachineArn })) {
    if (execution.stopDate) closed.push(execution);
    if (++listed >= CLOSED_LISTED) break;
  }
  return closed.sort((a, b) => Number(b.stopDate) - Number(a.stopDate)).slice(0, CLOSED_LOOKED_INTO);
}

const notYet = (
  details: { requestId: string; executionArn: string; startDate: Date },
  stateNames: string[],
): FlowError =>
  new FlowError(
    exitCodes.notFound,
    'NotPaused',
    `the execution of ${details.requestId} runs, but nothing in it waits for an answer${stateNames.length > 0 ? ` (it is at ${stateNames.join(', ')})` : ''}`,
    { where: details.executionArn, hint: `mbc-flow watch ${details.executionArn}`, details },
  );

function notFound(requestId: string, scan: PausedScan, flagsForHints: string): FlowError {
  const near = nearMisses(requestId, scan.requestIds);
  const running = scan.running.length;
  const like = near.length > 0 ? `; near: ${near.join(', ')}` : '';
  return new FlowError(
    exitCodes.notFound,
    'RequestNotFound',
    `nothing waits with the request id ${requestId} (${running} running execution${running === 1 ? '' : 's'} looked at)${like}`,
    { hint: `mbc-flow pending${flagsForHints}`, details: { requestId, near } },
  );
}
