import type { ExecutionSummary, StateMachineDescription, StepFunctionsGateway } from '../../ports/aws.js';
import type { RememberedExecution } from '../find/execution-memory.js';
import { allowed } from '../pace/unless-denied.js';

/** An execution that was seen to do nothing but wait in a Wait state, which ends then by the machine's definition of today. */
export interface Sleeper {
  execution: ExecutionSummary;
  /** Epoch milliseconds. */
  until: number;
}

/** AWS tells an execution's own definition once a second only. */
const MOST_ASKED = 3;

/**
 * Notes until when executions sleep: they need not be read again before. What holds is the definition that each one runs:
 * where that of the oldest is the machine's of today, so is that of all that were started after it.
 */
export async function noteSleep(
  states: Pick<StepFunctionsGateway, 'describeStateMachineForExecution'>,
  machine: Pick<StateMachineDescription, 'definition' | 'revisionId'>,
  sleepers: Sleeper[],
  renewed: Record<string, RememberedExecution>,
): Promise<void> {
  const oldestFirst = sleepers.toSorted(
    (a, b) => a.execution.startDate.getTime() - b.execution.startDate.getTime(),
  );
  for (let asked = 0; asked < MOST_ASKED && oldestFirst.length > 0; asked++) {
    const [{ execution } = { execution: undefined }] = oldestFirst;
    const own =
      execution && (await allowed(() => states.describeStateMachineForExecution(execution.executionArn)));
    if (own?.definition === machine.definition && own.revisionId === machine.revisionId) break;
    if (own === undefined || asked === MOST_ASKED - 1) return;
    oldestFirst.shift();
  }
  for (const { execution, until } of oldestFirst) {
    const known = renewed[execution.executionArn];
    if (known) known.asleepUntil = until;
  }
}
