import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import { exitCodes, FlowError } from '../../errors.js';
import { type ExecutionFilter, listExecutions, type States } from './list-executions.js';

/** Executions of one machine. */
export interface Picking extends Omit<ExecutionFilter, 'stateMachineArn' | 'statuses'> {
  /** Its role, name or ARN; absent where executions are named. */
  machine?: string;
}

interface Around {
  states: States;
  machineArn(reference: string): Promise<string>;
  executionArn(reference: string): Promise<string>;
  flagsForHints: string;
}

/**
 * The executions that are named, or those of a machine that match.
 * @param only what a command of this kind takes: of these statuses; `example` is a line that works
 * @throws FlowError 2 when neither or both are given, 3 when nothing matches
 */
export async function pickExecutions(
  { states, machineArn, executionArn, flagsForHints }: Around,
  references: readonly string[],
  { machine, ...filter }: Picking,
  only: { statuses: ExecutionStatus[]; example: string },
): Promise<string[]> {
  if ((references.length === 0) === (machine === undefined)) {
    throw new FlowError(
      exitCodes.usage,
      'BadUsage',
      'name the executions, or a state machine with --machine',
      { hint: only.example },
    );
  }
  if (machine === undefined) {
    const { since, match, longerThan, error } = filter;
    if ([since, match, longerThan, error].some((given) => given !== undefined))
      throw new FlowError(
        exitCodes.usage,
        'BadUsage',
        'filters apply to --machine, not to executions that are named',
        { hint: only.example },
      );
    const arns: string[] = [];
    for (const reference of references) arns.push(await executionArn(reference));
    return [...new Set(arns)];
  }
  const { statuses } = only;
  const stateMachineArn = await machineArn(machine);
  const { executions } = await listExecutions(states, { ...filter, stateMachineArn, statuses });
  if (executions.length > 0) return executions.map(({ executionArn }) => executionArn);
  throw new FlowError(exitCodes.notFound, 'ExecutionNotFound', `no matching execution of ${machine}`, {
    hint: `mbc-flow list ${machine}${flagsForHints}`,
  });
}
