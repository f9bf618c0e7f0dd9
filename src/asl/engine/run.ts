import type { Json } from '../../json/json.js';
import { jsonText } from '../../json/lossless.js';
import { textOf, type Value } from '../data/value.js';
import { MOST_WORK } from '../data/work-limit.js';
import { attempt } from './attempt.js';
import type { Execution, Frame, Standing, Transition } from './execution.js';
import { type Failure, type Outcome, WAIT } from './outcome.js';
import {
  advance,
  type Details,
  inputDetails,
  outputDetails,
  perform,
  record,
  setTimer,
  truncation,
} from './recorder.js';
import { caught, isRecoverable, retry } from './retry.js';
import { choice } from './states/choice.js';
import { distributedMap } from './states/distributed-map.js';
import {
  branchFailed,
  branchSucceeded,
  inlineMap,
  parallel,
  withFirstInput,
} from './states/parallel-and-inline-map.js';
import { fail, pass, succeed, wait } from './states/pass-wait-succeed-fail.js';
import { task } from './states/task.js';

/** A transition that recorded so much pauses: a loop of Pass states must not keep the process for itself. */
const PAUSE_AFTER_EVENTS = 1_000;
const PAUSE_AFTER_CHARACTERS = 1 << 20;

const isLong = ({ events, textLength, execution }: Transition): boolean =>
  events.length > PAUSE_AFTER_EVENTS || textLength > PAUSE_AFTER_CHARACTERS || execution.workDone > MOST_WORK;

/** Runs all that can go on without an answer from outside. */
export function run(step: Transition): void {
  const { execution } = step;
  const { ready } = execution;
  let taken = 0;
  while (taken < ready.length && execution.status === 'RUNNING') {
    if (isLong(step)) {
      execution.resumeTimer ??= setTimer(step, { of: 'resume', at: step.at });
      break;
    }
    const frame = ready[taken++];
    if (frame && !frame.dead) proceed(step, frame);
  }
  ready.splice(0, taken);
}

/** Begins the frame's first state, or its present one again (a retry). */
function proceed(step: Transition, frame: Frame): void {
  const { state: standing, parent } = frame;
  if (standing) {
    const outcome = attempt(step, frame, standing, () => execute(step, frame, standing));
    follow(step, frame, outcome);
    return;
  }
  const around = parent?.frame.state;
  if (!parent || !around) {
    follow(step, frame, enter(step, frame, frame.workflow.startAt, step.execution.input));
    return;
  }
  // A Map's ItemSelector is resolved here, and its failure is the Map's.
  const outcome = attempt(step, frame, around, () =>
    withFirstInput(step, frame, parent, around, (step, input) =>
      enter(step, frame, frame.workflow.startAt, input),
    ),
  );
  follow(step, frame, outcome);
}

/** Goes from outcome to outcome until the frame, or the one around it, has to wait. */
export function follow(step: Transition, start: Frame, first: Outcome): void {
  let frame = start;
  let outcome = first;
  while (outcome.kind !== 'wait' && step.execution.status === 'RUNNING') {
    if (outcome.kind === 'fail') {
      const standing = frame.state;
      const way = standing && !outcome.fatal ? recover(step, frame, standing, outcome) : undefined;
      if (way) {
        outcome = way;
        continue;
      }
      if (outcome.fatal || !frame.parent) {
        endExecution(step, 'FAILED', frame.previous, outcome);
        return;
      }
      branchFailed(step, frame, frame.parent);
      frame = frame.parent.frame;
      continue;
    }
    leave(step, frame, outcome.output, outcome.assigned);
    if (outcome.next !== undefined) {
      if (isLong(step) && !step.entersNone) {
        pause(step, frame, outcome.next, outcome.output);
        return;
      }
      outcome = enter(step, frame, outcome.next, outcome.output);
    } else if (!frame.parent) {
      endExecution(step, 'SUCCEEDED', frame.previous, outcome);
      return;
    } else {
      const { parent } = frame;
      const child = frame;
      const { output } = outcome;
      frame = parent.frame;
      const standing = frame.state;
      if (!standing) return;
      outcome = attempt(step, frame, standing, () => branchSucceeded(step, child, parent, output));
    }
  }
}

/** Enters the next state now, and executes it when the transition after this one takes it up. */
function pause(step: Transition, frame: Frame, next: string, input: Value): void {
  arrive(step, frame, next, input);
  step.execution.ready.push(frame);
}

function enter(step: Transition, frame: Frame, name: string, input: Value): Outcome {
  if (step.entersNone) {
    endExecution(step, 'ABORTED', 0, {});
    return WAIT;
  }
  const standing = arrive(step, frame, name, input);
  return attempt(step, frame, standing, () => execute(step, frame, standing));
}

function arrive(step: Transition, frame: Frame, name: string, input: Value): Standing {
  const state = frame.workflow.states.get(name);
  if (!state) throw new Error(`The definition has no state '${name}'`);
  const details: Details = ['stateEnteredEventDetails', { name, ...inputDetails(input) }];
  const enteredId = advance(step, frame, ENTERED[state.type], details);
  const { probe } = step.execution;
  const standing: Standing = {
    state,
    enteredId,
    enteredAt: step.at,
    input,
    effective: input,
    retryCount: probe?.retries ?? 0,
    retries: probe && isRecoverable(state) ? state.retry.map(() => probe.retries) : [],
  };
  frame.state = standing;
  return standing;
}

/** Names that are there, and not put together for each event. */
const namesOf = (how: 'Entered' | 'Exited') => ({
  Pass: `PassState${how}`,
  Succeed: `SucceedState${how}`,
  Fail: `FailState${how}`,
  Choice: `ChoiceState${how}`,
  Wait: `WaitState${how}`,
  Task: `TaskState${how}`,
  Parallel: `ParallelState${how}`,
  Map: `MapState${how}`,
});
const ENTERED = namesOf('Entered');
const EXITED = namesOf('Exited');

function execute(step: Transition, frame: Frame, standing: Standing): Outcome {
  const { state } = standing;
  switch (state.type) {
    case 'Pass':
      return pass(step, frame, standing, state);
    case 'Succeed':
      return succeed(step, frame, standing, state);
    case 'Fail':
      return fail(step, frame, standing, state);
    case 'Choice':
      return choice(step, frame, standing, state);
    case 'Wait':
      return wait(step, frame, standing, state);
    case 'Task':
      return task(step, frame, standing, state);
    case 'Parallel':
      return parallel(step, frame, standing, state);
    case 'Map':
      return state.distributed
        ? distributedMap(step, frame, standing, state, state.distributed)
        : inlineMap(step, frame, standing, state);
  }
}

function leave(step: Transition, frame: Frame, output: Value, assigned?: ReadonlyMap<string, Json>): void {
  const standing = frame.state;
  if (!standing) return;
  const { state } = standing;
  if (state.type === 'Fail') return;
  const details = { name: state.name, ...outputDetails(output), ...assign(frame, assigned) };
  advance(step, frame, EXITED[state.type], ['stateExitedEventDetails', details]);
  frame.state = undefined;
}

function assign(
  frame: Frame,
  assigned: ReadonlyMap<string, Json> | undefined,
): Record<string, unknown> | undefined {
  if (!assigned || assigned.size === 0) return undefined;
  frame.variables.own = new Map([...frame.variables.own, ...assigned]);
  const shown = [...assigned].map(([name, value]) => [name, jsonText(value)]);
  return { assignedVariables: Object.fromEntries(shown), assignedVariablesDetails: truncation };
}

/** Retry first, then Catch; undefined: the error goes on outwards. */
function recover(step: Transition, frame: Frame, standing: Standing, failure: Failure): Outcome | undefined {
  const { state } = standing;
  standing.waiting = undefined;
  if (!standing.catching && retry(step, frame, standing, failure)) return WAIT;
  const container = isRecoverable(state) && state.type !== 'Task';
  // A container that failed says so; a catcher's chain goes on from what came before that.
  const before = frame.previous;
  const failedId = container ? record(step, `${state.type}StateFailed`, before) : undefined;
  // A catcher that fails itself is not caught again.
  const way = standing.catching ? undefined : handled(step, frame, standing, failure);
  if ((!way || way.kind === 'fail') && failedId !== undefined && frame.previous === before)
    frame.previous = failedId;
  return way;
}

/** What the state's catchers make of a failure; undefined where none of them takes it. */
function handled(step: Transition, frame: Frame, standing: Standing, failure: Failure): Outcome | undefined {
  const outcome = attempt(step, frame, standing, () => caught(step, frame, standing, failure) ?? WAIT);
  return standing.catching ? outcome : undefined;
}

const DETAILS = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
} as const;

/** `at`: when it was due, where that was before now. */
type End = { output?: Value; error?: string; cause?: string; at?: number };

/** The last event; whatever is still open is called off. */
export function endExecution(
  step: Transition,
  status: keyof typeof DETAILS,
  previous: number,
  end: End,
): void {
  const { execution } = step;
  const [type, key] = DETAILS[status];
  callOff(step, execution);
  const output = end.output && textOf(end.output);
  record(step, type, previous, [
    key,
    end.output ? outputDetails(end.output) : { error: end.error, cause: end.cause },
  ]);
  // AWS gives the error of a timeout in the event only.
  const shown = status === 'TIMED_OUT' ? {} : { error: end.error, cause: end.cause };
  Object.assign(execution, { status, output, stopDate: end.at ?? step.at, ...shown });
  perform(step, { type: 'EndExecution', status, output, ...shown });
}

function callOff(step: Transition, execution: Execution): void {
  for (const taskId of execution.tasks.keys()) perform(step, { type: 'CancelTask', taskId });
  for (const timerId of execution.timers.keys()) perform(step, { type: 'CancelTimer', timerId });
  for (const { taskId, mapRunArn } of execution.mapRuns.values())
    perform(step, { type: 'StopMapRun', taskId, mapRunArn });
  execution.tasks.clear();
  execution.timers.clear();
  execution.mapRuns.clear();
  execution.evaluations.clear();
  execution.ready = [];
}
