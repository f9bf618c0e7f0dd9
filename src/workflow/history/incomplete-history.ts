import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf } from './event-details.js';

/** What to do about a saved history that is not whole. */
export const SAVE_ALL =
  'save it whole: aws stepfunctions get-execution-history --execution-arn ARN (with its data, without --max-items)';

/** What a history lacks, after "the history "; undefined where it is whole. @param events ascending */
export function lackOf(events: readonly HistoryEvent[]): string | undefined {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return 'has no events';
  if (first.id > 1) return `begins with event ${first.id}`;
  if (first.type === 'ExecutionStarted' && detailsOf(first).input === undefined)
    return 'has no data (it was saved or logged without)';
  for (const [index, { id }] of events.entries()) {
    const before = events[index - 1]?.id ?? id - 1;
    if (id === before + 2) return `has no event ${before + 1}`;
    if (id > before + 1) return `has no events ${before + 1} to ${id - 1}`;
  }
  if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(last.type)) return undefined;
  return `ends with event ${last.id} (${last.type}), before the execution does`;
}
