import { executionParts } from './arn.js';

/**
 * What one types for an execution where several are named: its name, or `machine:name` where the name alone is not
 * enough: another of them has it, the execution is a map run's child (`machine/label:name`), or the name reads as
 * something else.
 */
export function typedNames(executionArns: readonly string[]): (executionArn: string) => string {
  /** Whose a name is; of several, nobody's. */
  const owners = new Map<string, string | undefined>();
  for (const arn of executionArns) {
    const { name = arn } = executionParts(arn);
    owners.set(name, !owners.has(name) || owners.get(name) === arn ? arn : undefined);
  }
  return (executionArn) => {
    const [, , , , , kind, machine, name] = executionArn.split(':');
    // Executions of EXPRESS machines are found by their ARN alone.
    if (machine === undefined || name === undefined || kind !== 'execution') return executionArn;
    const shared = owners.has(name) && owners.get(name) !== executionArn;
    const alone = !shared && !machine.includes('/') && !/^-|@(?:last|\d+)$|\.(?:json|asl|ya?ml)$/.test(name);
    return alone ? name : `${machine}:${name}`;
  };
}

/** The same of one that stands alone. */
export const typedName = (executionArn: string): string => typedNames([])(executionArn);

/** `machine:name`, with the label of a map run: `machine/label:name`; undefined for any other reference. */
export function readTypedName(
  reference: string,
): { machine: string; label: string; name: string } | undefined {
  const [, machine, label = '', name] = /^([^:/\s]+)(\/[^:\s]+)?:([^:/\s]+)$/u.exec(reference) ?? [];
  return machine === undefined || name === undefined ? undefined : { machine, label, name };
}
