import type { Json } from '../../../json/json.js';
import { computable, jsonText } from '../../../json/lossless.js';
import type { Path } from '../../data/json-path.js';
import { queryValue, unexpectedType, valueError } from '../../data/jsonata-answer.js';
import { evaluateExpression } from '../../data/path-or-intrinsic.js';
import type { Scope } from '../../data/scope.js';
import { runtimeError } from '../../data/state-error.js';
import { parseTimestamp } from '../../data/timestamp.js';
import { fromJson } from '../../data/value.js';
import type {
  FailState,
  FailText,
  PassState,
  QueryTemplate,
  SucceedState,
  WaitState,
} from '../../language/machine.js';
import { prepared } from '../evaluation.js';
import type { Frame, Standing, Transition } from '../execution.js';
import { finish } from '../leave-state.js';
import { type Outcome, WAIT } from '../outcome.js';
import { note, setTimer } from '../recorder.js';
import { applyPath, applyResultPath, applyTemplate, find, numberSetting, scopeOf } from '../state-scope.js';

export function pass(step: Transition, frame: Frame, standing: Standing, state: PassState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  const given = state.result !== undefined;
  const selected = applyPath(state.inputPath, input, scope);
  if (!given) note(step, standing, 'afterInputPath', selected);
  const effective = applyTemplate(state.parameters, selected, scope);
  if (!given) note(step, standing, 'afterParameters', effective);
  const result = state.result === undefined ? effective : fromJson(state.result);
  if (given) note(step, standing, 'result', result);
  note(step, standing, 'afterResultSelector', result);
  const output = applyResultPath(state.resultPath, input, result);
  note(step, standing, 'afterResultPath', output);
  return finish(step, frame, standing, output, result);
}

export function succeed(step: Transition, frame: Frame, standing: Standing, state: SucceedState): Outcome {
  const { input } = standing;
  const output = applyPath(state.inputPath, input, scopeOf(step.execution, frame, standing, input));
  note(step, standing, 'afterInputPath', output);
  return finish(step, frame, standing, output, output);
}

export function fail(step: Transition, frame: Frame, standing: Standing, state: FailState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  note(step, standing, 'afterInputPath', input);
  return prepared(step, frame, standing, scope, [state.error, state.cause], () => ({
    kind: 'fail',
    error: failText(state.error, 'ErrorPath', scope),
    cause: failText(state.cause, 'CausePath', scope),
  }));
}

function failText(source: FailText | undefined, field: string, scope: Scope): string | undefined {
  if (source === undefined || typeof source === 'string') return source;
  if (source.kind === 'query') return queriedText(source, scope);
  const value = evaluateExpression(source, scope, field);
  if (typeof value === 'string') return value;
  const path = source.kind === 'path' ? source.path.text : '';
  throw runtimeError(`The field '${field}' must be a string: ${path}`);
}

function queriedText({ query }: QueryTemplate, scope: Scope): string {
  const value = queryValue(query, scope);
  if (typeof value === 'string') return value;
  throw unexpectedType(query, 'string', value);
}

/** Times further away than 2^31 seconds are refused, as on AWS. */
const LONGEST_WAIT_SECONDS = 2 ** 31 - 1;

export function wait(step: Transition, frame: Frame, standing: Standing, state: WaitState): Outcome {
  const { input } = standing;
  const outer = scopeOf(step.execution, frame, standing, input);
  return prepared(step, frame, standing, outer, [state.seconds, state.timestamp], (step) => {
    standing.effective = applyPath(state.inputPath, input, outer);
    note(step, standing, 'afterInputPath', standing.effective);
    const at = wakeTime(step, state, { ...outer, input: standing.effective });
    if (at - step.at > LONGEST_WAIT_SECONDS * 1000) throw runtimeError('Wait state delay is too long.');
    const timerId = setTimer(step, { of: 'wait', frame, at: Math.max(at, step.at) });
    standing.waiting = { for: 'timer', timerId };
    return WAIT;
  });
}

export function wakeUp(step: Transition, frame: Frame, standing: Standing): Outcome {
  return finish(step, frame, standing, standing.effective, standing.effective);
}

function wakeTime(step: Transition, { seconds, timestamp }: WaitState, scope: Scope): number {
  if (timestamp !== undefined) return wholeSecond(timestampOf(timestamp, scope));
  const delay =
    typeof seconds === 'object' && !('kind' in seconds)
      ? secondsAt(seconds, scope)
      : (numberSetting(seconds, 'Seconds', 'integer', scope) ?? 0);
  return step.at + delay * 1000;
}

/** A moment is waited for to the second: its milliseconds are cut off. */
const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000;

function timestampOf(timestamp: NonNullable<WaitState['timestamp']>, scope: Scope): number {
  if (typeof timestamp === 'number') return timestamp;
  return 'kind' in timestamp ? queriedTime(timestamp, scope) : timestampAt(timestamp, scope);
}

function queriedTime(template: QueryTemplate, scope: Scope): number {
  const text = queriedText(template, scope);
  const time = parseTimestamp(text);
  if (time !== undefined) return time;
  throw valueError(
    template.query,
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
  );
}

function timestampAt(path: Path, scope: Scope): number {
  const found = referenced(path, 'TimestampPath', scope);
  const time = typeof found === 'string' ? parseTimestamp(found) : undefined;
  if (time !== undefined) return time;
  const shown = typeof found === 'string' ? found : jsonText(found);
  throw runtimeError(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path.text} == ${shown}`,
  );
}

function secondsAt(path: Path, scope: Scope): number {
  const found = referenced(path, 'SecondsPath', scope);
  const seconds = typeof found === 'string' && /^-?\d+$/.test(found) ? Number(found) : computable(found);
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
    const shown = typeof found === 'string' ? found : jsonText(found);
    throw runtimeError(
      `The SecondsPath parameter cannot be parsed as a long value: ${path.text} == ${shown}`,
    );
  }
  if (seconds < 0)
    throw runtimeError(`The SecondsPath parameter references a negative value: ${path.text} == ${seconds}`);
  return seconds;
}

function referenced(path: Path, parameter: string, scope: Scope): Json {
  try {
    return find(path, scope);
  } catch {
    throw runtimeError(`The ${parameter} parameter does not reference an input value: ${path.text}`);
  }
}
