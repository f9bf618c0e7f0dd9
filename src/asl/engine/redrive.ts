import type { Frame, Transition } from './execution.js';
import { record } from './recorder.js';
import { redriveMapRun } from './states/distributed-map.js';
import { reviveChildren } from './states/parallel-and-inline-map.js';

/**
 * An execution that ended without success goes on: every state that was entered and not left is executed again, with
 * all of its retries before it; containers go on with those of their children that did not succeed.
 */
export function redrive(step: Transition): void {
  const { execution } = step;
  execution.status = 'RUNNING';
  execution.redriveCount++;
  execution.redriveDate = step.at;
  for (const field of ['output', 'error', 'cause', 'stopDate'] as const) execution[field] = undefined;
  const { redriveCount, lastEventId, top } = execution;
  record(step, 'ExecutionRedriven', lastEventId, ['executionRedrivenEventDetails', { redriveCount }]);
  if (top) resume(step, top);
}

function resume(step: Transition, frame: Frame): void {
  const standing = frame.state;
  if (standing) {
    Object.assign(standing, { retryCount: 0, retries: [], catching: false, waiting: undefined });
    if (reviveChildren(standing, (child) => resume(step, child))) return;
    if (redriveMapRun(step, frame, standing)) return;
  }
  step.execution.ready.push(frame);
}
