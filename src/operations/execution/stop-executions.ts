import { exitCodes, FlowError } from '../../errors.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import { executionParts } from '../../workflow/names/arn.js';

/** Aborts a running execution. @throws FlowError 5 when it has ended already */
export async function stopExecution(
  states: Pick<StepFunctionsGateway, 'describeExecution' | 'stopExecution'>,
  executionArn: string,
  why: { error?: string; cause?: string },
  flagsForHints: string,
): Promise<{ stopDate: Date }> {
  const { status } = await states.describeExecution(executionArn);
  if (status !== 'RUNNING') {
    const name = executionParts(executionArn).name ?? executionArn;
    throw new FlowError(exitCodes.conflict, 'ExecutionEnded', `${name} has already ended: ${status}`, {
      where: executionArn,
      hint: `mbc-flow show ${executionArn}${flagsForHints}`,
    });
  }
  return await states.stopExecution(executionArn, why);
}
