import { runtimeError, StateError } from './expression.js';
import type { Execution, Frame, Standing } from './frame.js';
import type { Json } from './json.js';
import { isObject } from './json.js';
import type { Path } from './json-path.js';
import type { State } from './machine.js';
import { applyPath, applyResultPath, applyTemplate, scopeOf } from './scope.js';
import { resolveTemplate, type Template } from './template.js';
import { exceedsLimit, textOf, type Value } from './value.js';

/** How a state came out of what was just done with it. */
export type Outcome =
  | { kind: 'wait' }
  | { kind: 'exit'; output: Value; next?: string; assigned?: ReadonlyMap<string, Json> }
  | Failure;

export interface Failure {
  kind: 'fail';
  error?: string;
  cause?: string;
  /** A second name under which Retry and Catch find it. */
  alias?: string;
  /** Neither Retry nor Catch may have it: the execution fails at once. */
  fatal?: boolean;
}

export const WAIT: Outcome = { kind: 'wait' };

/** Runs a step of a state; what it throws as a StateError becomes the state's failure, in AWS's words. */
export function attempt(standing: Standing, run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    const { error: name, reason } = asStateError(error);
    if (name === 'States.DataLimitExceeded') return { kind: 'fail', error: name, cause: reason, fatal: true };
    const where = `An error occurred while executing the state '${standing.state.name}' (entered at the event id #${standing.enteredId}). `;
    return { kind: 'fail', error: name, cause: where + reason, fatal: name === 'States.Runtime' };
  }
}

function asStateError(error: unknown): StateError {
  if (error instanceof StateError) return error;
  // The stack ran out: data nested a hundred thousand levels deep must not bring the server down.
  if (error instanceof RangeError) return runtimeError('The data is nested too deeply.');
  throw error;
}

/** A result on its way out of a state that has ResultSelector, ResultPath and the like. */
export function finishWithResult(
  execution: Execution,
  frame: Frame,
  standing: Standing,
  state: Extract<State, { resultSelector?: Template }>,
  result: Value,
): Outcome {
  const scope = scopeOf(execution, frame, standing, result);
  const selected = applyTemplate(state.resultSelector, result, scope);
  return finish(
    execution,
    frame,
    standing,
    applyResultPath(state.resultPath, standing.input, selected),
    selected,
  );
}

/** OutputPath, Assign and the size limit; `assignFrom` is what `$` means in Assign. */
export function finish(
  execution: Execution,
  frame: Frame,
  standing: Standing,
  value: Value,
  assignFrom: Value,
  way: Way = standing.state,
): Outcome {
  const scope = scopeOf(execution, frame, standing, assignFrom);
  const assigned = way.assign && assignment(way.assign, resolveTemplate(way.assign, scope));
  const output = applyPath(way.outputPath, value, scope);
  if (exceedsLimit(textOf(output))) throw dataLimitExceeded(standing.state.name);
  return { kind: 'exit', output, next: way.next, assigned };
}

/** How to leave a state: as it says itself, as one of its choice rules says, or as a catcher says. */
export interface Way {
  next?: string;
  assign?: Template;
  outputPath?: Path | null;
}

function assignment(template: Template, values: Json): ReadonlyMap<string, Json> {
  if (!isObject(values)) throw runtimeError(`Assign must be an object, but was ${template.kind}`);
  return new Map(Object.entries(values));
}

/** `who`: a state's name, a service, or a function's ARN. */
export function dataLimitExceeded(who: string): StateError {
  return new StateError('States.DataLimitExceeded', dataLimitCause(who));
}

export const dataLimitCause = (who: string): string =>
  `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`;
