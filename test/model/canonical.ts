import { detailsOf, type RecordedEvent } from '../conformance/record.js';

/** Which of several branches came last is of one run. */
const JOINS = /^(?:Map|Parallel)State(?:Succeeded|Failed|Exited)$|^MapIterationStarted$/;

/** Times, ids of requests and tokens, and the places of events. */
const MASKS: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
  [/#\d+/g, '#'],
];

/** A history as what happened: each event with all that it follows; in an order that is the same for each run. */
export function canonical(history: RecordedEvent[]): string[] {
  const shown = new Map<number, string>();
  for (const event of history) {
    const details = MASKS.reduce(
      (text, [mask, by]) => text.replace(mask, by),
      JSON.stringify(detailsOf(event)),
    );
    const before = JOINS.test(event.type) ? '' : (shown.get(event.previousEventId) ?? '');
    shown.set(event.id, `${before}\n${event.type} ${details}`.split('\n').slice(-4).join('\n'));
  }
  return [...shown.values()].sort();
}
