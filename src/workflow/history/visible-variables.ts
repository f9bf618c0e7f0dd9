import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isObject, type Json } from '../../json/json.js';
import { parseOwn } from '../../json/lossless.js';
import { detailsOf, textOf } from './event-details.js';

/**
 * Variables that a state sees: what the states before it assigned, back along the chain of predecessors, which leads
 * from a branch or an iteration out to what was before it. `events`: the whole history, ascending.
 */
export function visibleVariables(events: HistoryEvent[], enteredId: number): Record<string, Json> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const variables: Record<string, Json> = {};
  for (let at = byId.get(enteredId); at; at = byId.get(at.previousEventId)) {
    const { assignedVariables } = detailsOf(at);
    for (const [name, value] of isObject(assignedVariables as Json)
      ? Object.entries(assignedVariables as object)
      : []) {
      if (!Object.hasOwn(variables, name)) variables[name] = parseOwn(textOf(value) ?? 'null');
    }
    if (at.previousEventId >= at.id) break;
  }
  return variables;
}
