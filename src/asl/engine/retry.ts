import { fromJson } from '../data/value.js';
import type { Retrier, State } from '../language/machine.js';
import type { Frame, Standing, Transition } from './execution.js';
import { finish } from './leave-state.js';
import type { Failure, Outcome } from './outcome.js';
import { setTimer } from './recorder.js';
import { applyResultPath } from './state-scope.js';

type Recoverable = Extract<State, { retry: Retrier[] }>;

export function isRecoverable(state: State): state is Recoverable {
  return 'retry' in state;
}

/** Starts the delay before the next attempt, or answers false: no retrier wants it, or its attempts are used up. */
export function retry(step: Transition, frame: Frame, standing: Standing, failure: Failure): boolean {
  const { state } = standing;
  if (!isRecoverable(state)) return false;
  const index = state.retry.findIndex((retrier) => matches(retrier.errorEquals, failure));
  const retrier = state.retry[index];
  const used = standing.retries[index] ?? 0;
  const { execution } = step;
  if (!retrier) return false;
  if (used >= retrier.maxAttempts) {
    if (execution.probe) execution.probe.exhausted = index;
    return false;
  }
  standing.retries[index] = used + 1;
  const { intervalSeconds, backoffRate, maxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  let seconds = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds, LONGEST_DELAY_SECONDS);
  if (retrier.fullJitter) seconds *= execution.env.random(execution.randomsDrawn++);
  execution.env.took?.(state.name, 'retry', index);
  if (execution.probe) execution.probe.handled = { by: 'Retry', index, seconds, failure };
  const timerId = setTimer(step, { of: 'retry', frame, at: step.at + Math.round(seconds * 1000) });
  standing.waiting = { for: 'timer', timerId };
  return true;
}

/** AWS's bound of MaxDelaySeconds (366 days): no backoff goes further. */
const LONGEST_DELAY_SECONDS = 31_622_400;

/** The way on that a catcher shows, or undefined. */
export function caught(
  step: Transition,
  frame: Frame,
  standing: Standing,
  failure: Failure,
): Outcome | undefined {
  const { state } = standing;
  if (!isRecoverable(state)) return undefined;
  const index = state.catch.findIndex(({ errorEquals }) => matches(errorEquals, failure));
  const catcher = state.catch[index];
  if (!catcher) return undefined;
  step.execution.env.took?.(state.name, 'catch', index);
  if (step.execution.probe) step.execution.probe.handled = { by: 'Catch', index, failure };
  standing.catching = true;
  // As recorded: an error without a cause has an empty one, and a failure without both has two nulls.
  const { error: name = null, cause = name === null ? null : '' } = failure;
  const error = fromJson({ Error: name, Cause: cause });
  const output = applyResultPath(catcher.resultPath, standing.input, error);
  // The state's own Output, OutputPath and Assign belong to success.
  const way = { next: catcher.next, output: catcher.output, assign: catcher.assign };
  return finish(step, frame, standing, output, error, way, { errorOutput: error });
}

function matches(errorEquals: string[], { error, alias }: Failure): boolean {
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return error !== 'States.Timeout';
    return name === error || name === alias;
  });
}
