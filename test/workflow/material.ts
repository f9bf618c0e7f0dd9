import { existsSync, readFileSync } from 'node:fs';
import type { HistoryEvent } from '../../src/asl/history-event.js';

/** Histories recorded on AWS; the collection lies outside of the repository and may be absent. */
const folder = '../shared/material/histories';

export const materialIsThere = existsSync(folder);
if (!materialIsThere && process.env.CI === 'true') throw new Error(`test material is missing: ${folder}`);

export interface Recorded {
  id: string;
  test: string;
  events: HistoryEvent[];
}

/** Every history in the collection, as GetExecutionHistory gave it; times are normalised there: one second an event. */
export function recordedHistories(): Recorded[] {
  if (!materialIsThere) return [];
  const found: Recorded[] = [];
  for (const line of readFileSync(`${folder}/localstack-executions.jsonl`, 'utf8').split('\n')) {
    if (line === '') continue;
    const record = JSON.parse(line);
    for (const [key, value] of Object.entries<{ events?: HistoryEvent[] }>(record.recorded)) {
      if (!Array.isArray(value?.events)) continue;
      const events = value.events
        .map((event) => ({ ...event, timestamp: 1_700_000_000_000 + event.id * 1000 }))
        .sort((a, b) => a.id - b.id);
      if (events[0]?.id !== 1) continue;
      found.push({ id: `${record.id}/${key}`, test: record.test, events });
    }
  }
  return found;
}
