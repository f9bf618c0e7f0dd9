import { exitCodes, type FlowError } from '../../errors.js';
import type { Json } from '../../json/json.js';
import type { Gateways } from '../../ports/aws.js';
import type { ExecutionModel } from '../../workflow/history/execution-model.js';
import { isExpress, machineOfExecution } from '../../workflow/names/arn.js';
import { unlessDenied } from '../pace/unless-denied.js';
import { showAnyExecution } from './show-any.js';

export interface FoundDefinition {
  /** What it is called. */
  name: string;
  definition: Json;
  /** What ran of it, where an execution was meant. */
  model?: ExecutionModel;
}

/** The definition that a machine has, or that an execution ran with. FlowError 3 when there is neither. */
export async function findDefinition(
  gateways: Pick<Gateways, 'states' | 'logs'>,
  reference: string,
  find: {
    machineArn(reference: string): Promise<string>;
    executionArn(reference: string): Promise<string>;
  },
  now: number,
): Promise<FoundDefinition> {
  const execution = reference.startsWith('@') || /:(execution|express):|^https?:/.test(reference);
  if (!execution) {
    try {
      const arn = await find.machineArn(reference);
      const { name, definition } = await gateways.states.describeStateMachine(arn);
      return { name, definition: JSON.parse(definition) };
    } catch (error) {
      if ((error as FlowError).exitCode !== exitCodes.notFound || reference.startsWith('arn:')) throw error;
      // A name that no machine has may be an execution's; when it is not, the machine is what was missed.
      const found = await find.executionArn(reference).catch(unlessDenied);
      if (found === undefined) throw error;
      return await ofExecution(gateways, found, now);
    }
  }
  return await ofExecution(gateways, await find.executionArn(reference), now);
}

async function ofExecution(
  gateways: Pick<Gateways, 'states' | 'logs'>,
  executionArn: string,
  now: number,
): Promise<FoundDefinition> {
  const { states } = gateways;
  const { model, name = executionArn } = await showAnyExecution(gateways, executionArn, now);
  // Of an EXPRESS execution AWS knows the machine only, as it is today.
  const { definition } = isExpress(executionArn)
    ? await states.describeStateMachine(machineOfExecution(executionArn))
    : await states.describeStateMachineForExecution(executionArn);
  return { name, definition: JSON.parse(definition), model };
}
