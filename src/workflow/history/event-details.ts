import type { HistoryEvent } from '../../asl/engine/history-event.js';

/** The details of an event, whichever of AWS's keys they stand under; empty where it has none. */
export function detailsOf(event: HistoryEvent): Record<string, unknown> {
  const details = event[detailsKey(event.type)];
  return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
}

/** AWS's key for the details of an event type: `TaskFailed` -> `taskFailedEventDetails`. */
export function detailsKey(type: string): string {
  const known = keys.get(type);
  if (known !== undefined) return known;
  const key = keyOf(type);
  // Types come from outside as well: there are some sixty.
  if (keys.size < 1000) keys.set(type, key);
  return key;
}

const keys = new Map<string, string>();

function keyOf(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** A detail as text. Some tools save histories with the JSON inside already parsed. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A detail as a number; vended log lines write numbers as texts. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}
