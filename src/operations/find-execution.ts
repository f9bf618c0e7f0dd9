import type { StepFunctionsGateway } from '../aws/gateways.js';
import { exitCodes, FlowError } from '../errors.js';

/**
 * ARN of the execution that `reference` means: an ARN, a console URL, or a name that one machine only has given.
 * @param last what `@last` stands for, if anything was started on this target
 * @throws FlowError 3 when there is none, 5 when several machines have one of that name
 */
export async function findExecution(
  states: Pick<StepFunctionsGateway, 'listStateMachines' | 'describeExecution'>,
  reference: string,
  known: { last?: string; targetName: string; flagsForHints: string },
): Promise<string> {
  if (reference === '@last') {
    if (known.last !== undefined) return known.last;
    throw new FlowError(
      exitCodes.notFound,
      'NoLastExecution',
      `nothing was started on target ${known.targetName} yet`,
      {
        where: '@last',
        hint: `mbc-flow list${known.flagsForHints}`,
      },
    );
  }
  const arn = arnIn(reference);
  if (arn !== undefined) return arn;
  const found: string[] = [];
  for await (const machine of states.listStateMachines()) {
    if (machine.type !== 'STANDARD') continue;
    const candidate = `${machine.stateMachineArn.replace(':stateMachine:', ':execution:')}:${reference}`;
    if (await exists(states, candidate)) found.push(candidate);
  }
  if (found.length === 1 && found[0]) return found[0];
  if (found.length > 1) {
    throw new FlowError(
      exitCodes.conflict,
      'SeveralExecutions',
      `several executions are named ${reference}`,
      {
        where: found.join(', '),
        hint: 'give the ARN of one of them',
      },
    );
  }
  throw new FlowError(
    exitCodes.notFound,
    'ExecutionNotFound',
    `there is no execution ${reference} on target ${known.targetName}`,
    { hint: `mbc-flow list${known.flagsForHints}` },
  );
}

/** In an ARN as it is, or in the address of the console's page. */
function arnIn(reference: string): string | undefined {
  if (reference.startsWith('arn:')) return reference;
  if (!/^https?:\/\//.test(reference)) return undefined;
  return /arn:[\w-]+:states:[\w-]+:\d+:(?:execution|express):[^?#&/]+(?:\/[^:?#&]+)?:[^?#&]+/.exec(
    decodeURIComponent(reference),
  )?.[0];
}

async function exists(
  states: Pick<StepFunctionsGateway, 'describeExecution'>,
  arn: string,
): Promise<boolean> {
  try {
    await states.describeExecution(arn);
    return true;
  } catch (error) {
    // A reference that is no possible name is refused as an invalid ARN: no such execution either.
    const { exitCode } = error as FlowError;
    if (exitCode === exitCodes.notFound || exitCode === exitCodes.usage) return false;
    throw error;
  }
}
