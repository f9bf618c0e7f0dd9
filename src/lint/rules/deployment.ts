import { isObject } from '../../json/json.js';
import { statesOf } from '../machine.js';
import { allows, needsOf } from '../permissions.js';
import type { Rule } from '../rule.js';
import { passesContext, taskFacts } from '../task-facts.js';

/** Rules on what surrounds a definition: its role and its logs. */

const forbidden: Rule = {
  code: 'MF014',
  title: 'Role lacks a permission',
  severity: 'warning',
  why: 'AWS creates the state machine, but the state fails with AccessDenied or States.TaskFailed when it runs.',
  instead:
    "Allow the action in a policy of the state machine's role. A Distributed Map needs states:StartExecution on the state machine itself.",
  check(machine, report) {
    const statements = machine.deployment?.permissions;
    if (!statements) return;
    const told = new Set<string>();
    for (const { action, place } of needsOf(machine)) {
      if (allows(statements, action) || told.has(action)) continue;
      told.add(action);
      report(
        place,
        `'${String(place.at(-1))}' needs ${action}, which the state machine's role does not allow`,
      );
    }
  },
};

const PREFIX = '/aws/vendedlogs/states/';

const misplaced: Rule = {
  code: 'MF017',
  title: 'Log group outside /aws/vendedlogs/states/',
  severity: 'warning',
  why: 'Each log group that AWS services write to is listed in a resource policy, which is limited to 5,120 characters, with ten policies per account. Names under /aws/vendedlogs/ need no separate entry; with other names, an unrelated deployment eventually exceeds the limit and fails.',
  instead: `logGroupName: '${PREFIX}<machine>-logs'`,
  check(machine, report) {
    const group = machine.deployment?.logGroup;
    if (group !== undefined && !group.startsWith(PREFIX))
      report([], `log group '${group}' does not start with ${PREFIX}`);
    else if (group !== undefined && sharesNothing(group, machine.name))
      report([], `log group '${group}' is the same for every environment in the account (${machine.name})`);
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
  title: 'State machine without logging',
  severity: 'info',
  why: 'The history of an EXPRESS execution is available only in the logs, and that of a STANDARD execution is deleted after 90 days. Without a log level, nothing is logged.',
  instead: 'Configure a log group with level ERROR or higher; use ALL for EXPRESS.',
  check(machine, report) {
    const { deployment } = machine;
    if (deployment && (deployment.logLevel ?? 'OFF') === 'OFF')
      report([], `${machine.name ? `'${machine.name}'` : 'the state machine'} has no logging configured`);
  },
};

const unanswerable: Rule = {
  code: 'MF024',
  title: 'Function may not answer',
  severity: 'warning',
  why: "A function of the framework answers its waiting states itself (a command's next version, a ZIP archive's next file, an approval). Without states:SendTaskSuccess for the state machine each answer is denied, which only the function's log shows, and the execution waits until its timeout.",
  instead:
    'stateMachine.grantTaskResponse(handler), or states:SendTaskSuccess and states:SendTaskFailure in a policy.',
  check(machine, report) {
    const answerable = machine.deployment?.answerable;
    if (!answerable) return;
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      if (!task?.callback || !task.invokesLambda || !passesContext(task.payload)) continue;
      const called = isObject(task.parameters) ? task.parameters.FunctionName : undefined;
      if (called !== undefined && answerable(called) === false)
        report(
          place,
          `'${name}' waits for an answer that its function's role may not give (states:SendTaskSuccess)`,
        );
    }
  },
};

export const deployment = [forbidden, misplaced, silent, unanswerable];
