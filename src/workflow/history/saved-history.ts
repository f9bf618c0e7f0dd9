import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { exitCodes, FlowError } from '../../errors.js';
import { jsonInText } from '../../json/find-json.js';
import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { detailsKey } from './event-details.js';
import { redactedValue } from './redact.js';

export interface SavedHistory {
  /** Ascending. */
  events: HistoryEvent[];
  /** Only log lines say whose history it is. */
  executionArn?: string;
}

/**
 * Reads what `aws stepfunctions get-execution-history` prints (`{"events": […]}`, in either order, times as
 * ISO 8601 or epoch seconds; also several pages, or an event a line), or vended log events: a line each, alone or as
 * `aws logs tail`, `filter-log-events`, `get-log-events` and `get-query-results` print them. `where` names the file in
 * errors.
 * @param only the execution that is meant, where the lines are of several: its ARN or name
 */
export function readSavedHistory(text: string, where: string, only?: string): SavedHistory {
  const entries = [...jsonInText(text)].flatMap(({ value, line }) => entriesOf(value, `${where}:${line}`));
  const [first] = entries;
  if (!first) throw notAHistory(text.trim() === '' ? where : `${where}:1`);
  const logged = entries.some(({ json }) => isLogged(json));
  if (only !== undefined && !logged)
    throw new FlowError(
      exitCodes.usage,
      'BadUsage',
      'a saved history does not name its execution, so none can be chosen from it; only log lines do',
      { where, hint: `omit ${JSON.stringify(only)}` },
    );
  // What was saved is shown like what comes from AWS.
  return redactedValue(
    logged
      ? ofLog(entries, where, only)
      : { events: inOrder(entries.map(({ json, place }) => eventOf(json, place))) },
  );
}

interface Entry {
  json: Json;
  place: string;
}

/** The events of a document: of a page, of a list of them, of a list of log events; else the document is one itself. */
function entriesOf(value: Json, place: string): Entry[] {
  if (Array.isArray(value)) return value.flatMap((inner) => entriesOf(inner, place));
  if (!isObject(value)) return [{ json: value, place }];
  const list = value.events ?? value.results;
  if (Array.isArray(list)) return list.flatMap((inner) => entriesOf(inner, place));
  // A log event, or a column of a row of Logs Insights.
  const message = value.field === '@message' ? value.value : value.message;
  if (typeof message === 'string')
    return [...jsonInText(message)].map(({ value: json }) => ({ json, place }));
  return 'field' in value ? [] : [{ json: value, place }];
}

const isLogged = (json: Json): boolean => isObject(json) && 'execution_arn' in json;

function ofLog(entries: Entry[], where: string, only: string | undefined): SavedHistory {
  const told: { event: MaskedEvent; redrive: number }[] = [];
  const arns = new Set<string>();
  const others = new Set<string>();
  for (const { json, place } of entries) {
    // A group may hold what others write, too.
    if (!isObject(json) || !isLogged(json)) continue;
    const arn = String(json.execution_arn);
    if (only !== undefined && arn !== only && !arn.split(':').includes(only)) {
      others.add(arn);
      continue;
    }
    const event = eventOf(json, place);
    if (event.id === undefined) throw notAHistory(place);
    told.push({ event, redrive: Number(json.redrive_count ?? 0) });
    arns.add(arn);
  }
  if (arns.size > 1) throw severalExecutions(where, [...arns]);
  if (told.length === 0)
    throw others.size === 0 ? notAHistory(where) : noSuchExecution(where, only, [...others]);
  // A redrive goes on with the ids, but the EXPRESS child of a map run begins again from its first event.
  const begun = told.reduce(
    (most, { event, redrive }) => (event.id === 1 ? Math.max(most, redrive) : most),
    0,
  );
  const events = told.flatMap(({ event, redrive }) => (redrive < begun ? [] : event));
  return { events: inOrder(events.sort((a, b) => Number(a.id) - Number(b.id))), executionArn: [...arns][0] };
}

type MaskedEvent = Omit<HistoryEvent, 'id' | 'previousEventId'> & {
  /** Undefined where a tool masked the ids of events whose order is left to chance. */
  id?: number;
  previousEventId?: number;
  type: string;
  timestamp: number;
};

function eventOf(json: Json, where: string): MaskedEvent {
  const event = isObject(json) ? eventIn(json) : undefined;
  if (!event) throw notAHistory(where);
  return event;
}

/** The event that the JSON of a log line is; undefined where it is none. */
export function loggedEvent(json: JsonObject): HistoryEvent | undefined {
  const event = eventIn(json);
  if (event?.id === undefined) return undefined;
  return { ...event, id: event.id, previousEventId: event.previousEventId ?? 0 };
}

function eventIn(json: JsonObject): MaskedEvent | undefined {
  const { details, event_timestamp, previous_event_id, execution_arn: _, redrive_count: __, ...rest } = json;
  const { id, type, previousEventId = previous_event_id } = json;
  const masked = Array.isArray(id);
  if (typeof type !== 'string' || (!masked && !(Number.isInteger(Number(id)) && Number(id) >= 1)))
    return undefined;
  return {
    ...rest,
    ...(isObject(details) && { [detailsKey(type)]: details }),
    id: masked ? undefined : Number(id),
    type,
    previousEventId: masked ? undefined : Number(previousEventId ?? 0),
    timestamp: event_timestamp === undefined ? milliseconds(json.timestamp) : Number(event_timestamp),
  } satisfies Partial<JsonObject>;
}

/** Ascending, each once; what has no id stands where it stands, and follows what stands before it. */
function inOrder(events: MaskedEvent[]): HistoryEvent[] {
  const known = events.flatMap(({ id }) => id ?? []);
  if ((known[0] ?? 0) > (known.at(-1) ?? 0)) events.reverse();
  let last = 0;
  const byId = new Map<number, HistoryEvent>();
  for (const event of events) {
    const { id = last + 1, previousEventId = last } = event;
    last = id;
    byId.set(id, { ...event, id, previousEventId });
  }
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** ISO 8601, epoch seconds, or epoch milliseconds; NaN, which every view shows as unknown, for anything else. */
function milliseconds(time: Json | undefined): number {
  const number =
    typeof time === 'number' ? time : typeof time === 'string' && time !== '' ? Number(time) : Number.NaN;
  if (Number.isNaN(number)) return typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return number < 1e11 ? Math.round(number * 1000) : number;
}

function notAHistory(where: string): FlowError {
  return new FlowError(exitCodes.usage, 'NotAHistory', 'this is no history of an execution', {
    where,
    hint: 'Save one with: aws stepfunctions get-execution-history --execution-arn ARN > history.json',
  });
}

const noSuchExecution = (where: string, only = '', others: string[]): FlowError =>
  new FlowError(exitCodes.notFound, 'ExecutionNotFound', `no line is of ${only}, but of ${listed(others)}`, {
    where,
  });

const listed = (arns: string[]): string => `${arns.slice(0, 5).join(', ')}${arns.length > 5 ? ', …' : ''}`;

function severalExecutions(where: string, arns: string[]): FlowError {
  return new FlowError(
    exitCodes.usage,
    'SeveralExecutions',
    `these log lines are of ${arns.length} executions: ${listed(arns)}`,
    { where, hint: `mbc-flow show ${arns[0]} --history ${where}` },
  );
}
