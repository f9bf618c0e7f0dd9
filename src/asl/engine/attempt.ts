import { TooMuchData } from '../data/data-limit.js';
import { runtimeError, StateError } from '../data/state-error.js';
import { OverLimit } from '../data/work-limit.js';
import type { Frame, Standing, Transition } from './execution.js';
import type { Outcome } from './outcome.js';
import { advance } from './recorder.js';

/** Runs a step of a state; what it throws as a StateError becomes the state's failure, in AWS's words. */
export function attempt(step: Transition, frame: Frame, standing: Standing, run: () => Outcome): Outcome {
  try {
    return run();
  } catch (thrown) {
    const { error, reason, location } = asStateError(thrown, standing.state.name);
    if (error === 'States.DataLimitExceeded') return { kind: 'fail', error, cause: reason, fatal: true };
    const { name } = standing.state;
    const cause = `An error occurred while executing the state '${name}' (entered at the event id #${standing.enteredId}). ${reason}`;
    if (error === 'States.QueryEvaluationError')
      advance(step, frame, 'EvaluationFailed', [
        'evaluationFailedEventDetails',
        { error, cause, location, state: name },
      ]);
    return { kind: 'fail', error, cause, fatal: error === 'States.Runtime' };
  }
}

/** What a state called `name` fails with. Throws on what is none of its own. */
export function asStateError(error: unknown, name: string): StateError {
  if (error instanceof StateError) return error;
  if (error instanceof TooMuchData) return dataLimitExceeded(name);
  if (error instanceof OverLimit) return runtimeError(error.message);
  // The stack ran out: data nested a hundred thousand levels deep must not bring the server down.
  if (error instanceof RangeError) return runtimeError(NESTED_TOO_DEEPLY);
  throw error;
}

export const NESTED_TOO_DEEPLY = 'The data is nested too deeply.';

/** `who`: a state's name, a service, or a function's ARN. */
export function dataLimitExceeded(who: string): StateError {
  return new StateError('States.DataLimitExceeded', dataLimitCause(who));
}

export const dataLimitCause = (who: string): string =>
  `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`;
