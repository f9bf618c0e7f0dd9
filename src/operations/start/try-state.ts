import { exitCodes, FlowError } from '../../errors.js';
import type { StateTrial, StepFunctionsGateway, TriedState } from '../../ports/aws.js';
import { definedStates } from '../../workflow/definition/definition-states.js';

export type StateToTry = StateTrial;

/**
 * Runs one state of a definition alone. Undefined: `allowed` says that it is not to be run, which is asked where the
 * state calls something.
 * @throws FlowError 3 where there is no such state, 2 where it can't be run alone as it is
 */
export async function tryOneState(
  states: Pick<StepFunctionsGateway, 'testState'>,
  { definition, stateName, ...trial }: StateToTry,
  allowed: (change: string) => Promise<boolean>,
): Promise<TriedState | undefined> {
  const all = definedStates(definition);
  const found = all.find(({ name }) => name === stateName);
  if (!found) {
    const names = all.map(({ name }) => name).slice(0, 20);
    throw new FlowError(
      exitCodes.notFound,
      'StateNotFound',
      `there is no state ${stateName}; the state machine has: ${names.join(', ')}`,
      { where: '--state' },
    );
  }
  const { Type: type, Resource: resource } = found.state;
  const alone =
    type !== 'Map' &&
    type !== 'Parallel' &&
    !/\.(sync(:\d)?|waitForTaskToken)$|:activity:/.test(String(resource));
  if (!alone && trial.mock === undefined)
    throw new FlowError(
      exitCodes.usage,
      'MockRequired',
      `${stateName} waits for what other work gives: AWS runs such a state alone with a mock only`,
      { where: '--state', hint: `--mock '{"ok":true}', or --mock '{"error":"NAME","cause":"WHY"}'` },
    );
  const calls = type === 'Task' && trial.mock === undefined;
  if (calls && trial.roleArn === undefined)
    throw new FlowError(
      exitCodes.usage,
      'RoleRequired',
      `${stateName} calls with a role, which a file does not name`,
      {
        where: '--role',
        hint: '--role arn:aws:iam::ACCOUNT:role/NAME, or --mock JSON',
      },
    );
  if (calls && !(await allowed(`run ${stateName} alone, which calls ${String(resource)}`))) return undefined;
  return await states.testState({ definition, stateName, ...trial });
}
