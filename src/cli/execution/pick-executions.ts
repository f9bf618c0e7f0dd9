import type { ExecutionStatus } from '../../asl/engine/protocol.js';
import { exitCodes, FlowError } from '../../errors.js';
import { listExecutions } from '../../operations/execution/list-executions.js';
import { durationOf, sinceOf } from '../shell/flag-values.js';
import type { Target } from '../shell/target.js';

/**
 * The executions that are named, or those of a machine that fit the flags.
 * @throws FlowError 2 when neither or both are given, 3 when nothing fits
 */
export async function pickExecutions(
  target: Target,
  references: string[],
  options: Record<string, unknown>,
  pick: { statuses: ExecutionStatus[]; now: number; example: string },
): Promise<string[]> {
  const machine = typeof options.machine === 'string' ? options.machine : undefined;
  if ((references.length === 0) === (machine === undefined)) {
    throw new FlowError(exitCodes.usage, 'BadUsage', 'Name executions, or a machine with --machine.', {
      hint: pick.example,
    });
  }
  if (machine === undefined) {
    const arns: string[] = [];
    for (const reference of references) arns.push(await target.executionArn(reference));
    return [...new Set(arns)];
  }
  const { executions } = await listExecutions(target.gateways.states, {
    stateMachineArn: await target.machineArn(machine),
    statuses: pick.statuses,
    since: sinceOf(options.since, pick.now),
    longerThan: durationOf(options.olderThan, '--older-than'),
    match: typeof options.match === 'string' ? options.match : undefined,
    error: typeof options.error === 'string' ? options.error : undefined,
    limit: Number(options.limit) || 1000,
    now: pick.now,
  });
  if (executions.length > 0) return executions.map(({ executionArn }) => executionArn);
  throw new FlowError(exitCodes.notFound, 'ExecutionNotFound', `no execution of ${machine} fits`, {
    hint: `mbc-flow list ${machine}${target.flagsForHints}`,
  });
}

/** `import-csv: a, b, c and 7 more`: what a question names. */
export function namesOf(executionArns: string[]): string {
  const names = executionArns.map((arn) => arn.split(':').slice(6, 8).join(':'));
  const more = names.length - 5;
  return `${names.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
