import type { HistoryEvent } from '../asl/history-event.js';
import { isObject, type Json, type JsonObject } from '../asl/json.js';
import { exitCodes, FlowError } from '../errors.js';
import { detailsKey } from './event-details.js';
import { readLogLine } from './log-line.js';

export interface SavedHistory {
  /** Ascending. */
  events: HistoryEvent[];
  /** Only log lines say whose history it is. */
  executionArn?: string;
}

/**
 * Reads what `aws stepfunctions get-execution-history` prints (`{"events": […]}`, in either order, times as
 * ISO 8601 or epoch seconds), or vended log events: a line each, alone or as `aws logs tail` and
 * `aws logs filter-log-events` print them. `where` names the file in errors.
 * @param only the execution that is meant, where the lines are of several: its ARN or name
 */
export function readSavedHistory(text: string, where: string, only?: string): SavedHistory {
  const document = parsed(text);
  const list = isObject(document) ? document.events : document;
  if (!Array.isArray(list)) {
    const lines = isObject(document) ? [text] : text.split('\n');
    return ofLogLines(lines, (index) => `${where}:${index + 1}`, where, only);
  }
  if (list.some((entry) => isObject(entry) && ('message' in entry || 'execution_arn' in entry))) {
    const lines = list.map((entry) => (isObject(entry) ? (entry.message ?? entry) : entry));
    return ofLogLines(lines, () => where, where, only);
  }
  return { events: inOrder(list.map((event) => eventOf(event, where))) };
}

function ofLogLines(
  lines: Json[],
  placeOf: (index: number) => string,
  where: string,
  only: string | undefined,
): SavedHistory {
  const told: { event: MaskedEvent; redrive: number }[] = [];
  const arns = new Set<string>();
  let strange: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (typeof line === 'string' && line.trim() === '') continue;
    const json = typeof line === 'string' ? readLogLine(line) : line;
    // AWS itself writes a line of prose into a log group when it is connected.
    if (json === undefined) {
      strange ??= placeOf(index);
      continue;
    }
    const { execution_arn: arn, redrive_count: redrive } = isObject(json) ? json : {};
    if (only !== undefined && typeof arn === 'string' && arn !== only && !arn.split(':').includes(only))
      continue;
    const event = eventOf(json, placeOf(index));
    if (event.id === undefined) throw notAHistory(placeOf(index));
    told.push({ event, redrive: Number(redrive ?? 0) });
    if (typeof arn === 'string') arns.add(arn);
  }
  if (arns.size > 1) throw severalExecutions(where, [...arns]);
  if (told.length === 0) throw notAHistory(strange ?? where);
  // A redrive goes on with the ids, but the EXPRESS child of a map run begins again from its first event.
  const begun = Math.max(0, ...told.flatMap(({ event, redrive }) => (event.id === 1 ? redrive : [])));
  // Logs may deliver a line twice.
  const byId = new Map<number, MaskedEvent>(
    told.flatMap(({ event, redrive }) => (redrive < begun ? [] : [[Number(event.id), event] as const])),
  );
  return {
    events: inOrder([...byId.values()].sort((a, b) => Number(a.id) - Number(b.id))),
    executionArn: [...arns][0],
  };
}

type MaskedEvent = Omit<HistoryEvent, 'id' | 'previousEventId'> & {
  /** Undefined where a tool masked the ids of events whose order is left to chance. */
  id?: number;
  previousEventId?: number;
  type: string;
  timestamp: number;
};

function eventOf(json: Json, where: string): MaskedEvent {
  if (!isObject(json)) throw notAHistory(where);
  const { details, event_timestamp, previous_event_id, execution_arn: _, redrive_count: __, ...rest } = json;
  const { id, type, previousEventId = previous_event_id } = json;
  const masked = Array.isArray(id);
  if (typeof type !== 'string' || (!masked && !(Number.isInteger(Number(id)) && Number(id) >= 1)))
    throw notAHistory(where);
  return {
    ...rest,
    ...(isObject(details) && { [detailsKey(type)]: details }),
    id: masked ? undefined : Number(id),
    type,
    previousEventId: masked ? undefined : Number(previousEventId ?? 0),
    timestamp: event_timestamp === undefined ? milliseconds(json.timestamp) : Number(event_timestamp),
  } satisfies Partial<JsonObject>;
}

/** Ascending; what has no id stands where it stands, and follows what stands before it. */
function inOrder(events: MaskedEvent[]): HistoryEvent[] {
  const known = events.flatMap(({ id }) => id ?? []);
  if ((known[0] ?? 0) > (known.at(-1) ?? 0)) events.reverse();
  let last = 0;
  const numbered = events.map((event): HistoryEvent => {
    const { id = last + 1, previousEventId = last } = event;
    last = id;
    return { ...event, id, previousEventId };
  });
  return ascending(numbered);
}

/** ISO 8601, epoch seconds, or epoch milliseconds; NaN, which every view shows as unknown, for anything else. */
function milliseconds(time: Json | undefined): number {
  const number =
    typeof time === 'number' ? time : typeof time === 'string' && time !== '' ? Number(time) : Number.NaN;
  if (Number.isNaN(number)) return typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return number < 1e11 ? Math.round(number * 1000) : number;
}

const ascending = (events: HistoryEvent[]): HistoryEvent[] => events.sort((a, b) => a.id - b.id);

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function notAHistory(where: string): FlowError {
  return new FlowError(exitCodes.usage, 'NotAHistory', 'This is no history of an execution.', {
    where,
    hint: 'Save one with: aws stepfunctions get-execution-history --execution-arn ARN > history.json',
  });
}

function severalExecutions(where: string, arns: string[]): FlowError {
  const shown = arns.slice(0, 5).join(', ');
  return new FlowError(
    exitCodes.usage,
    'SeveralExecutions',
    `These log lines are of ${arns.length} executions: ${shown}${arns.length > 5 ? ', …' : ''}`,
    { where, hint: `mbc-flow show ${arns[0]} --history ${where}` },
  );
}
