import { isObject } from '../../json/json.js';
import { type LintMachine, statesOf } from '../machine.js';
import type { Rule } from '../rule.js';
import { passesContext, taskFacts } from '../task.js';

/** Rules on machines whose functions are an MBC CQRS Serverless app. */

const ROLES = [
  { includes: 'sfn-task', event: 'StepFunctionTaskEvent', name: /(^|-)sfn-task(-handler)?$/ },
  { includes: 'import-csv', event: 'CsvImportSfnEvent', name: /(^|-)import-csv(-handler)?$/ },
  { includes: 'import-zip', event: 'ZipImportSfnEvent', name: /(^|-)import-zip(-handler)?$/ },
];

const unwrapped: Rule = {
  code: 'MF006',
  title: 'OutputPath does not match the reply',
  severity: 'warning',
  why: "The framework replies to an invocation with [[result]]: a list per event, which contains a result per handler. $.Payload alone passes the nested lists on; without OutputPath, the next state receives Lambda's response envelope (StatusCode, Payload, …).",
  instead: '"OutputPath": "$.Payload[0][0]"',
  check(machine, report) {
    for (const { name, state, place, language } of statesOf(machine)) {
      const task = taskFacts(state);
      if (!task?.invokesLambda || task.callback || language === 'JSONata' || !passesContext(task.payload))
        continue;
      if (state.ResultSelector !== undefined || state.ResultPath === null || state.OutputPath === null)
        continue;
      if (state.OutputPath === '$.Payload')
        report(
          [...place, 'OutputPath'],
          `'${name}' passes on [[result]]: the framework wraps its reply in two lists`,
        );
      else if (state.OutputPath === undefined && state.ResultPath === undefined)
        report(
          place,
          `'${name}' has no OutputPath: the next state receives Lambda's response envelope, not the handler's result`,
        );
    }
  },
};

const unrouted: Rule = {
  code: 'MF008',
  title: 'Payload without context',
  severity: 'warning',
  why: 'The framework recognizes and routes a Step Functions event by context.Execution, context.State and context.StateMachine. A payload without the context object fails with "Unable to determine event source based on event".',
  instead: '"Payload": { "input.$": "$", "context.$": "$$" }',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      if (!task?.invokesLambda || !isObject(task.payload) || passesContext(task.payload)) continue;
      // Nothing is known of an unnamed function except how it is called.
      if (machine.framework || isFrameworks(machine))
        report(
          [...place, ...payloadPlace(state.Parameters)],
          `'${name}' does not pass the context ($$): the framework cannot route its event`,
        );
    }
  },
};

const payloadPlace = (parameters: unknown): string[] => [
  parameters === undefined ? 'Arguments' : 'Parameters',
  'Payload',
];

/** One of its states passes the context, as only functions of the framework want it. */
export const isFrameworks = (machine: Pick<LintMachine, 'definition' | 'type'>): boolean =>
  [...statesOf(machine)].some(({ state }) => passesContext(taskFacts(state)?.payload));

const misnamed: Rule = {
  code: 'MF009',
  title: 'Name matches the wrong event',
  severity: 'warning',
  why: 'The framework chooses the event class by the name of the state machine: one that contains sfn-task, one that contains import-csv, otherwise the command event. "task-handler" goes to the command handler, "import-csv-2" to the import handler.',
  instead:
    'Include "sfn-task" in the name of a task state machine, and avoid "sfn-task", "import-csv" and "import-zip" in other names.',
  check(machine, report) {
    const { name } = machine;
    if (name === undefined || !(machine.framework || isFrameworks(machine))) return;
    const matched = ROLES.find((role) => name.includes(role.includes));
    if (matched && !matched.name.test(name))
      report(
        [],
        `the name '${name}' contains '${matched.includes}': the framework treats its events as ${matched.event}`,
      );
    else if (!matched && /(^|-)task(-handler)?$/.test(name))
      report(
        [],
        `the name '${name}' does not contain 'sfn-task': the framework treats its events as commands`,
      );
  },
};

export const framework = [unwrapped, unrouted, misnamed];
