import { isObject, type Json, type JsonObject } from '../../json/json.js';
import { encodePageToken, optionalBoolean, optionalString, serialization } from '../http/request-members.js';
import type { LogEvent } from '../ports.js';
import { statement } from '../store/statements.js';
import { eventOverhead } from './log-store.js';
import { compilePattern } from './pattern/pattern.js';
import {
  existingGroup,
  existingStream,
  groupNameOf,
  integer,
  invalidParameter,
  invalidToken,
  type LogsContext,
  nameOf,
  nextPlace,
  oldestKept,
  time,
} from './request.js';
import { eventsIn, type LogEventRow, type LogStreamRow, type Position } from './tables.js';

/** Writing, searching and reading log events, within AWS's limits. */

const hour = 3_600_000;
const mostEvents = 10_000;
const mostBytes = 1_048_576;
/** A search that has looked at so many events answers with what it has, be it nothing, and a token. */
const mostScanned = 10_000;

export async function putLogEvents(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const group = existingGroup(context, nameOf(input, 'logGroupName', 'group'));
  const stream = existingStream(context, group, nameOf(input, 'logStreamName', 'stream'));
  const events = logEvents(input.logEvents);
  checkBatch(events);
  const now = context.clock.now();
  const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - 14 * 24 * hour);
  const expired = events.findLastIndex(({ timestamp }) => timestamp < oldestKept(group, now));
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + 2 * hour);
  const taken = events.slice(Math.max(tooOld, expired) + 1, tooNew < 0 ? events.length : tooNew);
  await context.logs.write(group.name, stream.name, taken);
  const rejected = {
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld >= 0 && { tooOldLogEventEndIndex: tooOld + 1 }),
    ...(expired >= 0 && { expiredLogEventEndIndex: expired + 1 }),
  };
  return {
    nextSequenceToken: String(now).padStart(56, '4'),
    ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
  };
}

function logEvents(value: Json | undefined): LogEvent[] {
  if (!Array.isArray(value)) throw serialization('logEvents', 'a list');
  if (value.length === 0 || value.length > mostEvents) {
    const bound = value.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${mostEvents}`;
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  return value.map((event, index) => {
    const { timestamp, message } = isObject(event) ? event : {};
    if (typeof timestamp !== 'number' || !Number.isInteger(timestamp) || timestamp < 0)
      throw serialization(`logEvents.${index + 1}.member.timestamp`, 'a time in milliseconds');
    if (typeof message !== 'string' || message === '') {
      throw invalidParameter(
        `1 validation error detected: Value '' at 'logEvents.${index + 1}.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      );
    }
    return { timestamp, message };
  });
}

function checkBatch(events: LogEvent[]): void {
  const size = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventOverhead, 0);
  if (size > mostBytes)
    throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${mostBytes}`);
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const [first, last] = [events[0]?.timestamp ?? 0, events.at(-1)?.timestamp ?? 0];
  if (last - first > 24 * hour) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
}

export async function filterLogEvents(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const group = existingGroup(context, groupNameOf(input));
  const limit = integer(input, 'limit', 1, mostEvents) ?? mostEvents;
  const matches = compilePattern(optionalString(input, 'filterPattern') ?? '');
  const wanted = streamChoice(input);
  const place = nextPlace(input, 'filter');
  return context.store.read((db): JsonObject => {
    const streams = new Map(
      (statement(db, 'SELECT * FROM log_streams WHERE group_id = ?').all(group.id) as LogStreamRow[])
        .filter(({ name }) => wanted(name))
        .map(({ id, name }) => [id, name]),
    );
    const range = {
      groupId: group.id,
      from: Math.max(time(input, 'startTime') ?? 0, oldestKept(group, context.clock.now())),
      to: time(input, 'endTime') ?? Number.MAX_SAFE_INTEGER,
      beyond: place && { timestamp: place[0], id: Number(place[1]) || 0 },
    };
    const events: JsonObject[] = [];
    const page = pageLimits(limit);
    for (const row of eventsIn(db, range)) {
      const logStreamName = streams.get(row.stream_id);
      const matched = logStreamName !== undefined && matches(row.message);
      if (matched) events.push({ logStreamName, ...eventOf(row), eventId: eventId(row) });
      if (!page.full(row, matched)) continue;
      const nextToken = encodePageToken('filter', `${row.timestamp} ${row.id}`);
      return { events, searchedLogStreams: [], nextToken };
    }
    return { events, searchedLogStreams: [] };
  });
}

/** `logStreamNames` or `logStreamNamePrefix`; all streams where neither is given. */
function streamChoice(input: JsonObject): (name: string) => boolean {
  const prefix = optionalString(input, 'logStreamNamePrefix');
  const names = Array.isArray(input.logStreamNames) ? new Set(input.logStreamNames.map(String)) : undefined;
  if (names && prefix !== undefined)
    throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive.');
  if (names) return (name) => names.has(name);
  return (name) => name.startsWith(prefix ?? '');
}

/** Tells when a page holds as much as a page may, or has looked at as much. */
function pageLimits(limit: number): { full(row: LogEventRow, taken: boolean): boolean } {
  let count = 0;
  let bytes = 0;
  let scanned = 0;
  return {
    full(row, taken) {
      scanned++;
      if (taken) {
        count++;
        bytes += row.message.length;
      }
      return count >= limit || bytes >= mostBytes || scanned >= mostScanned;
    },
  };
}

export async function getLogEvents(context: LogsContext, input: JsonObject): Promise<JsonObject> {
  const group = existingGroup(context, groupNameOf(input));
  const stream = existingStream(context, group, nameOf(input, 'logStreamName', 'stream'));
  const limit = integer(input, 'limit', 1, mostEvents) ?? mostEvents;
  const token = optionalString(input, 'nextToken');
  const from = token === undefined ? undefined : readToken(token);
  const backwards = from ? from.backwards : !(optionalBoolean(input, 'startFromHead') ?? false);
  const endTime = time(input, 'endTime');
  const range = {
    groupId: group.id,
    streamId: stream.id,
    from: Math.max(time(input, 'startTime') ?? 0, oldestKept(group, context.clock.now())),
    to: endTime === undefined ? Number.MAX_SAFE_INTEGER : endTime - 1,
    beyond: from?.position,
    backwards,
  };
  const rows: LogEventRow[] = [];
  const page = pageLimits(limit);
  context.store.read((db) => {
    for (const row of eventsIn(db, range)) {
      rows.push(row);
      if (page.full(row, true)) break;
    }
  });
  if (backwards) rows.reverse();
  // Where nothing is left the same token comes back; the other one leads to where we are.
  const here = from?.position ?? { timestamp: 0, id: 0 };
  const last = rows.at(-1) ?? (backwards ? { ...here, id: here.id - 1 } : here);
  const first = rows[0] ?? (backwards ? here : { ...here, id: here.id + 1 });
  return {
    events: rows.map(eventOf),
    nextForwardToken: `f/${eventId(last)}/s`,
    nextBackwardToken: `b/${eventId(first)}/s`,
  };
}

const eventOf = ({ timestamp, message, ingested }: LogEventRow): JsonObject => ({
  timestamp,
  message,
  ingestionTime: ingested,
});

/** 56 digits, as AWS's ids have: the time, then the number of the event. */
const eventId = ({ timestamp, id }: Position): string =>
  `3${String(timestamp).padStart(19, '0')}${String(Math.max(id, 0)).padStart(36, '0')}`;

function readToken(token: string): { backwards: boolean; position: Position } {
  const [, direction, timestamp, id] = /^([fb])\/3(\d{19})(\d{36})\/s$/.exec(token) ?? [];
  if (direction === undefined) throw invalidToken();
  return {
    backwards: direction === 'b',
    position: { timestamp: Number(timestamp), id: Number(id) },
  };
}
