import type { HistoryEvent } from '../asl/history-event.js';
import { isObject, type Json, type JsonObject } from '../asl/json.js';
import { exitCodes, FlowError } from '../errors.js';
import { detailsKey } from './event-details.js';

export interface SavedHistory {
  /** Ascending. */
  events: HistoryEvent[];
  /** Only log lines say whose history it is. */
  executionArn?: string;
}

/**
 * Reads what `aws stepfunctions get-execution-history` prints (`{"events": […]}`, in either order, times as
 * ISO 8601 or epoch seconds), or vended log lines (one JSON object a line). `where` names the file in errors.
 */
export function readSavedHistory(text: string, where: string): SavedHistory {
  const document = parsed(text);
  if (isObject(document) && Array.isArray(document.events)) {
    return { events: ascending(document.events.map((event) => eventOf(event, where))) };
  }
  if (Array.isArray(document)) return { events: ascending(document.map((event) => eventOf(event, where))) };
  return readLogLines(text, where);
}

function readLogLines(text: string, where: string): SavedHistory {
  const byId = new Map<number, HistoryEvent>();
  let executionArn: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const json = parsed(line);
    if (!isObject(json)) throw notAHistory(`${where}:${index + 1}`);
    const event = eventOf(json, `${where}:${index + 1}`);
    // Logs may deliver a line twice.
    byId.set(event.id, event);
    if (typeof json.execution_arn === 'string') {
      if (executionArn !== undefined && executionArn !== json.execution_arn)
        throw severalExecutions(`${where}:${index + 1}`);
      executionArn = json.execution_arn;
    }
  }
  if (byId.size === 0) throw notAHistory(where);
  return { events: ascending([...byId.values()]), executionArn };
}

function eventOf(json: Json, where: string): HistoryEvent {
  if (!isObject(json)) throw notAHistory(where);
  const { details, event_timestamp, previous_event_id, execution_arn: _, redrive_count: __, ...rest } = json;
  const id = Number(json.id);
  const type = json.type;
  if (!Number.isInteger(id) || id < 1 || typeof type !== 'string') throw notAHistory(where);
  return {
    ...rest,
    ...(isObject(details) && { [detailsKey(type)]: details }),
    id,
    type,
    previousEventId: Number(json.previousEventId ?? previous_event_id ?? 0),
    timestamp: event_timestamp === undefined ? milliseconds(json.timestamp) : Number(event_timestamp),
  } satisfies JsonObject;
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

function severalExecutions(where: string): FlowError {
  return new FlowError(exitCodes.usage, 'SeveralExecutions', 'These log lines are of several executions.', {
    where,
    hint: 'Keep the lines of one execution_arn only.',
  });
}
