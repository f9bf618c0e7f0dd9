import type { HistoryEvent } from '../../src/asl/engine/history-event.js';
import { readSavedHistory } from '../../src/workflow/history/saved-history.js';
import { eventsOf, samples } from '../asl/samples.js';
import { material } from '../shared.js';

/** Histories recorded on AWS; the collection lies outside of the repository and may be absent. */
export const materialIsThere = material.there;

export interface Recorded {
  id: string;
  test: string;
  events: HistoryEvent[];
}

/** Those that our engine writes of each type of state. */
export const ownHistories = async (): Promise<Recorded[]> =>
  await Promise.all(
    Object.entries(samples).map(async ([id, sample]) => ({ id, test: id, events: await eventsOf(sample) })),
  );

/** Every history and set of log lines in the collection; times are normalised there: one second an event. */
export function recordedHistories(): Recorded[] {
  if (!materialIsThere) return [];
  const found: Recorded[] = [];
  for (const line of material.text('histories/localstack-executions.jsonl').split('\n')) {
    if (line === '') continue;
    const record = JSON.parse(line);
    for (const [key, value] of Object.entries<Saved>(record.recorded)) {
      const saved = Array.isArray(value) ? value : value?.events;
      if (
        !Array.isArray(saved) ||
        !saved.every((event) => 'previousEventId' in event || 'execution_arn' in event)
      )
        continue;
      const arns = new Set(
        saved.map((event) => ('execution_arn' in event ? String(event.execution_arn) : undefined)),
      );
      for (const arn of arns) {
        const events = readSavedHistory(JSON.stringify(value), key, arn).events.map((event) => ({
          ...event,
          timestamp: 1_700_000_000_000 + event.id * 1000,
        }));
        found.push({ id: `${record.id}/${key}`, test: record.test, events });
      }
    }
  }
  return found;
}

type Saved = { events?: object[] } | object[];
