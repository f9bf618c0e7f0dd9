import { isObject } from '../../json/json.js';
import { type LintMachine, objectsOf, statesOf, textsOf } from '../machine.js';
import type { Rule } from '../rule.js';
import { passesContext, taskFacts } from '../task-facts.js';

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
      if (
        !task?.invokesLambda ||
        task.direct ||
        task.callback ||
        language === 'JSONata' ||
        !passesContext(task.payload)
      )
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
      if (!task?.invokesLambda || passesContext(task.payload)) continue;
      // Invoked by its ARN, it gets the parameters themselves, or the whole input.
      if (!isObject(task.payload) && !task.direct) continue;
      // Nothing is known of an unnamed function except how it is called.
      if (machine.framework || isFrameworks(machine))
        report(
          task.direct ? [...place, 'Resource'] : [...place, ...payloadPlace(state.Parameters)],
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
const isFrameworks = (machine: Pick<LintMachine, 'definition' | 'type'>): boolean =>
  [...statesOf(machine)].some(({ state }) => passesContext(taskFacts(state)?.payload));

/** `task`, `dev-app-task-handler`; of longer names only one with the framework's own state may be meant. */
const isTaskMachine = (machine: LintMachine, name: string): boolean =>
  /^(\w+-\w+-)?task(-handler)?$/.test(name) ||
  (/-task(-handler)?$/.test(name) &&
    [...statesOf(machine)].some(({ name: state }) => /^iterat(or|ion)$/.test(state)));

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
    else if (!matched && isTaskMachine(machine, name))
      report(
        [],
        `the name '${name}' does not contain 'sfn-task': the framework treats its events as commands`,
      );
  },
};

/** AWS's own names; those that the framework's functions can fail with are among them. */
const AWS_ERROR = /^[A-Z][\w-]*\./;

const unheard: Rule = {
  code: 'MF023',
  title: 'Error that never occurs',
  severity: 'warning',
  why: 'The framework reports every error of a handler as Runtime.UnhandledPromiseRejection, whatever class it has: its own name is only in the text of the cause. A Retry or Catch for it never applies.',
  instead:
    '"ErrorEquals": ["Runtime.UnhandledPromiseRejection"] (or States.TaskFailed); to tell errors apart, return a result and let a Choice decide.',
  check(machine, report) {
    if (!(machine.framework || isFrameworks(machine))) return;
    for (const { name, state, place } of statesOf(machine)) {
      const task = taskFacts(state);
      // Whoever answers a waiting state may fail it with any name.
      if (!task?.invokesLambda || task.pauses || !passesContext(task.payload)) continue;
      for (const field of ['Retry', 'Catch'])
        for (const [index, entry] of objectsOf(state[field]).entries())
          for (const error of textsOf(entry.ErrorEquals))
            if (!AWS_ERROR.test(error))
              report(
                [...place, field, index, 'ErrorEquals'],
                `'${name}' never fails with ${error}: the framework reports each error as Runtime.UnhandledPromiseRejection`,
              );
    }
  },
};

const OWN = /(^|-)command(-handler)?$|sfn-task|import-csv|import-zip/;

const unknown: Rule = {
  code: 'MF025',
  title: 'State machine that no event factory routes',
  severity: 'warning',
  why: "The application's event factory chooses the event class by the name of the state machine. It treats the events of a machine that it does not know as commands, which fail (\"Cannot read properties of undefined (reading 'includes')\").",
  instead:
    'In transformStepFunction of the event factory: if (event.context.StateMachine.Name.includes("<name>")) return [new <Name>SfnEvent(event)]   (mbc-flow scaffold factory <name>)',
  check(machine, report) {
    const name = machine.name ?? machine.stem;
    if (!machine.routes || name === undefined || OWN.test(name) || !isFrameworks(machine)) return;
    if (!machine.routes(name))
      report([], `no event factory of the application routes '${name}': its events are treated as commands`);
  },
};

export const framework = [unwrapped, unrouted, misnamed, unheard, unknown];
