import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { createModel, type ExecutionModel } from '../history/execution-model.js';
import { applyEvents } from '../history/fold.js';

/** What a state did, over many executions. */
export interface StateTally {
  stateName: string;
  /** Times entered. */
  runs: number;
  /** Attempts that failed, whether retried, caught or not. */
  failed: number;
  /** Attempts beyond the first of each visit. */
  retries: number;
  /** Of the visits that ended; milliseconds. */
  durations: number[];
}

/** Over many executions. */
export interface Tally {
  executions: number;
  /** Steps executed, retries too: what AWS charges STANDARD executions for. */
  transitions: number;
  retries: number;
  /** In the order of first entry. */
  states: Map<string, StateTally>;
}

export const createTally = (): Tally => ({ executions: 0, transitions: 0, retries: 0, states: new Map() });

/** Counts one execution, page by page. */
export function countHistory(tally: Tally): {
  add(events: readonly HistoryEvent[]): void;
  model: ExecutionModel;
} {
  const model = createModel();
  tally.executions++;
  const stateOf = (stateName: string): StateTally => {
    let state = tally.states.get(stateName);
    if (!state) {
      state = { stateName, runs: 0, failed: 0, retries: 0, durations: [] };
      tally.states.set(stateName, state);
    }
    return state;
  };
  const retried = (stateName: string): void => {
    stateOf(stateName).retries++;
    tally.retries++;
    tally.transitions++;
  };
  return {
    model,
    add(events) {
      for (const event of events) {
        const changes = applyEvents(model, [event]);
        const current = model.owners[event.id]?.current;
        if (event.type.endsWith('StateEntered') && current) {
          stateOf(current.name).runs++;
          tally.transitions++;
        }
        // A retried Map or Parallel begins anew without a change of its own.
        if (/^(Map|Parallel)StateStarted$/.test(event.type) && current && current.attempts > 1)
          retried(current.name);
        for (const change of changes) {
          if (change.type !== 'state') continue;
          if (change.status === 'failed') stateOf(change.stateName).failed++;
          if (change.took !== undefined) stateOf(change.stateName).durations.push(change.took);
          if (/(Scheduled)$/.test(event.type) && change.status === 'running') retried(change.stateName);
        }
      }
    },
  };
}
