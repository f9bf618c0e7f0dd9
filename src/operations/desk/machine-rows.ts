import type { StateMachineSummary } from '../../ports/aws.js';
import { machineOfExecution } from '../../workflow/names/arn.js';
import type { ExecutionLists } from './execution-lists.js';
import type { DeskExecution, DeskMachine, DeskStep } from './snapshot.js';

/** Each machine, by what its listed executions tell. */
export function machineRows(
  machines: readonly StateMachineSummary[],
  lists: Pick<ExecutionLists, 'of'>,
  paused: readonly DeskStep[],
  executions: readonly DeskExecution[],
): DeskMachine[] {
  const waiting = new Map<string, number>();
  for (const { execution } of paused) {
    // That of a map run's child is the machine of the run.
    const arn = machineOfExecution(execution.executionArn);
    waiting.set(arn, (waiting.get(arn) ?? 0) + 1);
  }
  const lastFailures = new Map<string, DeskExecution>();
  for (const execution of executions)
    if (failed(execution.status) && !lastFailures.has(execution.stateMachineArn))
      lastFailures.set(execution.stateMachineArn, execution);
  return machines.map(({ stateMachineArn, name, type }) => {
    const counts = { running: 0, succeeded: 0, failed: 0 };
    for (const { status } of lists.of(stateMachineArn)) {
      if (status === 'RUNNING') counts.running++;
      else if (status === 'SUCCEEDED') counts.succeeded++;
      else if (failed(status)) counts.failed++;
    }
    const last = lastFailures.get(stateMachineArn);
    return {
      stateMachineArn,
      name,
      type,
      ...counts,
      paused: waiting.get(stateMachineArn) ?? 0,
      lastFailureAt: (last?.stopDate ?? last?.startDate)?.getTime(),
      lastFailure: last && (last.why ?? last.name),
    };
  });
}

const failed = (status: string): boolean => status === 'FAILED' || status === 'TIMED_OUT';
