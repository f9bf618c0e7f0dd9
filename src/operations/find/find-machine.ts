import { exitCodes, FlowError } from '../../errors.js';
import type { StateMachineSummary, StepFunctionsGateway } from '../../ports/aws.js';

/** The names that the framework and its documentation give to the machines of each role. */
const roleNames: Record<string, string[]> = {
  command: ['command', 'command-handler'],
  task: ['task', 'task-handler', 'sfn-task', 'sfn-task-handler'],
  'import-csv': ['import-csv', 'import-csv-handler'],
  'import-zip': ['import-zip', 'import-zip-handler', 'import-zip-orchestrator'],
};

/**
 * ARN of the machine that `reference` means: an ARN, a configured role or name, a machine's own name, or a role by
 * the framework's names (with the target's prefix; without one, at the end of a name).
 * @throws FlowError 3 when there is none, 5 when there are several
 */
export async function findMachine(
  states: Pick<StepFunctionsGateway, 'listStateMachines'>,
  reference: string,
  known: { prefix?: string; machines: Record<string, string>; flagsForHints: string },
): Promise<string> {
  if (reference.startsWith('arn:')) return reference;
  const machines: StateMachineSummary[] = [];
  const configured = Object.hasOwn(known.machines, reference) ? known.machines[reference] : undefined;
  if (configured?.startsWith('arn:')) return configured;
  const wanted = configured ?? reference;
  for await (const machine of states.listStateMachines()) machines.push(machine);
  // `name:alias` and `name:3` name a version of the machine, `name#case` one of its mocked test cases.
  const [, base = '', suffix = ''] = /^([^:#]*)([:#].*)?$/s.exec(wanted) ?? [];
  const exact = machines.find(({ name }) => name === base);
  const candidates = machines.filter(({ name }) => playsRole(name, base, known.prefix));
  // The account may be shared: with a prefix, `import-csv` is the app's own before it is anyone's.
  if (exact && (known.prefix === undefined || candidates.length === 0)) return exact.stateMachineArn + suffix;
  if (candidates.length > 1) {
    throw new FlowError(
      exitCodes.conflict,
      'SeveralMachines',
      `several state machines match ${wanted}: ${candidates.map(({ name }) => name).join(', ')}`,
      {
        hint: `use one of these names, or set "machines": {"${wanted}": "arn:…"} of the target in mbc-flow.json`,
        details: { candidates: candidates.map(({ stateMachineArn }) => stateMachineArn) },
      },
    );
  }
  if (candidates[0]) return candidates[0].stateMachineArn + suffix;
  const near = machines.filter(({ name }) => name.includes(base)).map(({ name }) => name);
  throw new FlowError(
    exitCodes.notFound,
    'StateMachineNotFound',
    `there is no state machine ${wanted}${near.length > 0 ? `; near: ${near.slice(0, 5).join(', ')}` : ''}`,
    { hint: `mbc-flow machines${known.flagsForHints}` },
  );
}

/** Why `findMachine` takes what it takes. */
export function machineReason(
  reference: string,
  known: { prefix?: string; machines: Record<string, string> },
): string {
  if (Object.hasOwn(known.machines, reference)) return 'as configured';
  return known.prefix === undefined
    ? "by the framework's names"
    : `by the framework's names after the prefix ${known.prefix}`;
}

/** By the framework's names where `role` is a role, else by its own name behind the prefix. */
function playsRole(name: string, role: string, prefix: string | undefined): boolean {
  const names = Object.hasOwn(roleNames, role) ? roleNames[role] : undefined;
  if (prefix !== undefined) return (names ?? [role]).some((known) => name === `${prefix}${known}`);
  return names?.some((known) => name === known || name.endsWith(`-${known}`)) ?? false;
}
