import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';

/** Most events that one call of GetExecutionHistory gives. */
export const LARGEST_PAGE = 1000;

type History = Pick<StepFunctionsGateway, 'historyPages'>;

/** Gives an execution's events that are new since it was asked last; at first all of them. */
export function createEventReader(gateway: History, executionArn: string): () => Promise<HistoryEvent[]> {
  let lastId = 0;
  return async () => {
    const events =
      lastId > 0 ? await eventsAfter(gateway, executionArn, lastId) : await allEvents(gateway, executionArn);
    lastId = events.at(-1)?.id ?? lastId;
    return events;
  };
}

async function allEvents(gateway: History, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of gateway.historyPages(executionArn, { pageSize: LARGEST_PAGE }))
    for (const event of page) events.push(event);
  return events;
}

/**
 * Events newer than `lastId`, ascending, each read about once: GetExecutionHistory knows no "since", but ids are
 * consecutive, so the newest one says how many are new.
 */
export async function eventsAfter(
  gateway: History,
  executionArn: string,
  lastId: number,
): Promise<HistoryEvent[]> {
  const newest = await firstPage(gateway.historyPages(executionArn, { reverse: true, pageSize: 1 }));
  const missing = (newest[0]?.id ?? lastId) - lastId;
  if (missing <= 0) return [];
  if (missing === 1) return newest;
  const events: HistoryEvent[] = [];
  const pageSize = Math.min(missing, LARGEST_PAGE);
  for await (const page of gateway.historyPages(executionArn, { reverse: true, pageSize })) {
    for (const event of page) if (event.id > lastId) events.push(event);
    if (page.some((event) => event.id <= lastId + 1)) break;
  }
  return events.sort((a, b) => a.id - b.id);
}

async function firstPage(pages: AsyncIterable<HistoryEvent[]>): Promise<HistoryEvent[]> {
  for await (const page of pages) return page;
  return [];
}
