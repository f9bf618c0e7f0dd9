import { isObject, type Json } from '../../src/json/json.js';
import { parseJsonSource } from '../../src/json/json-positions.js';
import { difference } from './compare.js';
import type { Made } from './live.js';
import { parsePrecise } from './precise.js';
import { detailsOf } from './record.js';

/**
 * What functions were sent is what their Scheduled events say; that these are the recorded ones is seen by comparing
 * histories. Undefined also where no event tells of it.
 */
export function sentDifference(made: Made): string | undefined {
  if (!tellsOfPayloads(made)) return undefined;
  const open = [...made.sent];
  for (const event of eventsOf(made)) {
    const payload = payloadOf(event);
    if (payload === undefined) continue;
    // In a list, since an event may be a text by itself.
    const index = open.findIndex((event) => !difference([parsePrecise(payload)], `[${event}]`, new Map()));
    if (index < 0)
      return `${event.type} scheduled ${payload}, but functions were sent ${open.join(' and ') || 'nothing'}`;
    open.splice(index, 1);
  }
  return open.length > 0 ? `a function was sent ${open[0]}, which was not scheduled` : undefined;
}

/** A map run's children have histories of their own; a log may have no data, or no such events. */
export function tellsOfPayloads(made: Made): boolean {
  const events = eventsOf(made);
  if (events.some(({ type }) => type === 'MapRunStarted')) return false;
  return made.history.length > 0 || events.some((event) => payloadOf(event) !== undefined);
}

/** An EXPRESS execution has none but in its log. */
const eventsOf = ({ history, log }: Made): Event[] =>
  history.length > 0
    ? history
    : log.flatMap((line) =>
        isObject(line) ? [{ type: String(line.type), EventDetails: line.details ?? null }] : [],
      );

interface Event {
  type: string;
  [details: string]: Json;
}

/** The event of a function that is invoked; undefined for events of other kinds. */
function payloadOf(event: Event): string | undefined {
  const { input, parameters, resourceType } = detailsOf(event);
  if (event.type === 'LambdaFunctionScheduled') return input === undefined ? undefined : String(input);
  if (event.type !== 'TaskScheduled' || resourceType !== 'lambda' || parameters === undefined)
    return undefined;
  const { Payload = null } = JSON.parse(String(parameters)) as { Payload?: Json };
  // A text is sent as it is, nothing as an empty event.
  if (typeof Payload === 'string') return Payload;
  return Payload === null ? '{}' : textIn(String(parameters));
}

/** The Payload as it is written. */
function textIn(parameters: string): string {
  const node = parseJsonSource(parameters).root.members?.get('Payload');
  return node ? parameters.slice(node.start, node.end) : '{}';
}
