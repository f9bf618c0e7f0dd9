import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { startUnlessThere } from '../execution/start-once.js';

/**
 * Starts the execution of a share, or finds the one of this name and input that was started before.
 * @returns `former`: as it is now, where it was there and has ended
 * @throws FlowError 5 where the name is taken by one of another input
 */
export async function startShare(
  states: Pick<StepFunctionsGateway, 'startExecution' | 'describeExecution'>,
  start: { stateMachineArn: string; name: string; input: string },
): Promise<{ executionArn: string; former?: ExecutionDescription }> {
  return await startUnlessThere(states, start, async (executionArn) => {
    const former = await states.describeExecution(executionArn);
    if (former.input === undefined || former.input === start.input) return { executionArn, former };
    throw new FlowError(
      exitCodes.conflict,
      'NameTaken',
      'an execution with this name was started with other items, by an earlier run of the same batch',
      {
        where: executionArn,
        hint: 'use --again to start the whole batch under new names',
        details: { executionArn },
      },
    );
  });
}
