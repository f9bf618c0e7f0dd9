import type { LogSource } from '../../operations/follow/find-logs.js';
import { isExpress, machineOfExecution } from '../../workflow/names/arn.js';
import type { Context, Target } from '../shell/command.js';

export const tenMinutes = 600_000;

/** The log groups that tell of an execution, and when it started (epoch milliseconds). */
export async function sourcesOfExecution(
  context: Context,
  target: Target,
  executionArn: string,
): Promise<{ sources: LogSource[]; executionArn: string; since: number }> {
  const { states, functions, logs } = target.gateways;
  const { findLogs, firstLineAt } = await import('../../operations/follow/find-logs.js');
  if (isExpress(executionArn)) {
    const machine = await states.describeStateMachine(machineOfExecution(executionArn));
    const sources = await findLogs(functions, machine);
    const first = await firstLineAt(logs, sources, executionArn);
    return { sources, executionArn, since: first ?? context.clock.now() - tenMinutes };
  }
  const { startDate } = await states.describeExecution(executionArn);
  const machine = await states.describeStateMachine(machineOfExecution(executionArn));
  return { sources: await findLogs(functions, machine), executionArn, since: startDate.getTime() };
}
