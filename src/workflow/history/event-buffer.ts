import type { HistoryEvent } from '../../asl/engine/history-event.js';

export interface EventBuffer {
  /** Takes events in whatever order they come; gives those whose predecessors have all been given, ascending. */
  add(events: Iterable<HistoryEvent>): HistoryEvent[];
  /** Gives what is held back: what is missing will not come. */
  flush(): HistoryEvent[];
  /** Events that are held back. */
  readonly held: number;
}

/** Log lines come late, doubled and out of order, pages from the newest backwards: ids say what is missing. */
export function createEventBuffer(): EventBuffer {
  const waiting = new Map<number, HistoryEvent>();
  let lastId = 0;
  return {
    add(events) {
      for (const event of events) if (event.id > lastId) waiting.set(event.id, event);
      const next: HistoryEvent[] = [];
      for (let event = waiting.get(lastId + 1); event; event = waiting.get(lastId + 1)) {
        waiting.delete(event.id);
        next.push(event);
        lastId = event.id;
      }
      return next;
    },
    flush() {
      const rest = [...waiting.values()].sort((a, b) => a.id - b.id);
      waiting.clear();
      lastId = rest.at(-1)?.id ?? lastId;
      return rest;
    },
    get held() {
      return waiting.size;
    },
  };
}
