import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { Gateways, MapRunDescription } from '../../ports/aws.js';
import {
  createStateNamer,
  type EventFilter,
  type NamedEvent,
  wanted,
} from '../../workflow/history/event-filter.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import { isExpress } from '../../workflow/names/arn.js';
import { readExpressLog } from '../follow/express-log.js';
import { followAnyExecution } from '../follow/follow-any.js';
import type { FollowOptions } from '../follow/follow-execution.js';

/** The wanted events of an execution, page by page, oldest first; of an EXPRESS one those that were logged. */
export async function* readHistory(
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  filter: EventFilter,
  { includeExecutionData, now }: { includeExecutionData: boolean; now: number },
): AsyncIterable<NamedEvent[]> {
  const select = createSelection(filter);
  if (isExpress(executionArn)) {
    yield select((await readExpressLog(gateways, executionArn, now)).events);
    return;
  }
  for await (const page of gateways.states.historyPages(executionArn, { includeExecutionData }))
    yield select(page);
}

/** The same as they happen, until the execution's end or `signal`. */
export async function followHistory(
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  filter: EventFilter,
  options: Omit<FollowOptions, 'onUpdate'>,
  onEvents: (events: NamedEvent[]) => void,
): Promise<{ model: ExecutionModel; mapRuns: MapRunDescription[] }> {
  const select = createSelection(filter);
  let mapRuns: MapRunDescription[] = [];
  const model = await followAnyExecution(gateways, executionArn, {
    ...options,
    onUpdate(_model, runs, events) {
      mapRuns = runs;
      onEvents(select(events));
    },
  });
  return { model, mapRuns };
}

/** Picks the wanted ones out of successive pages. */
export function createSelection(filter: EventFilter): (events: HistoryEvent[]) => NamedEvent[] {
  const nameOf = createStateNamer();
  return (events) =>
    events.map((event): NamedEvent => ({ event, ...nameOf(event) })).filter((event) => wanted(event, filter));
}
