import { exitCodes, FlowError } from '../../errors.js';
import type { StateMachineDescription } from '../../ports/aws.js';
import { listMachines } from '../find/list-machines.js';
import { type Check, type Examined, ok, told } from './check.js';
import { examineMachine, shapeOf } from './examine-machine.js';
import { checkQueues } from './examine-queues.js';
import { checkAlarms, checkBucket, checkEventSources, checkPermissions } from './examine-surroundings.js';

const ROLES = ['command', 'task', 'import-csv', 'import-zip'];
/** Not every application has it: there is nothing to say where it is neither there nor configured. */
const isOptional = (role: string, error: unknown): boolean =>
  role === 'import-zip' && error instanceof FlowError && error.code === 'StateMachineNotFound';

/** One check after the other, as each is done. None of them changes anything. */
export async function* examineTarget(target: Examined): AsyncGenerator<Check> {
  const { gateways } = target;
  const caller = yield* told('identity', async () => {
    const { account, arn } = await gateways.identity.callerIdentity();
    // Anything may answer 200: an empty answer is nobody's.
    if (!/^\d{12}$/.test(account ?? '') || !arn)
      throw new FlowError(
        exitCodes.unreachable,
        'NotAws',
        'the endpoint is not AWS: it returned no account',
        {
          hint: 'check the endpoint of the target (--endpoint-url, SFN_ENDPOINT)',
        },
      );
    return { value: arn, found: [ok('identity', `${arn} (account ${account})`)] };
  });
  if (caller === undefined) return;
  yield* checkPermissions(target, caller);
  const machines: StateMachineDescription[] = [];
  for (const role of ROLES) {
    const machine = yield* told(role, async () => {
      const arn = await target.machineArn(role).catch((error: unknown) => {
        if (!isOptional(role, error) || target.machineReason(role) === 'as configured') throw error;
        return undefined;
      });
      if (arn === undefined) return { found: [] };
      const found = await gateways.states.describeStateMachine(arn);
      return {
        value: found,
        found: [ok(role, `${found.name}, ${target.machineReason(role)}`), ...shapeOf(role, found)],
      };
    });
    if (machine) machines.push(machine);
  }
  const own = yield* told('machines', async () => ({
    value: await ownMachines(target, machines),
    found: [],
  }));
  for (const machine of own ?? []) machines.push(machine);
  for (const machine of machines) yield* examineMachine(target, machine);
  yield* checkAlarms(target, machines);
  yield* checkEventSources(target, machines);
  yield* checkQueues(target, machines);
  yield* checkBucket(
    target,
    machines.find(({ definition }) => definition.includes('ItemReader')),
  );
}

/** Machines beyond these are not looked at. */
const MANY = 30;

/** The application's own machines: those of its prefix, and without one all that are there. */
async function ownMachines(
  { gateways: { states }, prefix = '' }: Examined,
  known: StateMachineDescription[],
): Promise<StateMachineDescription[]> {
  const others = (await listMachines(states)).filter(
    ({ name, stateMachineArn }) =>
      name.startsWith(prefix) && !known.some((one) => one.stateMachineArn === stateMachineArn),
  );
  return await Promise.all(
    others.slice(0, MANY).map(({ stateMachineArn }) => states.describeStateMachine(stateMachineArn)),
  );
}
