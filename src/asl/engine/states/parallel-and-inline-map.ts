import { isObject, type Json, type JsonObject } from '../../../json/json.js';
import { jsonText } from '../../../json/lossless.js';
import { queryValue, unexpectedType } from '../../data/jsonata-answer.js';
import { resolveTemplate, templateValue } from '../../data/payload-template.js';
import type { Scope } from '../../data/scope.js';
import { runtimeError, StateError } from '../../data/state-error.js';
import { exceedsLimit, fromItems, fromJson, jsonOf, textOf, type Value } from '../../data/value.js';
import type { MapState, ParallelState, State } from '../../language/machine.js';
import { dataLimitExceeded } from '../attempt.js';
import { prepared } from '../evaluation.js';
import type { Branches, Frame, Standing, Transition } from '../execution.js';
import { finishWithResult } from '../leave-state.js';
import { itemContext } from '../map-item.js';
import { type Outcome, WAIT } from '../outcome.js';
import { advance, cancelTimer, closeTask, perform, record } from '../recorder.js';
import { applyPath, applyTemplate, find, integerSetting, scopeOf } from '../state-scope.js';

/** AWS's bound for an inline Map that names none. */
const INLINE_CONCURRENCY = 40;

export function parallel(step: Transition, frame: Frame, standing: Standing, state: ParallelState): Outcome {
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  return prepared(step, frame, standing, scope, [state.parameters], (step) => {
    standing.effective = applyTemplate(state.parameters, applyPath(state.inputPath, input, scope), scope);
    const startedId = advance(step, frame, 'ParallelStateStarted');
    const branches = open(frame, state, startedId, state.branches.length, []);
    watch(standing, branches);
    state.branches.forEach((workflow, index) => {
      launch(step, branches, child(branches, index, workflow, startedId));
    });
    return WAIT;
  });
}

export function inlineMap(step: Transition, frame: Frame, standing: Standing, state: MapState): Outcome {
  if (state.misplaced)
    throw runtimeError(
      'The ItemReader, ItemBatcher and ResultWriter fields are not supported for INLINE maps',
    );
  const { input } = standing;
  const scope = scopeOf(step.execution, frame, standing, input);
  return prepared(step, frame, standing, scope, [state.items, state.maxConcurrency], (step) => {
    standing.effective = applyPath(state.inputPath, input, scope);
    return iterations(step, frame, standing, state, { ...scope, input: standing.effective });
  });
}

function iterations(
  step: Transition,
  frame: Frame,
  standing: Standing,
  state: MapState,
  inner: Scope,
): Outcome {
  const items = itemsOf(state, standing.effective, inner);
  if (!Array.isArray(items)) throw new Error('Only a Distributed Map goes over an object');
  const asked = integerSetting(state.maxConcurrency, 'MaxConcurrency', inner) ?? 0;
  if (asked < 0) throw runtimeError('MaxConcurrency cannot be negative.');
  const startedId = advance(step, frame, 'MapStateStarted', [
    'mapStateStartedEventDetails',
    { length: items.length },
  ]);
  const branches = open(frame, state, startedId, items.length, items);
  if (items.length === 0) return complete(step, branches, standing);
  watch(standing, branches);
  const atOnce = Math.min(items.length, asked || INLINE_CONCURRENCY);
  for (let n = 0; n < atOnce; n++) iterate(step, branches, startedId);
  return WAIT;
}

/** What a Map goes over: an array, or an object where the Map is distributed. */
export function itemsOf(state: MapState, effective: Value, scope: Scope): Json[] | JsonObject {
  if (state.language === 'JSONata') return queriedItems(state, effective, scope);
  const items = state.itemsPath ? find(state.itemsPath, scope) : jsonOf(effective);
  if (isIterable(items, state)) return items;
  // Within the context object a path begins with one `$`, too.
  const path = state.itemsPath?.text.replace(/^\$\$/, '$') ?? '$';
  throw runtimeError(`Reference path "${path}" must point to array.`);
}

const isIterable = (items: Json, { distributed, arraysOnly }: MapState): items is Json[] | JsonObject =>
  Array.isArray(items) || (distributed !== undefined && !arraysOnly && isObject(items));

function queriedItems(state: MapState, effective: Value, scope: Scope): Json[] | JsonObject {
  const { items: template } = state;
  const items = queriedValue(template, effective, scope);
  if (isIterable(items, state)) return items;
  if (template?.kind === 'query') throw unexpectedType(template.query, 'array', items);
  throw new StateError(
    'States.QueryEvaluationError',
    `Map state input must be an array but was: ${jsonText(items)}`,
    template && 'Items',
  );
}

/** A list to go over is no state's data: one query may make a longer one. */
function queriedValue(template: MapState['items'], effective: Value, scope: Scope): Json {
  if (!template) return jsonOf(effective);
  return template.kind === 'query' ? queryValue(template.query, scope) : resolveTemplate(template, scope);
}

function open(
  frame: Frame,
  state: ParallelState | MapState,
  startedId: number,
  count: number,
  items: Json[],
): Branches {
  return {
    frame,
    state,
    startedId,
    results: new Array(count),
    running: new Set(),
    unfinished: count,
    items,
    next: 0,
  };
}

function watch(standing: Standing, branches: Branches): void {
  standing.branches = branches;
  standing.waiting = { for: 'branches', branches };
}

function child(branches: Branches, index: number, workflow: Frame['workflow'], previous: number): Frame {
  const variables = { outer: branches.frame.variables, own: new Map<string, Json>() };
  return { parent: branches, index, workflow, variables, previous };
}

function launch(step: Transition, branches: Branches, frame: Frame): void {
  branches.running.add(frame);
  step.execution.ready.push(frame);
}

function iterate(step: Transition, branches: Branches, previous: number): void {
  if (branches.state.type !== 'Map') return;
  launch(step, branches, child(branches, branches.next++, branches.state.processor, previous));
}

const ITERATION = {
  Started: 'mapIterationStartedEventDetails',
  Succeeded: 'mapIterationSucceededEventDetails',
  Failed: 'mapIterationFailedEventDetails',
  Aborted: 'mapIterationAbortedEventDetails',
};

const iteration = (
  how: keyof typeof ITERATION,
  branches: Branches,
  index: number,
): [string, Record<string, unknown>] => [ITERATION[how], { name: branches.state.name, index }];

/** Begins a branch or iteration with what its first state gets; `standing` is the state around it. */
export function withFirstInput(
  step: Transition,
  frame: Frame,
  parent: Branches,
  standing: Standing,
  begin: (step: Transition, input: Value) => Outcome,
): Outcome {
  if (parent.state.type !== 'Map') return begin(step, standing.effective);
  const value = parent.items[frame.index] ?? null;
  const { itemSelector } = parent.state;
  // An iteration whose item cannot be selected is none: the Map fails before it is recorded.
  const beginWith = (step: Transition, input: Value): Outcome => {
    if (!frame.begun) advance(step, frame, 'MapIterationStarted', iteration('Started', parent, frame.index));
    frame.begun = true;
    return begin(step, input);
  };
  if (!itemSelector) return beginWith(step, fromJson(value));
  const item = itemContext(frame.index, { value });
  const scope = scopeOf(step.execution, parent.frame, standing, standing.effective, { item });
  return prepared(step, frame, standing, scope, [itemSelector], (step) =>
    beginWith(step, templateValue(itemSelector, scope)),
  );
}

/** A branch came to its end. Answers once the whole state did. */
export function branchSucceeded(step: Transition, frame: Frame, branches: Branches, output: Value): Outcome {
  const standing = branches.frame.state;
  branches.running.delete(frame);
  branches.results[frame.index] = output;
  branches.unfinished--;
  let last = frame.previous;
  if (branches.state.type === 'Map') {
    last = record(
      step,
      'MapIterationSucceeded',
      frame.previous,
      iteration('Succeeded', branches, frame.index),
    );
    if (branches.next < branches.items.length) iterate(step, branches, frame.previous);
  }
  if (branches.unfinished > 0 || !standing) return WAIT;
  branches.frame.previous = last;
  return complete(step, branches, standing);
}

function complete(step: Transition, branches: Branches, standing: Standing): Outcome {
  const { frame, state, results } = branches;
  standing.waiting = undefined;
  record(step, `${state.type}StateSucceeded`, frame.previous);
  const result = fromItems(results);
  if (!state.resultSelector && state.resultPath === undefined && exceedsLimit(textOf(result)))
    throw dataLimitExceeded(state.name);
  return finishWithResult(step, frame, standing, state, result);
}

/** A branch failed: its siblings are abandoned, and the error becomes the whole state's. */
export function branchFailed(step: Transition, frame: Frame, branches: Branches): void {
  const cause = frame.previous;
  const map = branches.state.type === 'Map';
  if (map && frame.begun)
    record(step, 'MapIterationFailed', cause, iteration('Failed', branches, frame.index));
  if (frame.state?.state.type === 'Task') record(step, 'TaskStateAborted', cause);
  frame.dead = true;
  abandonChildren(step, branches, cause);
  branches.frame.previous = cause;
  if (branches.frame.state) branches.frame.state.waiting = undefined;
}

function abandonChildren(step: Transition, branches: Branches, cause: number): void {
  for (const sibling of branches.running) {
    if (sibling.dead) continue;
    if (branches.state.type === 'Map' && sibling.begun)
      record(step, 'MapIterationAborted', cause, iteration('Aborted', branches, sibling.index));
    abandon(step, sibling, cause);
  }
}

function forgetEvaluations({ execution: { evaluations } }: Transition, frame: Frame): void {
  if (evaluations.size === 0) return;
  for (const [id, evaluation] of evaluations) if (evaluation.frame === frame) evaluations.delete(id);
}

const ABORTABLE = new Set<State['type']>(['Task', 'Wait', 'Map', 'Parallel']);

/** Goes on with the children that did not succeed; answers false where all did, or none was begun. */
export function reviveChildren(standing: Standing, revive: (child: Frame) => void): boolean {
  const { branches } = standing;
  if (!branches || branches.running.size === 0) return false;
  watch(standing, branches);
  for (const child of branches.running) {
    child.dead = false;
    revive(child);
  }
  return true;
}

function abandon(step: Transition, frame: Frame, cause: number): void {
  frame.dead = true;
  forgetEvaluations(step, frame);
  const standing = frame.state;
  if (!standing) return;
  const { waiting } = standing;
  if (waiting?.for === 'task') closeTask(step, waiting.task, true);
  if (waiting?.for === 'timer') cancelTimer(step, waiting.timerId);
  if (waiting?.for === 'branches') abandonChildren(step, waiting.branches, cause);
  if (waiting?.for === 'mapRun') {
    const { taskId, mapRunArn } = waiting.mapRun;
    step.execution.mapRuns.delete(taskId);
    perform(step, { type: 'StopMapRun', taskId, mapRunArn });
    record(step, 'MapRunAborted', cause);
  }
  if (ABORTABLE.has(standing.state.type)) record(step, `${standing.state.type}StateAborted`, cause);
}
