import type { LogSource } from '../../operations/follow/find-logs.js';
import { findLogs, firstLineAt } from '../../operations/follow/find-logs.js';
import { isExpress, machineOfExecution } from '../../workflow/names/arn.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';

export const tenMinutes = 600_000;

/** The log groups that tell of an execution, and when it started (epoch milliseconds). */
export async function sourcesOfExecution(
  context: Context,
  target: Target,
  executionArn: string,
): Promise<{ sources: LogSource[]; executionArn: string; since: number }> {
  const { states, functions, logs } = target.gateways;
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
