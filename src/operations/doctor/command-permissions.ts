import { exitCodes, FlowError } from '../../errors.js';
import { type CommandPermissions, commandActions } from './command-actions.js';

export const permissionCommands = (): string[] => Object.keys(commandActions);

/** A command by its name; `task` and `trigger` are all commands that begin so. */
export function permissionsOf(command: string): CommandPermissions | undefined {
  const names = Object.hasOwn(commandActions, command)
    ? [command]
    : permissionCommands().filter((name) => name.startsWith(`${command} `));
  const all = names.flatMap((name) => commandActions[name] ?? []);
  const sorted = (actions: string[]): string[] => [...new Set(actions)].sort();
  const needs = sorted(all.flatMap((one) => one.needs));
  const uses = sorted(all.flatMap((one) => one.uses)).filter((action) => !needs.includes(action));
  return all.length === 0 ? undefined : { needs, uses };
}

/** The actions that these commands need, each once, by name. @throws FlowError 2 for a command that is none */
export function actionsOf(commands: string[]): string[] {
  const actions = commands.flatMap((command) => {
    const found = permissionsOf(command);
    if (found) return [...found.needs, ...found.uses];
    throw new FlowError(exitCodes.usage, 'UnknownCommand', `${command} is not a command that calls AWS`, {
      hint: `one of: ${permissionCommands().join(', ')}`,
    });
  });
  return [...new Set(actions)].sort();
}

/** What a policy may name beside `*`. */
export interface PolicyScope {
  bucket?: string;
  /** What the names of the tables begin with. */
  tables?: string;
}

/** What a target says of its bucket and its tables; without one, a policy is of all. */
export const policyScope = ({ bucket, prefix }: { bucket?: string; prefix?: string }): PolicyScope => ({
  bucket: bucket ?? (prefix && `${prefix}ddb-attributes`),
  tables: prefix,
});

/** A policy document that lets one run these commands (`all`: every one), and nothing else. */
export function policyFor(commands: string[], scope: PolicyScope): object {
  const named = commands.filter((command) => command !== '');
  const actions = actionsOf(named.includes('all') ? permissionCommands() : named);
  const statement = (sid: string, service: RegExp, resources: string[]): object[] => {
    const own = actions.filter((action) => service.test(action));
    return own.length === 0 ? [] : [{ Sid: sid, Effect: 'Allow', Action: own, Resource: resources }];
  };
  const bucket = `arn:aws:s3:::${scope.bucket ?? '*'}`;
  return {
    Version: '2012-10-17',
    Statement: [
      // Answers to tasks cannot be narrowed: they name a token, no resource.
      ...statement('StepFunctions', /^states:/, ['*']),
      ...statement('Files', /^s3:/, [bucket, `${bucket}/*`]),
      ...statement('Tables', /^dynamodb:/, [`arn:aws:dynamodb:*:*:table/${scope.tables ?? ''}*`]),
      ...statement('Other', /^(logs|lambda|cloudwatch|iam|sqs):/, ['*']),
    ],
  };
}
