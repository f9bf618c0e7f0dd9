import type { StateMachineDescription } from '../../ports/aws.js';
import { type Check, type Examined, ok, told } from './check.js';
import { examineMachine, shapeOf } from './examine-machine.js';
import { checkAlarms, checkBucket, checkEventSources, checkPermissions } from './examine-surroundings.js';

const ROLES = ['command', 'task', 'import-csv'];

/** One check after the other, as each is done. None of them changes anything. */
export async function* examineTarget(target: Examined): AsyncGenerator<Check> {
  const { gateways } = target;
  const caller = yield* told('identity', async () => {
    const { account, arn } = await gateways.identity.callerIdentity();
    return { value: arn, found: [ok('identity', `${arn} (account ${account})`)] };
  });
  if (caller === undefined) return;
  yield* checkPermissions(target, caller);
  const machines: StateMachineDescription[] = [];
  for (const role of ROLES) {
    const machine = yield* told(role, async () => {
      const found = await gateways.states.describeStateMachine(await target.machineArn(role));
      return {
        value: found,
        found: [ok(role, `${found.name}, ${target.machineReason(role)}`), ...shapeOf(role, found)],
      };
    });
    if (machine) machines.push(machine);
  }
  for (const machine of machines) yield* examineMachine(target, machine);
  yield* checkAlarms(target, machines);
  yield* checkEventSources(target, machines);
  yield* checkBucket(
    target,
    machines.find(({ definition }) => definition.includes('ItemReader')),
  );
}
