import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { findRequestId } from '../names/request-id.js';
import { textOf } from './event-details.js';
import type { Change, ExecutionModel, Scope, StateNode } from './execution-model.js';
import {
  beginningOf,
  fail,
  type Handler,
  type Handlers,
  nothing,
  type Step,
  stateChange,
  totalsOf,
} from './fold-step.js';
import { interrupt, stateNamed, taskFor } from './state-of-event.js';

/** States entered and left, and the attempts of tasks. */
export const stateHandlers: Handlers = {
  TaskScheduled({ model, event, details, changes }) {
    const resource = textOf(details.resource) ?? '';
    const kind = resource.endsWith('.waitForTaskToken')
      ? 'token'
      : /\.sync(:\d+)?$/.test(resource)
        ? 'sync'
        : undefined;
    const node = beginAttempt(model, event, changes);
    if (!node || !kind) return;
    const requestId = kind === 'token' ? findRequestId(textOf(details.parameters)) : undefined;
    node.wait = {
      kind,
      since: event.timestamp,
      scheduledId: event.id,
      resource: `${textOf(details.resourceType) ?? ''}:${resource}`,
      requestId,
    };
    if (kind === 'token') changes.push({ ...stateChange(node, event, 'waiting'), requestId });
  },
  LambdaFunctionScheduled({ model, event, changes }) {
    beginAttempt(model, event, changes);
  },
  ActivityScheduled({ model, event, details, changes }) {
    const node = beginAttempt(model, event, changes);
    if (!node) return;
    const resource = textOf(details.resource);
    node.wait = { kind: 'activity', since: event.timestamp, scheduledId: event.id, resource };
  },
  TaskStarted: nothing,
  TaskSubmitted: nothing,
  LambdaFunctionStarted: nothing,
  ActivityStarted: nothing,
  TaskSucceeded: endAttempt,
  LambdaFunctionSucceeded: endAttempt,
  ActivitySucceeded: endAttempt,
  TaskFailed: failAttempt,
  TaskStartFailed: failAttempt,
  TaskSubmitFailed: failAttempt,
  TaskTimedOut: failAttempt,
  LambdaFunctionFailed: failAttempt,
  LambdaFunctionScheduleFailed: failAttempt,
  LambdaFunctionStartFailed: failAttempt,
  LambdaFunctionTimedOut: failAttempt,
  ActivityFailed: failAttempt,
  ActivityScheduleFailed: failAttempt,
  ActivityTimedOut: failAttempt,
  TaskStateAborted: abortLeaf('Task'),
  WaitStateAborted: abortLeaf('Wait'),
  EvaluationFailed({ model, event, details, changes }) {
    const node = stateNamed(model, event.previousEventId, textOf(details.state)) ?? model.root.current;
    if (!node) return;
    model.owners[event.id] = node.scope;
    fail(model, node, event, details, changes);
    // A Map or Parallel says itself when it has failed; until then a Retry or Catch may go on.
    if (isContainer(node)) node.status = 'running';
  },
};

for (const type of ['Task', 'Choice', 'Pass', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']) {
  stateHandlers[`${type}StateEntered`] = (step) => enter(step, type);
  if (type !== 'Fail') stateHandlers[`${type}StateExited`] = exit;
}

const isContainer = (node: StateNode): boolean => node.type === 'Parallel' || node.type === 'Map';

function enter({ model, event, details, changes }: Step, type: string): void {
  const before = model.owners[event.previousEventId] ?? model.root;
  const parallel = before.current;
  let scope = before;
  if (parallel?.branches && parallel.startedId === event.previousEventId) {
    scope = { parent: parallel, index: parallel.branches.length, states: new Map() };
    parallel.branches.push(scope);
  }
  const name = textOf(details.name) ?? '';
  const node: StateNode = {
    name,
    type,
    scope,
    status: type === 'Fail' ? 'failed' : 'running',
    visits: (scope.states.get(name)?.visits ?? 0) + 1,
    attempts: 0,
    enteredAt: event.timestamp,
    input: beginningOf(details.input),
  };
  scope.states.set(name, node);
  scope.current = node;
  totalsOf(model, name).entered++;
  if (type === 'Fail') totalsOf(model, name).failed++;
  model.owners[event.id] = scope;
  changes.push(stateChange(node, event, node.status));
}

function exit({ model, event, details, changes }: Step): void {
  const node = stateNamed(model, event.previousEventId, textOf(details.name));
  if (!node) return;
  model.owners[event.id] = node.scope;
  node.status = node.status === 'failed' || node.mapRun?.status === 'FAILED' ? 'caught' : 'succeeded';
  if (node.status === 'succeeded') node.error = node.cause = undefined;
  node.wait = undefined;
  node.exitedAt = event.timestamp;
  node.output = beginningOf(details.output);
  assign(node.scope, details.assignedVariables);
  const totals = totalsOf(model, node.name);
  totals.exited++;
  totals.milliseconds += event.timestamp - node.enteredAt;
  changes.push({
    ...stateChange(node, event, node.status),
    took: event.timestamp - node.enteredAt,
    ...(node.status === 'caught' && { error: node.error, cause: node.cause }),
  });
}

function assign(scope: Scope, assigned: unknown): void {
  for (const [name, value] of Object.entries(assigned ?? {})) {
    scope.variables ??= {};
    scope.variables[name] = beginningOf(value) ?? '';
  }
}

function beginAttempt(model: ExecutionModel, event: HistoryEvent, changes: Change[]): StateNode | undefined {
  const node = taskFor(model.owners[event.id]);
  if (!node) return undefined;
  model.owners[event.id] = node.scope;
  node.attempts++;
  node.status = 'running';
  node.wait = undefined;
  if (node.attempts > 1) changes.push(stateChange(node, event, 'running'));
  return node;
}

function endAttempt({ model, event }: Step): void {
  const node = taskFor(model.owners[event.id]);
  if (node) node.wait = undefined;
}

function failAttempt({ model, event, details, changes }: Step): void {
  const node = taskFor(model.owners[event.id]);
  if (!node) return;
  model.owners[event.id] = node.scope;
  const timedOut = event.type.endsWith('TimedOut') ? { error: 'States.Timeout' } : {};
  fail(model, node, event, { ...timedOut, ...details }, changes);
}

function abortLeaf(type: string): Handler {
  return ({ model, event, changes }) => {
    // The event names no state, and follows the one whose failure aborts: a sibling of the aborted one.
    const node = interrupt.first(model.owners[event.id], type);
    if (!node) return;
    node.status = 'aborted';
    node.wait = undefined;
    changes.push(stateChange(node, event, 'aborted'));
  };
}
