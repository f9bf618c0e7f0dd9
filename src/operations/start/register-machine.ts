import { isDeepStrictEqual } from 'node:util';
import { DefinitionError, diagnose } from '../../asl/definition.js';
import { exitCodes, FlowError } from '../../errors.js';
import { localAccount, localRegion } from '../../framework/conventions.js';
import { deployed } from '../../framework/machines.js';
import type { StepFunctionsGateway } from '../../ports/aws.js';
import type { CheckedMachine } from '../../workflow/trial/input-check.js';

type States = Pick<
  StepFunctionsGateway,
  'listStateMachines' | 'describeStateMachine' | 'createStateMachine' | 'updateDefinition'
>;

export interface Registered {
  stateMachineArn: string;
  change?: 'new' | 'changed';
  /** In a dry run that would change it: the machine as it would be. */
  machine?: CheckedMachine;
}

/**
 * Makes the local server have a machine of this name with this definition (JSON text), whose placeholders are functions,
 * as in the files of mbc-flow.json. `change`: what that changes.
 * @throws FlowError 2, `InvalidDefinition`, for one that AWS would refuse
 */
export async function registerMachine(
  states: States,
  machine: { name: string; definition: string },
  dryRun: boolean,
): Promise<Registered> {
  const { name } = machine;
  const definition = deployed(machine.definition);
  for await (const machine of states.listStateMachines()) {
    if (machine.name !== name) continue;
    const { stateMachineArn } = machine;
    const now = await states.describeStateMachine(stateMachineArn);
    if (isDeepStrictEqual(JSON.parse(now.definition), JSON.parse(definition))) return { stateMachineArn };
    const change = 'changed';
    if (dryRun) return { stateMachineArn, change, machine: await acceptable({ ...now, definition }) };
    await states.updateDefinition(stateMachineArn, definition);
    return { stateMachineArn, change };
  }
  const roleArn = 'arn:aws:iam::101010101010:role/local';
  if (dryRun) {
    const stateMachineArn = `arn:aws:states:${localRegion}:${localAccount}:stateMachine:${name}`;
    const machine = await acceptable({ stateMachineArn, name, definition, roleArn, type: 'STANDARD' });
    return { stateMachineArn, change: 'new', machine };
  }
  const stateMachineArn = await states.createStateMachine({ name, definition, roleArn });
  return { stateMachineArn, change: 'new' };
}

/** The machine; what the server would refuse is refused in its words. */
async function acceptable(machine: CheckedMachine): Promise<CheckedMachine> {
  const found = await diagnose(machine.definition, machine.type);
  const errors = found.filter(({ severity }) => severity === 'ERROR');
  if (errors.length === 0) return machine;
  const { message } = new DefinitionError(errors);
  throw new FlowError(
    exitCodes.usage,
    'InvalidDefinition',
    `CreateStateMachine would be rejected: Invalid State Machine Definition: '${message}'`,
  );
}
