import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { numberOf, textOf } from './event-details.js';
import type { ExecutionModel } from './execution-model.js';
import { type Handler, type Handlers, safeText } from './fold-step.js';
import { interrupt, resume, stateInFault } from './state-of-event.js';

/** Start, end and redrive of the whole execution. */
export const executionHandlers: Handlers = {
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
    resume(model, model.root);
    changes.push({ type: 'execution', at: event.timestamp, status: 'RUNNING' });
  },
};

function endBadly(status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'): Handler {
  return ({ model, event, details, changes }) => {
    const error = textOf(details.error) ?? (status === 'TIMED_OUT' ? 'States.Timeout' : undefined);
    const cause = safeText(details.cause);
    const blamed = blamedBy(cause);
    const node = faultOf(model, event, status, blamed);
    if (node && status === 'FAILED') {
      node.status = 'failed';
      node.error ??= error;
      node.cause ??= cause;
    }
    interrupt.scope(model.root);
    model.status = status;
    model.stoppedAt = event.timestamp;
    model.failure = { stateName: node?.name ?? blamed?.stateName, error, cause };
    changes.push({ type: 'execution', at: event.timestamp, status, error, cause });
  };
}

/** The state to blame for the end of the execution. */
function faultOf(
  model: ExecutionModel,
  event: HistoryEvent,
  status: string,
  blamed: ReturnType<typeof blamedBy>,
) {
  if (status !== 'FAILED') {
    const leaves = [...interrupt.leaves(model.root)];
    return leaves.length === 1 ? leaves[0] : undefined;
  }
  const entered = blamed && model.owners[blamed.enteredId]?.states.get(blamed.stateName);
  if (entered) return entered;
  const current = (model.owners[event.previousEventId] ?? model.root).current;
  return current && stateInFault(current);
}

/** The state that the cause of a runtime error names. */
function blamedBy(cause: string | undefined): { stateName: string; enteredId: number } | undefined {
  const named = /while executing the state '(.+?)' \(entered at the event id #(\d+)\)/s.exec(cause ?? '');
  return named?.[1] === undefined ? undefined : { stateName: named[1], enteredId: Number(named[2]) };
}
