import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf } from './event-details.js';
import type { Change, ExecutionModel } from './execution-model.js';
import { containerHandlers } from './fold-containers.js';
import { executionHandlers } from './fold-execution.js';
import { stateHandlers } from './fold-states.js';
import type { Handler } from './fold-step.js';
import { ownerOf } from './state-of-event.js';

const handlers = new Map<string, Handler>(
  [executionHandlers, stateHandlers, containerHandlers].flatMap((some) => Object.entries(some)),
);

/**
 * Folds events into the model, in place: `events` in ascending order, following those already folded (older
 * ids are skipped). However a history is cut into calls, the model ends the same. Returns what visibly changed.
 */
export function applyEvents(model: ExecutionModel, events: Iterable<HistoryEvent>): Change[] {
  const changes: Change[] = [];
  for (const event of events) {
    if (event.id <= model.lastEventId) continue;
    model.lastEventId = event.id;
    model.owners[event.id] = ownerOf(model, event);
    handlers.get(event.type)?.({ model, event, details: detailsOf(event), changes });
  }
  return changes;
}

/** True when the fold knows what an event of this type means. */
export const isKnownEventType = (type: string): boolean => handlers.has(type);
