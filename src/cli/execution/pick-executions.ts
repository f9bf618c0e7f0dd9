import { pickExecutions } from '../../operations/execution/pick-executions.js';
import type { Context } from '../shell/context.js';
import type { Target } from '../shell/target.js';
import type { PickOptions } from './pick-options.js';

/** What a command in bulk is about: the executions that are named, or those that its flags pick. */
export async function picked(
  { clock }: Context,
  target: Target,
  references: readonly string[],
  { machine, since, match, limit, olderThan, error }: PickOptions & { olderThan?: number; error?: string },
  only: Parameters<typeof pickExecutions>[3],
): Promise<string[]> {
  const now = clock.now();
  const filter = { machine, since: since?.(now), match, limit, longerThan: olderThan, error, now };
  return await pickExecutions({ ...target, states: target.gateways.states }, references, filter, only);
}
