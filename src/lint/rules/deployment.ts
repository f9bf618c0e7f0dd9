import { allows, needsOf } from '../permissions.js';
import type { Rule } from '../rule.js';

/** Rules on what surrounds a definition: its role and its logs. */

const forbidden: Rule = {
  code: 'MF014',
  title: 'A permission that the role lacks',
  severity: 'warning',
  why: 'AWS creates the machine; the state fails when it is reached, with AccessDenied or States.TaskFailed.',
  instead:
    "The named action in a policy of the machine's role. A Distributed Map needs states:StartExecution on the machine itself.",
  check(machine, report) {
    const statements = machine.deployment?.permissions;
    if (!statements) return;
    const told = new Set<string>();
    for (const { action, place } of needsOf(machine)) {
      if (allows(statements, action) || told.has(action)) continue;
      told.add(action);
      report(place, `'${String(place.at(-1))}' needs ${action}, which the machine's role is not allowed`);
    }
  },
};

const PREFIX = '/aws/vendedlogs/states/';

const misplaced: Rule = {
  code: 'MF017',
  title: 'A log group outside of /aws/vendedlogs/states/',
  severity: 'warning',
  why: 'Each log group that AWS may write to is named in a resource policy of 5,120 characters, ten to an account. Names under /aws/vendedlogs/ need no entry of their own; others stop a deployment one day, far from here.',
  instead: `logGroupName: '${PREFIX}<machine>-logs'`,
  check(machine, report) {
    const group = machine.deployment?.logGroup;
    if (group !== undefined && !group.startsWith(PREFIX))
      report([], `the log group '${group}' does not begin with ${PREFIX}`);
    else if (group !== undefined && sharesNothing(group, machine.name))
      report(
        [],
        `the log group '${group}' is the same for every environment of the account (${machine.name})`,
      );
  },
};

/** `dev-app-command-handler` logs into a group that knows nothing of `dev-app`. */
function sharesNothing(group: string, name: string | undefined): boolean {
  const [environment, app] = (name ?? '').split('-');
  if (!environment || !app || !/^(dev|stg|prod)$/.test(environment)) return false;
  return !group.includes(`${environment}-${app}`);
}

const silent: Rule = {
  code: 'MF018',
  title: 'A machine that logs nothing',
  severity: 'info',
  why: 'Histories of EXPRESS executions are nowhere but in the logs, those of STANDARD ones are gone after 90 days. Without a log level nothing is written.',
  instead: 'A log group with level ERROR at least; ALL for EXPRESS.',
  check(machine, report) {
    const { deployment } = machine;
    if (deployment && (deployment.logLevel ?? 'OFF') === 'OFF')
      report([], `${machine.name ? `'${machine.name}'` : 'the machine'} has no logging configured`);
  },
};

export const deployment = [forbidden, misplaced, silent];
