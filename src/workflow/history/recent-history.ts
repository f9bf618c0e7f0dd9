import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from './event-details.js';

/**
 * A history that is read from its end, as far as it is needed to know what is open. The states of the top level run
 * one after the other, so all that is open began with the newest of them: what lies before is closed.
 */
export interface RecentHistory {
  /** Ascending; from the entry of the newest top-level state on, or from the start of the execution. */
  events: HistoryEvent[];
  /** Everything that was read, ascending: it may reach further back. */
  read: HistoryEvent[];
  /** JSON text, where what was read reaches back to the start. */
  input?: string;
}

/** True when enough was read; `newestFirst`: the events so far, as reversed pages gave them. */
export const reachesBackEnough = (newestFirst: HistoryEvent[], topLevel: ReadonlySet<string>): boolean =>
  newestFirst.at(-1)?.id === 1 || newestFirst.some((event) => entersTopLevel(event, topLevel));

export function recentHistory(newestFirst: HistoryEvent[], topLevel: ReadonlySet<string>): RecentHistory {
  const read = newestFirst.toReversed();
  const from = read.findLastIndex((event) => entersTopLevel(event, topLevel));
  const started = read.find(({ type }) => type === 'ExecutionStarted');
  return {
    events: from < 0 ? read : read.slice(from),
    read,
    input: started && textOf(detailsOf(started).input),
  };
}

function entersTopLevel(event: HistoryEvent, topLevel: ReadonlySet<string>): boolean {
  if (!event.type.endsWith('StateEntered')) return false;
  const { name } = detailsOf(event);
  return typeof name === 'string' && topLevel.has(name);
}
