import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { StateMachineDescription } from '../../ports/aws.js';
import type { Sleep } from '../../ports/execution-memory.js';
import { endOfSleep, entryOfSleep, revisionOf } from '../../workflow/answer/sleeping-execution.js';
import type { Pauses } from '../../workflow/definition/pauses.js';

export interface DefinedMachine {
  pauses: Pauses;
  description: StateMachineDescription;
}

/** Until when an execution does nothing but wait in a Wait state, by a definition of its machine. Events: ascending. */
export function sleepIn(events: HistoryEvent[], { pauses, description }: DefinedMachine): Sleep | undefined {
  const entry = entryOfSleep(events, pauses.topLevel);
  const until = entry && endOfSleep(description.definition, entry);
  return until === undefined ? undefined : { until, by: revisionOf(description) };
}
