import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { detailsOf, textOf } from '../../workflow/history/event-details.js';
import type { ExecutionModel, Scope } from '../../workflow/history/execution-model.js';
import { redactTokens } from '../../workflow/history/redact.js';

/** What one iteration of the Map over the items came to. */
export interface IterationEnd {
  how: 'succeeded' | 'failed' | 'open';
  /** JSON text of what its last state gave; undefined where the history was read without data. */
  output?: string;
  error?: string;
  cause?: string;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt?: number;
}

export interface ItemLedger {
  /** Takes events that `model` was folded with just now. */
  take(model: ExecutionModel, events: HistoryEvent[]): void;
  /** By index of the item; those that never began are not there. */
  readonly iterations: ReadonlyMap<number, IterationEnd>;
}

/** Follows the iterations of the inline Map `mapState` of an execution's top level. A retried Map begins anew. */
export function createItemLedger(mapState: string): ItemLedger {
  const iterations = new Map<number, IterationEnd>();
  const take = (event: HistoryEvent, scope: Scope | undefined): void => {
    const inner = iterationIn(scope, mapState);
    if (event.type === 'MapStateStarted' && scope && isTop(scope) && scope.current?.name === mapState)
      iterations.clear();
    if (inner?.index === undefined) return;
    if (event.type === 'MapIterationStarted' && inner === scope)
      iterations.set(inner.index, { how: 'open', startedAt: event.timestamp });
    const iteration = iterations.get(inner.index);
    if (!iteration) return;
    const details = detailsOf(event);
    if (details.error !== undefined) {
      iteration.error = textOf(details.error);
      iteration.cause = textOf(details.cause);
    }
    if (inner !== scope) return;
    if (event.type.endsWith('StateExited') && details.output !== undefined)
      iteration.output = redactTokens(textOf(details.output) ?? '');
    if (event.type === 'MapIterationSucceeded') Object.assign(iteration, ended('succeeded', event));
    if (event.type === 'MapIterationFailed') Object.assign(iteration, ended('failed', event));
  };
  return {
    take(model, events) {
      for (const event of events) take(event, model.owners[event.id]);
    },
    iterations,
  };
}

const ended = (how: IterationEnd['how'], { timestamp }: HistoryEvent) => ({ how, endedAt: timestamp });

const isTop = (scope: Scope): boolean => scope.parent === undefined;

/** The iteration of the Map that a scope is, or is inside of. */
function iterationIn(scope: Scope | undefined, mapState: string): Scope | undefined {
  for (let at = scope; at?.parent; at = at.parent.scope)
    if (at.parent.name === mapState && isTop(at.parent.scope)) return at;
  return undefined;
}
