import type { Place } from '../../asl/validate/diagnostic.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { alwaysMatches } from '../always-matches.js';
import { objectsOf, statesOf, stringsOf, textsOf } from '../machine.js';
import { wantsErrorAlone } from '../reads-error-only.js';
import type { Fix, Rule } from '../rule.js';
import { taskFacts } from '../task-facts.js';

const SERVICE_ERRORS = ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'];
const THROTTLED = 'Lambda.TooManyRequestsException';
const ANY = ['States.ALL', 'States.TaskFailed'];

/** What the CDK and AWS's own examples put on every invocation, and the throttling that they forget. */
const RETRIER: JsonObject = {
  ErrorEquals: ['Lambda.ClientExecutionTimeoutException', ...SERVICE_ERRORS, THROTTLED],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
};

const retried = (state: JsonObject): string[] =>
  objectsOf(state.Retry).flatMap(({ ErrorEquals }) => textsOf(ErrorEquals));

/** What becomes of an execution when Lambda has a hiccup in this state. */
function outcome(definition: JsonObject, place: Place): string {
  let catcher: JsonObject | undefined;
  let node: Json | undefined = definition;
  // Its own Catch, else that of the Map or Parallel around it.
  for (const step of place) {
    node = isObject(node) ? node[step] : Array.isArray(node) ? node[Number(step)] : undefined;
    const own = objectsOf(isObject(node) ? node.Catch : undefined).find(({ ErrorEquals }) =>
      textsOf(ErrorEquals).some((error) => ANY.includes(error) || SERVICE_ERRORS.includes(error)),
    );
    catcher = own ?? catcher;
  }
  return catcher ? `goes to '${String(catcher.Next)}' without a second attempt` : 'fails the execution';
}

const unretried: Rule = {
  code: 'MF002',
  title: 'Lambda task without Retry for Lambda service errors',
  severity: 'warning',
  why: 'A small share of all Lambda invocations fails with a service error (Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException). A second attempt usually succeeds; without a Retry the execution fails, or goes where its Catch leads.',
  instead: `"Retry": [${JSON.stringify(RETRIER)}]   (added by --fix)`,
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      if (!taskFacts(state)?.invokesLambda) continue;
      const names = retried(state);
      if (names.some((error) => ANY.includes(error) || SERVICE_ERRORS.includes(error))) continue;
      const fix: Fix =
        state.Retry === undefined
          ? { kind: 'members', place, members: { Retry: [RETRIER] } }
          : { kind: 'item', place: [...place, 'Retry'], item: RETRIER };
      report(
        place,
        `'${name}' does not retry Lambda service errors: a single one ${outcome(machine.definition, place)}`,
        fix,
      );
    }
  },
};

const unthrottled: Rule = {
  code: 'MF003',
  title: 'Lambda Retry does not cover throttling',
  severity: 'info',
  why: "The CDK's retryOnServiceExceptions does not include Lambda.TooManyRequestsException. When the account's concurrency limit is reached (for example by an import on top of the daily load), the step fails immediately.",
  instead: `Add "${THROTTLED}" to the ErrorEquals of the retrier   (added by --fix)`,
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      if (!taskFacts(state)?.invokesLambda) continue;
      const names = retried(state);
      if (names.some((error) => ANY.includes(error) || error === THROTTLED)) continue;
      const index = objectsOf(state.Retry).findIndex(({ ErrorEquals }) =>
        textsOf(ErrorEquals).some((error) => SERVICE_ERRORS.includes(error)),
      );
      if (index < 0) continue;
      const where = [...place, 'Retry', index, 'ErrorEquals'];
      report(where, `'${name}' retries Lambda service errors, but not throttling (${THROTTLED})`, {
        kind: 'item',
        place: where,
        item: THROTTLED,
      });
    }
  },
};

const mentions = (value: Json | undefined, what: string): boolean =>
  [...stringsOf(value)].some((text) => text.includes(what));

const lost: Rule = {
  code: 'MF004',
  title: 'Catch discards the error',
  severity: 'warning',
  why: 'If a catcher discards the error (ResultPath null, or in JSONata an Output that does not read $states.errorOutput), neither later states nor the function logs nor the output show what went wrong.',
  instead:
    'Set "ResultPath": "$.error" on the catcher, or in JSONata "Assign": { "error": "{% $states.errorOutput %}" }.',
  check(machine, report) {
    for (const { name, state, place, language, workflow } of statesOf(machine))
      for (const [index, catcher] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
        if (!isObject(catcher) || isOneExpected(catcher)) continue;
        const where = [...place, 'Catch', index];
        const kept = mentions(catcher.Assign, 'errorOutput') || mentions(catcher.Output, 'errorOutput');
        const dropped =
          language === 'JSONata' ? catcher.Output !== undefined && !kept : catcher.ResultPath === null;
        if (dropped)
          report(where, `the Catch of '${name}' discards the error: the reason for the failure is lost`);
        else if (blindFail(workflow, catcher.Next)) {
          const { Error: error, Cause: cause } = targetOf(workflow, catcher.Next) ?? {};
          const how =
            (error ?? cause) === undefined ? 'without the error' : 'with a fixed text instead of the error';
          report(where, `the Catch of '${name}' leads to '${String(catcher.Next)}', which fails ${how}`);
        }
      }
  },
};

/** One error that is caught by its name says what went wrong by where it leads. */
function isOneExpected({ ErrorEquals }: JsonObject): boolean {
  const names = textsOf(ErrorEquals);
  return names.length === 1 && !ANY.includes(names[0] ?? '');
}

/** A Fail state that says always the same. */
function blindFail(workflow: JsonObject, next: Json | undefined): boolean {
  const target = targetOf(workflow, next);
  if (target?.Type !== 'Fail') return false;
  if (target.ErrorPath !== undefined || target.CausePath !== undefined) return false;
  return !mentions(target.Error, '{%') && !mentions(target.Cause, '{%');
}

function targetOf(workflow: JsonObject, next: Json | undefined): JsonObject | undefined {
  const states = isObject(workflow.States) ? workflow.States : {};
  const target = typeof next === 'string' && Object.hasOwn(states, next) ? states[next] : undefined;
  return isObject(target) ? target : undefined;
}

/** Nobody after it reads what the catcher passed on (the input stands with the execution or the item), or the error is what it reads. */
const isDone = (state: JsonObject | undefined): boolean =>
  state !== undefined && (state.Type === 'Fail' || state.Type === 'Succeed' || wantsErrorAlone(state));

const replaced: Rule = {
  code: 'MF005',
  title: 'Catch replaces the input',
  severity: 'info',
  why: 'A catcher without ResultPath passes on only {"Error","Cause"}: the next state no longer has the IDs that identify what failed. (A Fail or Succeed state has no use for them.)',
  instead: '"ResultPath": "$.error"',
  check(machine, report) {
    for (const { name, state, place, language, workflow } of statesOf(machine)) {
      if (language === 'JSONata') continue;
      // With null it is the error that is lost (MF004), and the input stays.
      for (const [index, catcher] of objectsOf(state.Catch).entries())
        if (
          [undefined, '$'].includes(catcher.ResultPath as string) &&
          !isDone(targetOf(workflow, catcher.Next))
        )
          report([...place, 'Catch', index], `the Catch of '${name}' replaces the input with the error`);
    }
  },
};

const undecided: Rule = {
  code: 'MF020',
  title: 'Choice without Default',
  severity: 'info',
  why: 'If no rule matches and there is no Default, the execution fails with States.Runtime, which neither Retry nor Catch can handle.',
  instead: '"Default": "<a state that fails with a descriptive message>"',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (state.Type === 'Choice' && state.Default === undefined && !alwaysMatches(state.Choices))
        report(place, `'${name}' has no Default: an input that matches no rule fails the execution`);
  },
};

export const errors = [unretried, unthrottled, lost, replaced, undecided];
