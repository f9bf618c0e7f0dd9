import type { HistoryEvent } from '../../asl/engine/history-event.js';
import { isObject, type JsonObject } from '../../json/json.js';
import { readLogLine } from '../history/json-in-log-line.js';
import { loggedEvent } from '../history/saved-history.js';
import { nestLine } from './nestjs-lines.js';

/** What a line of a log says: an event of an execution, or what a function wrote. */
export type DecodedLine =
  | { kind: 'event'; event: HistoryEvent; executionArn: string; redriveCount: string }
  | { kind: 'function'; level?: string; requestId?: string; message: string };

const requestId = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/;

export function decodeLine(message: string): DecodedLine {
  const json = message.trimStart().startsWith('{') ? readLogLine(message) : undefined;
  if (isObject(json)) return vendedEvent(json) ?? ofJson(json, message);
  const local = nestLine(message);
  if (local) {
    const { level, context, text } = local;
    return { kind: 'function', level, message: context === undefined ? text : `[${context}] ${text}` };
  }
  // Lambda's text format: time, request id, level and message between tabs.
  const [, id, level, text] = /^\S+\t([\w-]+)\t([A-Z]+)\t([\s\S]*)$/.exec(message) ?? [];
  return {
    kind: 'function',
    level: level ?? (/Task timed out|Runtime exited|\bERROR\b/.test(message) ? 'ERROR' : undefined),
    requestId: id ?? requestId.exec(message)?.[0],
    message: (text ?? message).trimEnd(),
  };
}

/** A function may log the ARN of its execution under the same name. */
function vendedEvent(json: JsonObject): DecodedLine | undefined {
  const { execution_arn: executionArn, redrive_count = '0' } = json;
  if (typeof executionArn !== 'string') return undefined;
  const event = loggedEvent(json);
  return event && { kind: 'event', event, executionArn, redriveCount: String(redrive_count) };
}

function ofJson(json: JsonObject, message: string): DecodedLine {
  const text = json.message ?? json.msg ?? json.errorMessage;
  const level = json.level ?? json.logLevel;
  const record = isObject(json.record) ? json.record : {};
  const id = json.requestId ?? json.AWSRequestId ?? record.requestId;
  return {
    kind: 'function',
    level: typeof level === 'string' ? level.toUpperCase() : undefined,
    requestId: typeof id === 'string' ? id : requestId.exec(message)?.[0],
    message: typeof text === 'string' ? text : text === undefined ? message.trimEnd() : JSON.stringify(text),
  };
}

/** What tells a line from all others of its group: AWS may deliver an event twice under two ids. */
export function lineKey(message: string, decoded: DecodedLine, eventId: string | undefined): string {
  if (decoded.kind === 'event') return `${decoded.executionArn} ${decoded.redriveCount} ${decoded.event.id}`;
  return eventId ?? message;
}

/** Request ids of the functions that an event tells of: their lines belong to the execution. */
export function requestIdsIn(event: HistoryEvent): string[] {
  const text = JSON.stringify(event);
  // `RequestId: … Error: Runtime exited`: what the platform says of a function that could not answer.
  const said = [...text.matchAll(/RequestId: ([0-9a-f][0-9a-f-]{30,})/g)].flatMap(([, id]) => id ?? []);
  const named = [...text.matchAll(/\\*"(?:RequestId|requestId)\\*"\s*:\s*\\*"([\w-]{8,})/g)].flatMap(
    ([, id]) => id ?? [],
  );
  return [...named, ...said];
}
