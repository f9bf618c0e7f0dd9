import type { Json } from '../../src/json/json.js';
import { parseJsonSource } from '../../src/json/source.js';
import { difference } from './compare.js';
import type { Made } from './live.js';
import { parsePrecise } from './precise.js';
import { detailsOf, type RecordedEvent } from './record.js';

/**
 * What functions were sent is what their Scheduled events say; that these are the recorded ones is seen by comparing
 * histories. A map run's children have histories of their own.
 */
export function sentDifference({ history, sent }: Made): string | undefined {
  if (history.length === 0 || history.some(({ type }) => type === 'MapRunStarted')) return undefined;
  const open = [...sent];
  for (const event of history) {
    const payload = payloadOf(event);
    if (payload === undefined) continue;
    const index = open.findIndex((event) => !difference(parsePrecise(payload), event, new Map()));
    if (index < 0)
      return `${event.type} ${event.id} scheduled ${payload}, but functions were sent ${open.join(' and ') || 'nothing'}`;
    open.splice(index, 1);
  }
  return open.length > 0 ? `a function was sent ${open[0]}, which was not scheduled` : undefined;
}

/** The event of a function that is invoked; undefined for events of other kinds. */
function payloadOf(event: RecordedEvent): string | undefined {
  const { input, parameters, resourceType } = detailsOf(event);
  if (event.type === 'LambdaFunctionScheduled') return input === undefined ? '{}' : String(input);
  if (event.type !== 'TaskScheduled' || resourceType !== 'lambda') return undefined;
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
