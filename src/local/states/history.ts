import type Database from 'libsql';
import type { HistoryEvent } from '../../asl/engine/history-event.js';
import type { JsonObject } from '../../json/json.js';
import type { ExecutionRow, StepRow } from '../runtime/execution-tables.js';
import { unpackEvents } from '../runtime/step-events.js';
import type { Store } from '../store/port.js';
import { statement } from '../store/statements.js';
import type { StatesContext } from './context.js';
import { existingExecution } from './existing-resources.js';
import { page, seconds } from './requests/arns-names-pages.js';
import type { Input } from './requests/model.js';

export async function getExecutionHistory(
  context: StatesContext,
  input: Input<'GetExecutionHistory'>,
): Promise<JsonObject> {
  const { executionArn, reverseOrder: reverse = false, includeExecutionData: withData = true } = input;
  const row = existingExecution(context, executionArn);
  const { rows, ...more } = page(
    context,
    `history ${executionArn} ${reverse}`,
    input,
    (_db, position, count) => {
      const from = typeof position === 'number' ? position : reverse ? Number.MAX_SAFE_INTEGER : 0;
      const found: HistoryEvent[] = [];
      for (const event of events(context.store, row, from, reverse)) {
        found.push(event);
        if (found.length === count) break;
      }
      return found;
    },
    (event) => event.id,
  );
  return { events: rows.map((event) => historyEvent(event, withData)), ...more };
}

/** Events past `from` in the asked direction; steps are read a few at a time, as a step may hold much. */
function* events(store: Store, row: ExecutionRow, from: number, reverse: boolean): Generator<HistoryEvent> {
  const stepsPerRead = 32;
  const sql = reverse
    ? 'SELECT seq, stimulus, events FROM steps WHERE execution_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?'
    : 'SELECT seq, stimulus, events FROM steps WHERE execution_id = ? AND seq > ? ORDER BY seq LIMIT ?';
  let seq = store.read((db) => firstStep(db, row.id, from, reverse));
  for (;;) {
    const steps = store.read(
      (db) => statement(db, sql).all(row.id, seq, stepsPerRead) as Omit<StepRow, 'last_event'>[],
    );
    for (const step of steps) {
      const inStep = unpackEvents(row, step);
      if (reverse) inStep.reverse();
      for (const event of inStep) if (reverse ? event.id < from : event.id > from) yield event;
      seq = step.seq;
    }
    if (steps.length < stepsPerRead) return;
  }
}

/** The step before the first one that can hold an event past `from` (after it, when reading backwards). */
function firstStep(db: Database.Database, executionId: number, from: number, reverse: boolean): number {
  if (reverse && from === Number.MAX_SAFE_INTEGER) return from;
  if (!reverse && from === 0) return -1;
  const row = statement(
    db,
    'SELECT seq FROM steps WHERE execution_id = ? AND last_event >= ? ORDER BY seq LIMIT 1',
  ).get(executionId, from) as { seq: number } | undefined;
  const holding = row?.seq ?? 0;
  return reverse ? holding + 1 : holding - 1;
}

const dataKeys = new Set([
  'input',
  'output',
  'parameters',
  'inputDetails',
  'outputDetails',
  'error',
  'cause',
]);

/** @param withData false leaves inputs, outputs and causes out, as `includeExecutionData: false` asks. */
function historyEvent(event: HistoryEvent, withData: boolean): JsonObject {
  const wire: Record<string, unknown> = { ...event, timestamp: seconds(event.timestamp) };
  if (!withData) {
    for (const [key, details] of Object.entries(wire)) {
      if (!key.endsWith('EventDetails') || typeof details !== 'object' || details === null) continue;
      wire[key] = Object.fromEntries(Object.entries(details).filter(([name]) => !dataKeys.has(name)));
    }
  }
  return wire as JsonObject;
}
