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
  title: 'An OutputPath that does not fit the reply',
  severity: 'warning',
  why: "The framework answers an invocation with [[result]]: one list an event, in it one answer a handler. $.Payload alone hands the lists on; without any OutputPath the next state gets Lambda's envelope (StatusCode, Payload, …).",
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
          `'${name}' hands on [[result]]: the reply of the framework is wrapped twice`,
        );
      else if (state.OutputPath === undefined && state.ResultPath === undefined)
        report(
          place,
          `'${name}' has no OutputPath: what follows gets Lambda's envelope, not the handler's result`,
        );
    }
  },
};

const unrouted: Rule = {
  code: 'MF008',
  title: 'No context in the payload',
  severity: 'warning',
  why: 'The framework knows a Step Functions event by context.Execution, context.State and context.StateMachine, and routes by them. A payload without the context object ends in "Unable to determine event source based on event".',
  instead: '"Payload": { "input.$": "$", "context.$": "$$" }',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      if (!task?.invokesLambda || !isObject(task.payload) || passesContext(task.payload)) continue;
      // Of a function that is nobody's we know only by how it is called.
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
  title: 'A name that matches the wrong event',
  severity: 'warning',
  why: 'The framework chooses the event class by what the machine\'s name contains: sfn-task, import-csv, else the command event. "task-handler" lands in the command handler; "import-csv-2" in the import\'s.',
  instead:
    'A task machine\'s name contains "sfn-task"; no other name contains "sfn-task", "import-csv" or "import-zip".',
  check(machine, report) {
    const { name } = machine;
    if (name === undefined || !(machine.framework || isFrameworks(machine))) return;
    const matched = ROLES.find((role) => name.includes(role.includes));
    if (matched && !matched.name.test(name))
      report(
        [],
        `the name '${name}' contains '${matched.includes}': the framework takes its events for ${matched.event}`,
      );
    else if (!matched && /(^|-)task(-handler)?$/.test(name))
      report(
        [],
        `the name '${name}' does not contain 'sfn-task': the framework takes its events for commands`,
      );
  },
};

export const framework = [unwrapped, unrouted, misnamed];
