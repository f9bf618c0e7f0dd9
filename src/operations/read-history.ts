import type { HistoryEvent } from '../asl/history-event.js';
import type { StepFunctionsGateway } from '../aws/gateways.js';
import { createStateNamer, type EventFilter, type NamedEvent, wanted } from '../workflow/event-filter.js';
import type { ExecutionModel } from '../workflow/model.js';
import { type FollowOptions, followExecution, refuseExpress } from './follow-execution.js';

/** The wanted events of an execution, page by page, oldest first. */
export async function* readHistory(
  gateway: Pick<StepFunctionsGateway, 'historyPages'>,
  executionArn: string,
  filter: EventFilter,
  includeExecutionData: boolean,
): AsyncIterable<NamedEvent[]> {
  refuseExpress(executionArn);
  const select = createSelection(filter);
  for await (const page of gateway.historyPages(executionArn, { includeExecutionData })) yield select(page);
}

/** The same as they happen, until the execution's end or `signal`. */
export async function followHistory(
  gateway: Pick<StepFunctionsGateway, 'historyPages' | 'describeMapRun'>,
  executionArn: string,
  filter: EventFilter,
  options: Omit<FollowOptions, 'onUpdate'>,
  onEvents: (events: NamedEvent[]) => void,
): Promise<ExecutionModel> {
  const select = createSelection(filter);
  return await followExecution(gateway, executionArn, {
    ...options,
    onUpdate: (_model, _mapRuns, events) => onEvents(select(events)),
  });
}

/** Picks the wanted ones out of successive pages. */
export function createSelection(filter: EventFilter): (events: HistoryEvent[]) => NamedEvent[] {
  const nameOf = createStateNamer();
  return (events) =>
    events
      .map((event): NamedEvent => ({ event, stateName: nameOf(event) }))
      .filter((event) => wanted(event, filter));
}
