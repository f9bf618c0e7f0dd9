import type { StepFunctionsGateway } from '../aws/gateways.js';
import { exitCodes, type FlowError } from '../errors.js';
import type { ExecutionModel } from '../workflow/model.js';
import { showExecution } from './show-execution.js';

export interface FoundDefinition {
  /** What it is called. */
  name: string;
  definition: string;
  /** What ran of it, where an execution was meant. */
  model?: ExecutionModel;
}

/** The definition that a machine has, or that an execution ran with. FlowError 3 when there is neither. */
export async function findDefinition(
  states: Pick<
    StepFunctionsGateway,
    | 'describeStateMachine'
    | 'describeStateMachineForExecution'
    | 'describeExecution'
    | 'historyPages'
    | 'describeMapRun'
    | 'listExecutions'
  >,
  reference: string,
  find: {
    machineArn(reference: string): Promise<string>;
    executionArn(reference: string): Promise<string>;
  },
): Promise<FoundDefinition> {
  const execution = reference.startsWith('@') || /:(execution|express):|^https?:/.test(reference);
  if (!execution) {
    try {
      const arn = await find.machineArn(reference);
      const { name, definition } = await states.describeStateMachine(arn);
      return { name, definition };
    } catch (error) {
      if ((error as FlowError).exitCode !== exitCodes.notFound || reference.startsWith('arn:')) throw error;
      // A name that no machine has may be an execution's; when it is not, the machine is what was missed.
      const found = await find.executionArn(reference).catch(() => undefined);
      if (found === undefined) throw error;
      return await ofExecution(states, found);
    }
  }
  return await ofExecution(states, await find.executionArn(reference));
}

async function ofExecution(
  states: Parameters<typeof findDefinition>[0],
  executionArn: string,
): Promise<FoundDefinition> {
  const { definition } = await states.describeStateMachineForExecution(executionArn);
  const { model, name = executionArn } = await showExecution(states, executionArn);
  return { name, definition, model };
}
