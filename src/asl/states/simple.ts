import { type Expression, evaluateExpression, runtimeError, type Scope } from '../expression.js';
import type { Execution, Frame, Standing } from '../frame.js';
import type { Path } from '../json-path.js';
import type { FailState, PassState, SucceedState, WaitState } from '../machine.js';
import { finish, type Outcome, WAIT } from '../outcome.js';
import { setTimer, type Transition } from '../recorder.js';
import { applyPath, applyResultPath, applyTemplate, find, scopeOf } from '../scope.js';
import { parseTimestamp } from '../timestamp.js';
import { fromJson } from '../value.js';

export function pass(step: Transition, frame: Frame, standing: Standing, state: PassState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  const effective = applyTemplate(state.parameters, applyPath(state.inputPath, input, scope), scope);
  const result = state.result === undefined ? effective : fromJson(state.result);
  const output = applyResultPath(state.resultPath, input, result);
  return finish(step.execution, frame, standing, output, result);
}

export function succeed(step: Transition, frame: Frame, standing: Standing, state: SucceedState): Outcome {
  const { input } = standing;
  const output = applyPath(state.inputPath, input, scopeOf(step.execution, frame, standing, input));
  return finish(step.execution, frame, standing, output, output);
}

export function fail(step: Transition, frame: Frame, standing: Standing, state: FailState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  return {
    kind: 'fail',
    error: failText(state.error, 'ErrorPath', scope),
    cause: failText(state.cause, 'CausePath', scope),
  };
}

function failText(source: string | Expression | undefined, field: string, scope: Scope): string | undefined {
  if (source === undefined || typeof source === 'string') return source;
  const value = evaluateExpression(source, scope, field);
  if (typeof value === 'string') return value;
  const path = source.kind === 'path' ? source.path.text : '';
  throw runtimeError(`The field '${field}' must be a string: ${path}`);
}

/** Times further away than 2^31 seconds are refused, as on AWS. */
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

export function wait(step: Transition, frame: Frame, standing: Standing, state: WaitState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  standing.effective = applyPath(state.inputPath, input, scope);
  const at = wakeTime(step, state, { ...scope, input: standing.effective });
  if (at - step.at > LONGEST_WAIT_SECONDS * 1000) throw runtimeError('Wait state delay is too long.');
  const timerId = setTimer(step, { of: 'wait', frame, at: Math.max(at, step.at) });
  standing.waiting = { for: 'timer', timerId };
  return WAIT;
}

export function wakeUp(execution: Execution, frame: Frame, standing: Standing): Outcome {
  return finish(execution, frame, standing, standing.effective, standing.effective);
}

function wakeTime(step: Transition, state: WaitState, scope: Scope): number {
  if (typeof state.timestamp === 'number') return state.timestamp;
  if (state.timestamp) return timestampAt(state.timestamp, scope);
  const seconds = typeof state.seconds === 'object' ? secondsAt(state.seconds, scope) : (state.seconds ?? 0);
  return step.at + seconds * 1000;
}

function timestampAt(path: Path, scope: Scope): number {
  const found = find(path, scope);
  const time = typeof found === 'string' ? parseTimestamp(found) : undefined;
  if (time !== undefined) return time;
  const shown = typeof found === 'string' ? found : JSON.stringify(found);
  throw runtimeError(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path.text} == ${shown}`,
  );
}

function secondsAt(path: Path, scope: Scope): number {
  let found: unknown;
  try {
    found = find(path, scope);
  } catch {
    throw runtimeError(`The SecondsPath parameter does not reference an input value: ${path.text}`);
  }
  const seconds = typeof found === 'string' && /^-?\d+$/.test(found) ? Number(found) : found;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
    const shown = typeof found === 'string' ? found : JSON.stringify(found);
    throw runtimeError(
      `The SecondsPath parameter cannot be parsed as a long value: ${path.text} == ${shown}`,
    );
  }
  if (seconds < 0)
    throw runtimeError(`The SecondsPath parameter references a negative value: ${path.text} == ${seconds}`);
  return seconds;
}
