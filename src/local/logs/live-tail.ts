import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../../json/json.js';
import { account } from '../arns.js';
import { eventMessage, eventStreamMessage, eventStreamType } from '../http/event-stream.js';
import { optionalString } from '../http/request-members.js';
import type { TailedEvent } from './log-store.js';
import { compilePattern } from './pattern/pattern.js';
import { existingGroup, groupOfArn, invalidParameter, type LogsContext } from './request.js';

/** A session sends an update a second, of so many events; more are sampled. */
const updateEvery = 1_000;
const mostInUpdate = 500;
const longestSession = 3 * 3_600_000;

/** StartLiveTail: an event stream that goes on until the client leaves, for three hours at most. */
export function startLiveTail(context: LogsContext, input: JsonObject, response: ServerResponse): void {
  const identifiers = strings(input.logGroupIdentifiers);
  const starred = identifiers.find((identifier) => identifier.endsWith('*'));
  if (starred !== undefined)
    throw invalidParameter(`The ARN of a log group can't end with an asterisk here: ${starred}`);
  const groups = identifiers.map(groupOfArn);
  if (groups.length === 0 || groups.length > 10) {
    const bound = groups.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 10';
    throw invalidParameter(
      `1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  for (const group of groups) existingGroup(context, group);
  const wanted = selection(input, new Set(groups));

  response.writeHead(200, { 'Content-Type': eventStreamType, 'x-amzn-RequestId': randomUUID() });
  response.write(eventMessage('initial-response', {}, 'application/x-amz-json-1.1'));
  response.write(
    eventMessage('sessionStart', {
      requestId: randomUUID(),
      sessionId: randomUUID(),
      logGroupIdentifiers: identifiers,
      logStreamNames: strings(input.logStreamNames),
      logStreamNamePrefixes: strings(input.logStreamNamePrefixes),
      logEventFilterPattern: optionalString(input, 'logEventFilterPattern') ?? '',
    }),
  );
  let waiting: TailedEvent[] = [];
  let sampled = false;
  const stopListening = context.logs.listen((event) => {
    if (!wanted(event)) return;
    if (waiting.length < mostInUpdate) waiting.push(event);
    else sampled = true;
  });
  const updates = setInterval(() => {
    response.write(
      eventMessage('sessionUpdate', {
        sessionMetadata: { sampled },
        sessionResults: waiting.map(({ group, stream, ...event }) => ({
          logStreamName: stream,
          logGroupIdentifier: `${account}:${group}`,
          message: event.message,
          timestamp: event.timestamp,
          ingestionTime: event.ingested,
        })),
      }),
    );
    waiting = [];
    sampled = false;
  }, updateEvery);
  const end = setTimeout(() => {
    response.end(
      eventStreamMessage(
        {
          ':message-type': 'exception',
          ':exception-type': 'SessionTimeoutException',
          ':content-type': 'application/json',
        },
        { message: 'The session has reached its longest duration of three hours.' },
      ),
    );
  }, longestSession);
  for (const timer of [updates, end]) timer.unref();
  response.on('close', () => {
    clearInterval(updates);
    clearTimeout(end);
    stopListening();
  });
}

function selection(input: JsonObject, groups: ReadonlySet<string>): (event: TailedEvent) => boolean {
  const matches = compilePattern(optionalString(input, 'logEventFilterPattern') ?? '');
  const names = strings(input.logStreamNames);
  const prefixes = strings(input.logStreamNamePrefixes);
  if (names.length > 0 && prefixes.length > 0)
    throw invalidParameter('logStreamNames and logStreamNamePrefixes are mutually exclusive.');
  const streamWanted = (stream: string): boolean =>
    names.length > 0
      ? names.includes(stream)
      : prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix));
  return ({ group, stream, message }) => groups.has(group) && streamWanted(stream) && matches(message);
}

const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
