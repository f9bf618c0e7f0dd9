import type { HistoryEvent } from '../asl/history-event.js';
import { applyEvents } from './fold.js';
import type { Change, ExecutionModel } from './model.js';

export interface EventBuffer {
  /** Takes events in whatever order they come; folds those whose predecessors are all there. */
  add(events: Iterable<HistoryEvent>): Change[];
  /** Folds what is held back: what is missing will not come. */
  flush(): Change[];
  /** Events that are held back. */
  readonly held: number;
}

/** Log lines come late, doubled and out of order, pages from the newest backwards: ids say what is missing. */
export function createEventBuffer(model: ExecutionModel): EventBuffer {
  const waiting = new Map<number, HistoryEvent>();
  return {
    add(events) {
      for (const event of events) if (event.id > model.lastEventId) waiting.set(event.id, event);
      const next: HistoryEvent[] = [];
      for (let id = model.lastEventId + 1; ; id++) {
        const event = waiting.get(id);
        if (!event) break;
        waiting.delete(id);
        next.push(event);
      }
      return applyEvents(model, next);
    },
    flush() {
      const rest = [...waiting.values()].sort((a, b) => a.id - b.id);
      waiting.clear();
      return applyEvents(model, rest);
    },
    get held() {
      return waiting.size;
    },
  };
}
