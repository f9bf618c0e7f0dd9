import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { objectsOf, statesOf, stringsOf, textsOf } from '../machine.js';
import type { Fix, Rule } from '../rule.js';
import { taskFacts } from '../task.js';

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

const unretried: Rule = {
  code: 'MF002',
  title: "A Lambda task without Retry for Lambda's own errors",
  severity: 'warning',
  why: 'Lambda answers a small part of all invocations with errors of its own (Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException). They pass on a second try; without a Retry they fail the execution.',
  instead: `"Retry": [${JSON.stringify(RETRIER)}]   (--fix adds it)`,
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine)) {
      if (!taskFacts(state)?.invokesLambda) continue;
      const names = retried(state);
      if (names.some((error) => ANY.includes(error) || SERVICE_ERRORS.includes(error))) continue;
      const fix: Fix =
        state.Retry === undefined
          ? { kind: 'members', place, members: { Retry: [RETRIER] } }
          : { kind: 'item', place: [...place, 'Retry'], item: RETRIER };
      report(place, `'${name}' does not retry Lambda's service errors: one of them fails the execution`, fix);
    }
  },
};

const unthrottled: Rule = {
  code: 'MF003',
  title: 'A Lambda retry that leaves out throttling',
  severity: 'info',
  why: "The CDK's retryOnServiceExceptions does not include Lambda.TooManyRequestsException. When the account's concurrency is used up (an import beside the daily load), the step fails at once.",
  instead: `"${THROTTLED}" among the ErrorEquals of the retrier   (--fix adds it)`,
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
      report(where, `'${name}' retries Lambda's service errors, but not throttling (${THROTTLED})`, {
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
  title: 'A Catch that loses the error',
  severity: 'warning',
  why: 'Where a catcher drops the error (ResultPath null; in JSONata an Output that does not read $states.errorOutput), no later state, no log of the function and nobody who looks at the output can say what went wrong.',
  instead:
    '"ResultPath": "$.error" on the catcher; in JSONata "Assign": { "error": "{% $states.errorOutput %}" }.',
  check(machine, report) {
    for (const { name, state, place, language, workflow } of statesOf(machine))
      for (const [index, catcher] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
        if (!isObject(catcher)) continue;
        const where = [...place, 'Catch', index];
        const kept = mentions(catcher.Assign, 'errorOutput') || mentions(catcher.Output, 'errorOutput');
        const dropped =
          language === 'JSONata' ? catcher.Output !== undefined && !kept : catcher.ResultPath === null;
        if (dropped) report(where, `the Catch of '${name}' drops the error: nobody will know why it failed`);
        else if (blindFail(workflow, catcher.Next))
          report(
            where,
            `the Catch of '${name}' leads to '${String(catcher.Next)}', which fails with a text of its own and not with the error`,
          );
      }
  },
};

/** A Fail state that says always the same. */
function blindFail(workflow: JsonObject, next: Json | undefined): boolean {
  const states = isObject(workflow.States) ? workflow.States : {};
  const target = typeof next === 'string' && Object.hasOwn(states, next) ? states[next] : undefined;
  if (!isObject(target) || target.Type !== 'Fail') return false;
  if (target.ErrorPath !== undefined || target.CausePath !== undefined) return false;
  return !mentions(target.Error, '{%') && !mentions(target.Cause, '{%');
}

const replaced: Rule = {
  code: 'MF005',
  title: 'A Catch that replaces the input',
  severity: 'info',
  why: 'A catcher without ResultPath hands on {"Error","Cause"} alone: the state it leads to has lost the ids that say what failed.',
  instead: '"ResultPath": "$.error"',
  check(machine, report) {
    for (const { name, state, place, language } of statesOf(machine)) {
      if (language === 'JSONata') continue;
      for (const [index, catcher] of objectsOf(state.Catch).entries())
        if (catcher.ResultPath === undefined || catcher.ResultPath === '$')
          report(
            [...place, 'Catch', index],
            `the Catch of '${name}' puts the error in the place of the input`,
          );
    }
  },
};

const undecided: Rule = {
  code: 'MF020',
  title: 'A Choice without Default',
  severity: 'info',
  why: 'Where no rule matches and there is no Default, the execution fails with States.Runtime, which neither Retry nor Catch can see.',
  instead: '"Default": "<a state that fails with a message of yours>"',
  check(machine, report) {
    for (const { name, state, place } of statesOf(machine))
      if (state.Type === 'Choice' && state.Default === undefined)
        report(place, `'${name}' has no Default: an input that matches no rule fails the execution`);
  },
};

export const errors = [unretried, unthrottled, lost, replaced, undecided];
