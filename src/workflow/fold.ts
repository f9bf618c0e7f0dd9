import type { HistoryEvent } from '../asl/history-event.js';
import { detailsOf, numberOf, textOf } from './event-details.js';
import { interrupt, nearest, ownerOf, resume, stateInFault, stateNamed, taskFor } from './locate.js';
import { type Change, type ExecutionModel, iterationOf, type MapRunNode, type StateNode } from './model.js';
import { redactTokens } from './redact.js';
import { findRequestId } from './request-id.js';

/**
 * Folds events into the model, in place: `events` in ascending order, following those already folded (older
 * ids are skipped). However a history is cut into calls, the model ends the same. Returns what visibly changed.
 */
export function applyEvents(model: ExecutionModel, events: Iterable<HistoryEvent>): Change[] {
  const changes: Change[] = [];
  for (const event of events) {
    if (event.id <= model.lastEventId) continue;
    model.lastEventId = event.id;
    model.owners[event.id] = ownerOf(model, event);
    handlers[event.type]?.({ model, event, details: detailsOf(event), changes });
  }
  return changes;
}

/** True when the fold knows what an event of this type means. */
export const isKnownEventType = (type: string): boolean => type in handlers;

interface Step {
  model: ExecutionModel;
  event: HistoryEvent;
  details: Record<string, unknown>;
  changes: Change[];
}
type Handler = (step: Step) => void;

const nothing: Handler = () => {};

const handlers: Record<string, Handler> = {
  ExecutionStarted({ model, event, details, changes }) {
    model.startedAt = event.timestamp;
    model.input = safeText(details.input);
    changes.push({ type: 'execution', at: event.timestamp, status: 'RUNNING' });
  },
  ExecutionSucceeded({ model, event, details, changes }) {
    model.status = 'SUCCEEDED';
    model.stoppedAt = event.timestamp;
    model.output = safeText(details.output);
    changes.push({ type: 'execution', at: event.timestamp, status: 'SUCCEEDED' });
  },
  ExecutionFailed: endBadly('FAILED'),
  ExecutionTimedOut: endBadly('TIMED_OUT'),
  ExecutionAborted: endBadly('ABORTED'),
  ExecutionRedriven({ model, event, details, changes }) {
    model.status = 'RUNNING';
    model.stoppedAt = undefined;
    model.failure = undefined;
    model.redriveCount = numberOf(details.redriveCount) ?? model.redriveCount + 1;
    resume(model.root);
    changes.push({ type: 'execution', at: event.timestamp, status: 'RUNNING' });
  },

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
    if (node) node.wait = { kind: 'activity', since: event.timestamp, resource: textOf(details.resource) };
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
    fail(node, event, details, changes);
    // A Map or Parallel says itself when it has failed; until then a Retry or Catch may go on.
    if (isContainer(node)) node.status = 'running';
  },

  ParallelStateStarted({ model, event }) {
    const node = beginContainer(model, event, 'Parallel');
    if (node) node.branches = [];
  },
  MapStateStarted({ model, event, details }) {
    const node = beginContainer(model, event, 'Map');
    if (!node) return;
    const total = numberOf(details.length) ?? 0;
    node.iterations = { total, started: 0, succeeded: 0, failed: 0, aborted: 0, open: new Map() };
  },
  ParallelStateSucceeded: nothing,
  MapStateSucceeded: nothing,
  ParallelStateFailed: endContainer('Parallel', 'failed'),
  MapStateFailed: endContainer('Map', 'failed'),
  ParallelStateAborted: endContainer('Parallel', 'aborted'),
  MapStateAborted: endContainer('Map', 'aborted'),

  MapIterationStarted({ model, event, details }) {
    const map = stateNamed(model, event.previousEventId, textOf(details.name));
    const index = numberOf(details.index);
    if (!map?.iterations || index === undefined) return;
    const scope = { parent: map, index, states: new Map() };
    map.iterations.started++;
    map.iterations.open.set(index, scope);
    model.owners[event.id] = scope;
  },
  MapIterationSucceeded: endIteration('succeeded'),
  MapIterationFailed: endIteration('failed'),
  MapIterationAborted: endIteration('aborted'),

  MapRunStarted({ model, event, details, changes }) {
    const node = nearest(model.owners[event.id], 'Map');
    const mapRunArn = textOf(details.mapRunArn);
    if (!node || !mapRunArn) return;
    const run: MapRunNode = {
      mapRunArn,
      stateName: node.name,
      status: 'RUNNING',
      startedAt: event.timestamp,
      redriveCount: 0,
    };
    node.mapRun = run;
    model.mapRuns.push(run);
    changes.push({ type: 'mapRun', at: event.timestamp, stateName: node.name, mapRunArn, status: 'RUNNING' });
  },
  MapRunSucceeded: endMapRun('SUCCEEDED'),
  MapRunFailed: endMapRun('FAILED'),
  MapRunAborted: endMapRun('ABORTED'),
  MapRunRedriven({ model, event, details, changes }) {
    const run = model.mapRuns.find((run) => run.mapRunArn === details.mapRunArn);
    if (!run) return;
    run.status = 'RUNNING';
    run.stoppedAt = run.error = run.cause = undefined;
    run.redriveCount = numberOf(details.redriveCount) ?? run.redriveCount + 1;
    const { stateName, mapRunArn } = run;
    changes.push({ type: 'mapRun', at: event.timestamp, stateName, mapRunArn, status: 'RUNNING' });
  },
};

for (const type of ['Task', 'Choice', 'Pass', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']) {
  handlers[`${type}StateEntered`] = (step) => enter(step, type);
  if (type !== 'Fail') handlers[`${type}StateExited`] = exit;
}

const isContainer = (node: StateNode): boolean => node.type === 'Parallel' || node.type === 'Map';

function safeText(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : redactTokens(text);
}

function stateChange(node: StateNode, event: HistoryEvent, status: StateNode['status'] | 'waiting') {
  const change: Extract<Change, { type: 'state' }> = {
    type: 'state',
    at: event.timestamp,
    stateName: node.name,
    status,
  };
  const iteration = iterationOf(node);
  if (iteration !== undefined) change.iteration = iteration;
  if (node.attempts > 1) change.attempt = node.attempts;
  return change;
}

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
  };
  scope.states.set(name, node);
  scope.current = node;
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
  changes.push({
    ...stateChange(node, event, node.status),
    took: event.timestamp - node.enteredAt,
    ...(node.status === 'caught' && { error: node.error, cause: node.cause }),
  });
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
  fail(node, event, { ...timedOut, ...details }, changes);
}

function fail(
  node: StateNode,
  event: HistoryEvent,
  details: Record<string, unknown>,
  changes: Change[],
): void {
  node.status = 'failed';
  node.failedAt = event.timestamp;
  node.wait = undefined;
  node.error = textOf(details.error);
  node.cause = safeText(details.cause);
  changes.push({ ...stateChange(node, event, 'failed'), error: node.error, cause: node.cause });
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

function beginContainer(model: ExecutionModel, event: HistoryEvent, type: string): StateNode | undefined {
  const node = nearest(model.owners[event.id], type);
  if (!node) return undefined;
  model.owners[event.id] = node.scope;
  node.attempts++;
  node.startedId = event.id;
  node.mapRun = undefined;
  return node;
}

function endContainer(type: string, status: 'failed' | 'aborted'): Handler {
  return ({ model, event, changes }) => {
    const from = model.owners[event.id];
    const node = nearest(from, type);
    if (!node) return;
    model.owners[event.id] = node.scope;
    node.status = status;
    if (status === 'failed' && from !== node.scope && from?.current) {
      node.failedIn = stateInFault(from.current);
      node.error = node.failedIn.error;
      node.cause = node.failedIn.cause;
    }
    interrupt.inside(node);
    changes.push({ ...stateChange(node, event, status), error: node.error, cause: node.cause });
  };
}

function endIteration(how: 'succeeded' | 'failed' | 'aborted'): Handler {
  return ({ model, event, details }) => {
    const { iterations } = stateNamed(model, event.previousEventId, textOf(details.name)) ?? {};
    const index = numberOf(details.index);
    const scope = index === undefined ? undefined : iterations?.open.get(index);
    if (!iterations || index === undefined || !scope) return;
    iterations[how]++;
    model.owners[event.id] = scope;
    if (how === 'succeeded') {
      iterations.open.delete(index);
      scope.states = new Map();
      scope.current = undefined;
    } else {
      scope.ended = how;
      interrupt.scope(scope);
    }
  };
}

function endMapRun(status: MapRunNode['status']): Handler {
  return ({ model, event, details, changes }) => {
    const node = nearest(model.owners[event.id], 'Map');
    const run = node?.mapRun;
    if (!node || !run) return;
    run.status = status;
    run.stoppedAt = event.timestamp;
    run.error = node.error = textOf(details.error);
    run.cause = node.cause = safeText(details.cause);
    const { stateName, mapRunArn, error, cause } = run;
    changes.push({ type: 'mapRun', at: event.timestamp, stateName, mapRunArn, status, error, cause });
  };
}

function endBadly(status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'): Handler {
  return ({ model, event, details, changes }) => {
    const error = textOf(details.error) ?? (status === 'TIMED_OUT' ? 'States.Timeout' : undefined);
    const cause = safeText(details.cause);
    const node = faultOf(model, event, status, cause);
    if (node && status === 'FAILED') {
      node.status = 'failed';
      node.error ??= error;
      node.cause ??= cause;
    }
    interrupt.scope(model.root);
    model.status = status;
    model.stoppedAt = event.timestamp;
    model.failure = { stateName: node?.name, error, cause };
    changes.push({ type: 'execution', at: event.timestamp, status, error, cause });
  };
}

/** The state to blame for the end of the execution. */
function faultOf(model: ExecutionModel, event: HistoryEvent, status: string, cause: string | undefined) {
  if (status !== 'FAILED') {
    const leaves = [...interrupt.leaves(model.root)];
    return leaves.length === 1 ? leaves[0] : undefined;
  }
  const named = /while executing the state '(.+?)' \(entered at the event id #(\d+)\)/s.exec(cause ?? '');
  const entered = named ? model.owners[Number(named[2])]?.states.get(named[1] ?? '') : undefined;
  if (entered) return entered;
  const current = (model.owners[event.previousEventId] ?? model.root).current;
  return current && stateInFault(current);
}
