import type { Evaluate } from '../../asl/engine/map-item.js';
import { exitCodes, FlowError, failedWith } from '../../errors.js';
import type { StateMachineDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { redactTokens } from '../../workflow/history/redact.js';
import {
  type CheckedMachine,
  createInputCheck,
  type InputCheck,
  type Misfit,
} from '../../workflow/trial/input-check.js';

/** AWS's limit for the input of an execution, in bytes of UTF-8. */
const largestInput = 262_144;

/** @throws FlowError 2 for an input beyond AWS's limit */
export function refuseLargeInput(input: string, where?: string): void {
  const bytes = new TextEncoder().encode(input).length;
  if (bytes <= largestInput) return;
  throw new FlowError(
    exitCodes.usage,
    'InputTooLarge',
    `the input has ${bytes} bytes; the maximum is ${largestInput}`,
    { where, hint: 'store it in S3 and pass its location as the input' },
  );
}

/** An alias may stand for two versions: which of them runs is not known before. */
const isAlias = (stateMachineArn: string): boolean => /^\D/.test(stateMachineArn.split(':')[7] ?? '1');

/** The machine that is going to be started; undefined where the caller may start it and not look at it. */
export async function describeToStart(
  states: Pick<StepFunctionsGateway, 'describeStateMachine'>,
  stateMachineArn: string,
): Promise<StateMachineDescription | undefined> {
  try {
    // An alias has the type of its machine, as a test case of its mocks has; AWS describes machines and versions.
    const arn = stateMachineArn.replace(/#.*/, '');
    const described = isAlias(arn) ? arn.replace(/:[^:]*$/, '') : arn;
    return await states.describeStateMachine(described);
  } catch (error) {
    if (failedWith(error, exitCodes.denied) && error.code !== 'Credentials') return undefined;
    throw error;
  }
}

/** What tells of an input whether an execution with it would fail at once. */
export function checkFor(
  stateMachineArn: string,
  machine: CheckedMachine | undefined,
  evaluate: Evaluate,
): InputCheck {
  if (!machine || isAlias(stateMachineArn)) return async () => undefined;
  return createInputCheck({ ...machine, stateMachineArn }, evaluate);
}

/** @param machine its name */
export function misfitError(misfit: Misfit, machine: string, where: string): FlowError {
  const { stateName, error, missing } = misfit;
  return new FlowError(
    exitCodes.usage,
    'InputDoesNotFit',
    [
      `${machine} would fail at once with this input, in its state '${stateName}' (${error})`,
      ...misfitLines(misfit),
    ].join('\n  '),
    {
      where,
      hint: 'correct the input, or start it anyway with --no-check',
      details: { stateName, error, missing },
    },
  );
}

/** What is missing, or else what AWS would say. */
export function misfitLines({ reason, missing }: Misfit): string[] {
  if (missing.length > 0)
    return missing.map(({ path, field }) => `${path} is missing (asked for by ${field})`);
  const safe = redactTokens(reason);
  return [safe.length > 300 ? `${safe.slice(0, 300)}…` : safe];
}
