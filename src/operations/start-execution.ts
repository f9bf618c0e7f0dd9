import type { StepFunctionsGateway } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';

/** AWS's limit for the input of an execution, in bytes of UTF-8. */
const largestInput = 262_144;

/**
 * Starts one execution. A repeated start with the same name and input is the same execution, so a call that was cut
 * off can be made again.
 * @throws FlowError 2 for an input beyond AWS's limit, 5 when the name is taken
 */
export async function startExecution(
  states: Pick<StepFunctionsGateway, 'startExecution'>,
  start: { stateMachineArn: string; name: string; input: string },
): Promise<{ executionArn: string; startDate: Date }> {
  const bytes = new TextEncoder().encode(start.input).length;
  if (bytes > largestInput) {
    throw new FlowError(
      exitCodes.usage,
      'InputTooLarge',
      `the input has ${bytes} bytes; AWS takes at most ${largestInput}`,
      { hint: 'store it in S3 and give its address as the input' },
    );
  }
  return await states.startExecution(start);
}
