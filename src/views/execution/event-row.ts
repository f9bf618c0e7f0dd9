import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { createStateNamer, isFailure } from '../../workflow/history/event-filter.js';
import { whatHappened } from './history.js';

/** An event on one line. */
export interface EventRow {
  /** Epoch milliseconds. */
  at: number;
  type: string;
  stateName?: string;
  /** Indexes in the Maps around it, the outermost first. */
  items?: readonly number[];
  what?: string;
  failed?: true;
  /** Key of the timeline's row that it is of. */
  step?: string;
}

/** Of what happened; the event itself has it whole. */
const LONGEST = 300;

/** Makes lines of events, given in ascending order. */
export function createEventRows(): (event: HistoryEvent, step: string | undefined) => EventRow {
  const place = createStateNamer();
  return (event, step) => {
    const { stateName, iterations = [] } = place(event);
    const what = whatHappened(event);
    return {
      at: event.timestamp,
      type: event.type,
      ...(stateName !== undefined && { stateName }),
      ...(iterations.length > 0 && { items: iterations }),
      ...(what !== '' && { what: what.length > LONGEST ? `${what.slice(0, LONGEST)}…` : what }),
      ...(isFailure(event.type) && { failed: true as const }),
      ...(step !== undefined && { step }),
    };
  };
}
