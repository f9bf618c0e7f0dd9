import { textOf, type Value } from '../data/value.js';
import type { Frame, OpenTask, Standing, Timer, Transition } from './execution.js';
import type { HistoryEvent } from './history-event.js';
import type { Effect } from './protocol.js';
import type { Stage } from './test-state-probe.js';

/** The quota of a STANDARD execution: its event 25,000 is its end. */
const MAX_EVENTS = 25_000;

/** Thrown when only the last event has room: the execution fails with it. */
export class HistoryFull extends Error {
  constructor() {
    super(`The execution reached the maximum number of history events (${MAX_EVENTS}).`);
  }
}

/** `details`: key of the details object and its fields; `undefined` fields are left out. */
export type Details = [key: string, fields: Record<string, unknown>];

const NOT_TRUNCATED = { truncated: false };

/** Details of an event that carries `input` or `output` (or `parameters`, which has no `…Details`). */
export const inputDetails = (value: Value) => ({ input: textOf(value), inputDetails: NOT_TRUNCATED });
export const outputDetails = (value: Value) => ({ output: textOf(value), outputDetails: NOT_TRUNCATED });
export const truncation = NOT_TRUNCATED;

/** Records an event and returns its id; the caller says whether the chain goes on from it. */
export function record(step: Transition, type: string, previousEventId: number, details?: Details): number {
  const { execution } = step;
  if (
    execution.lastEventId >= MAX_EVENTS - 1 &&
    execution.spec.type === 'STANDARD' &&
    !type.startsWith('Execution')
  )
    throw new HistoryFull();
  execution.lastEventId++;
  const event: HistoryEvent = { id: execution.lastEventId, previousEventId, timestamp: step.at, type };
  if (details) event[details[0]] = shown(step, details[1]);
  step.events.push(event);
  return event.id;
}

/** As `record`, and the frame's chain goes on from the new event. */
export function advance(step: Transition, frame: Frame, type: string, details?: Details): number {
  frame.previous = record(step, type, frame.previous, details);
  return frame.previous;
}

/** The fields that have a value; the lengths of their texts count. */
function shown(step: Transition, fields: Record<string, unknown>): Record<string, unknown> {
  let whole = true;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'string') step.textLength += value.length;
    else if (value === undefined) whole = false;
  }
  if (whole) return fields;
  const kept: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept;
}

export function perform(step: Transition, effect: Effect): void {
  step.effects.push(effect);
}

export function setTimer(step: Transition, timer: Timer): number {
  const timerId = ++step.execution.timersMade;
  step.execution.timers.set(timerId, timer);
  perform(step, { type: 'SetTimer', timerId, at: timer.at });
  return timerId;
}

export function cancelTimer(step: Transition, timerId: number | undefined): void {
  if (timerId !== undefined && step.execution.timers.delete(timerId))
    perform(step, { type: 'CancelTimer', timerId });
}

/** Forgets an open task and its timers; `cancel`: its integration is told that nobody waits any more. */
export function closeTask(step: Transition, task: OpenTask, cancel: boolean): void {
  if (!step.execution.tasks.delete(task.taskId)) return;
  cancelTimer(step, task.timeoutTimer);
  cancelTimer(step, task.heartbeatTimer);
  if (cancel) perform(step, { type: 'CancelTask', taskId: task.taskId });
}

const ofBoth = new Set<Stage>(['result', 'afterArguments']);

/** Of a state that is tried alone: what was made of its data. */
export function note(step: Transition, { state }: Standing, stage: Stage, value: Value): void {
  const { probe } = step.execution;
  if (probe?.state !== state.name) return;
  if (state.language === 'JSONPath' || ofBoth.has(stage)) probe.stages[stage] = textOf(value);
}
