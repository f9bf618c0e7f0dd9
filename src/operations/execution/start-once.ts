import { FlowError } from '../../errors.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { executionArnOf } from '../../workflow/names/arn.js';

/**
 * Starts an execution. As long as it runs the name makes a repeated start the same one; of one that has ended, or that
 * another input has, `former` makes what it is to its caller.
 * @param former given what AWS said, too
 */
export async function startUnlessThere<T>(
  states: Pick<StepFunctionsGateway, 'startExecution'>,
  start: { stateMachineArn: string; name: string; input: string },
  former: (executionArn: string, error: FlowError) => T | Promise<T>,
): Promise<Awaited<ReturnType<StepFunctionsGateway['startExecution']>> | T> {
  try {
    return await states.startExecution(start);
  } catch (error) {
    if (!(error instanceof FlowError) || error.code !== 'ExecutionAlreadyExists') throw error;
    return await former(executionArnOf(start.stateMachineArn, start.name), error);
  }
}
