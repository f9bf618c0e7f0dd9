import { evaluate } from '../../asl/data/json-path.js';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { parsedJson } from '../../json/json.js';
import { findState } from '../definition/pauses.js';
import { detailsOf, textOf } from '../history/event-details.js';

/** The newest event of an execution that does nothing but wait in a Wait state of the top level. */
export function entryOfSleep(
  events: HistoryEvent[],
  topLevel: ReadonlySet<string>,
): HistoryEvent | undefined {
  const newest = events.at(-1);
  if (newest?.type !== 'WaitStateEntered') return undefined;
  return topLevel.has(textOf(detailsOf(newest).name) ?? '') ? newest : undefined;
}

/**
 * When that Wait ends, by the definition that the execution runs: epoch milliseconds. Undefined where JSONata says it, or
 * the state's input is another one.
 */
export function endOfSleep(definition: string, entry: HistoryEvent): number | undefined {
  const { name, input } = detailsOf(entry);
  const { state } = findState(definition, textOf(name) ?? '') ?? {};
  if (state?.Type !== 'Wait') return undefined;
  const at = (path: unknown): unknown => {
    const given = parsedJson(textOf(input));
    if (typeof path !== 'string' || path.startsWith('$$') || given === undefined) return undefined;
    if (state.InputPath !== undefined) return undefined;
    try {
      return evaluate(path, given);
    } catch {
      return undefined;
    }
  };
  const seconds = state.Seconds ?? at(state.SecondsPath);
  if (typeof seconds === 'number') return entry.timestamp + seconds * 1000;
  const timestamp = state.Timestamp ?? at(state.TimestampPath);
  const until = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(until) ? undefined : until;
}

/** There is none until the first change of a machine. */
export const revisionOf = ({ revisionId = '' }: { revisionId?: string }): string => revisionId;
