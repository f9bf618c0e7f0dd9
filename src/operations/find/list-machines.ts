import type { StateMachineSummary, StepFunctionsGateway } from '../../ports/aws.js';

/** All state machines of an account and region, by name. */
export async function listMachines(
  states: Pick<StepFunctionsGateway, 'listStateMachines'>,
): Promise<StateMachineSummary[]> {
  const machines: StateMachineSummary[] = [];
  for await (const machine of states.listStateMachines()) machines.push(machine);
  return machines.sort((a, b) => (a.name < b.name ? -1 : 1));
}
