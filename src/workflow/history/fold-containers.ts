import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { numberOf, textOf } from './event-details.js';
import {
  allStates,
  type ExecutionModel,
  type MapRunNode,
  type Scope,
  type StateNode,
} from './execution-model.js';
import { type Handler, type Handlers, nothing, safeText, stateChange, totalsOf } from './fold-step.js';
import { tally, untally } from './map-tally.js';
import { interrupt, nearest, stateInFault, stateNamed } from './state-of-event.js';

/** Parallel and Map states: their branches, iterations and map runs. */
export const containerHandlers: Handlers = {
  ParallelStateStarted({ model, event }) {
    const node = beginContainer(model, event, 'Parallel');
    if (node) node.branches = [];
  },
  MapStateStarted({ model, event, details }) {
    const node = beginContainer(model, event, 'Map');
    if (!node) return;
    // A retry begins anew: what the attempt before it came to no longer counts.
    if (node.iterations) untally(model, node);
    node.iterations = {
      total: 0,
      started: 0,
      succeeded: 0,
      failed: 0,
      aborted: 0,
      open: new Map(),
      troubled: new Map(),
    };
    tally(model, node, 'total', numberOf(details.length) ?? 0);
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
    tally(model, map, 'started', 1);
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
    untally(model, node);
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
    if (status === 'failed') totalsOf(model, node.name).failed++;
    if (status === 'failed' && from !== node.scope && from?.current) {
      node.failedIn = stateInFault(from.current);
      node.error = node.failedIn.error;
      node.cause = node.failedIn.cause;
    }
    interrupt.inside(node);
    changes.push({ ...stateChange(node, event, status), error: node.error, cause: node.cause });
  };
}

/** Of one Map; more are not looked at one by one. */
const MOST_TROUBLED = 200;

function hadTrouble(scope: Scope): boolean {
  for (const { status, attempts } of allStates(scope)) if (status === 'caught' || attempts > 1) return true;
  return false;
}

function endIteration(how: 'succeeded' | 'failed' | 'aborted'): Handler {
  return ({ model, event, details }) => {
    const map = stateNamed(model, event.previousEventId, textOf(details.name));
    const iterations = map?.iterations;
    const index = numberOf(details.index);
    const scope = index === undefined ? undefined : iterations?.open.get(index);
    if (!map || !iterations || index === undefined || !scope) return;
    tally(model, map, how, 1);
    model.owners[event.id] = scope;
    if (how === 'succeeded') {
      iterations.open.delete(index);
      if (iterations.troubled.size < MOST_TROUBLED && hadTrouble(scope)) {
        iterations.troubled.set(index, scope);
        return;
      }
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
