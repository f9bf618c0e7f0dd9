import { isDeepStrictEqual } from 'node:util';
import { deployed } from '../../framework/machines.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';

type States = Pick<
  StepFunctionsGateway,
  'listStateMachines' | 'describeStateMachine' | 'createStateMachine' | 'updateDefinition'
>;

/**
 * Makes the local server have a machine of this name with this definition (JSON text), whose placeholders are functions,
 * as in the files of mbc-flow.json. `change`: what that changes.
 */
export async function registerMachine(
  states: States,
  machine: { name: string; definition: string },
  dryRun: boolean,
): Promise<{ stateMachineArn?: string; change?: 'new' | 'changed' }> {
  const { name } = machine;
  const definition = deployed(machine.definition);
  for await (const machine of states.listStateMachines()) {
    if (machine.name !== name) continue;
    const { stateMachineArn } = machine;
    const now = await states.describeStateMachine(stateMachineArn);
    if (isDeepStrictEqual(JSON.parse(now.definition), JSON.parse(definition))) return { stateMachineArn };
    if (!dryRun) await states.updateDefinition(stateMachineArn, definition);
    return { stateMachineArn, change: 'changed' };
  }
  const roleArn = 'arn:aws:iam::101010101010:role/local';
  if (dryRun) return { change: 'new' };
  const stateMachineArn = await states.createStateMachine({ name, definition, roleArn });
  return { stateMachineArn, change: 'new' };
}
