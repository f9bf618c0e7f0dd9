import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { textOf } from './event-details.js';
import {
  type Change,
  type ExecutionModel,
  iterationOf,
  type StateNode,
  type StateTotals,
} from './execution-model.js';
import { redactTokens } from './redact.js';

/** One event on its way into the model. */
export interface Step {
  model: ExecutionModel;
  event: HistoryEvent;
  details: Record<string, unknown>;
  /** What visibly changes is added here. */
  changes: Change[];
}
/** What an event type does to the model. */
export type Handler = (step: Step) => void;
export type Handlers = Record<string, Handler>;

/** For events that say nothing the model keeps. */
export const nothing: Handler = () => {};

/** Input, output or cause as text, task tokens struck out. */
export function safeText(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : redactTokens(text);
}

/** How much of a state's input and output is kept: enough to look at, so that the model stays small. */
const KEPT = 2_000;
/** Longer than any task token, so that one at the border is struck out whole. */
const LONGEST_TOKEN = 2_048;

/** The beginning of a state's input or output, task tokens struck out. */
export function beginningOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length <= KEPT) return safeText(text);
  const kept = redactTokens(text.slice(0, KEPT + LONGEST_TOKEN)).slice(0, KEPT);
  // A slice would keep the whole text alive.
  return `${new TextDecoder().decode(new TextEncoder().encode(kept))}…`;
}

export function stateChange(node: StateNode, event: HistoryEvent, status: StateNode['status'] | 'waiting') {
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

/** The latest attempt of a state failed. */
export function fail(
  model: ExecutionModel,
  node: StateNode,
  event: HistoryEvent,
  details: Record<string, unknown>,
  changes: Change[],
): void {
  totalsOf(model, node.name).failed++;
  node.status = 'failed';
  node.failedAt = event.timestamp;
  node.wait = undefined;
  node.error = textOf(details.error);
  node.cause = safeText(details.cause);
  changes.push({ ...stateChange(node, event, 'failed'), error: node.error, cause: node.cause });
}

export function totalsOf(model: ExecutionModel, name: string): StateTotals {
  let totals = model.totals.get(name);
  if (!totals) {
    totals = { entered: 0, exited: 0, failed: 0, milliseconds: 0 };
    model.totals.set(name, totals);
  }
  return totals;
}
