import type { LogLine } from './log-line.js';

/**
 * By time. Lines of the same millisecond stay as the log has them, which is as they were written, but for the events of
 * one execution: those carry a number, and a log delivers them in any order.
 */
export function inOrder(lines: LogLine[]): LogLine[] {
  const sorted = lines.toSorted((a, b) => a.timestamp - b.timestamp);
  for (let from = 0; from < sorted.length; ) {
    const { timestamp } = sorted[from] as LogLine;
    let to = from + 1;
    while (sorted[to]?.timestamp === timestamp) to++;
    if (to - from > 1) numberEvents(sorted, from, to);
    from = to;
  }
  return sorted;
}

/** Puts the events of each execution into the places that they have together. */
function numberEvents(lines: LogLine[], from: number, to: number): void {
  const places = new Map<string, number[]>();
  for (let place = from; place < to; place++) {
    const { decoded } = lines[place] as LogLine;
    if (decoded.kind !== 'event') continue;
    const known = places.get(decoded.executionArn);
    if (known) known.push(place);
    else places.set(decoded.executionArn, [place]);
  }
  for (const own of places.values()) {
    const events = own.map((place) => lines[place] as LogLine).sort((a, b) => idOf(a) - idOf(b));
    for (const [index, place] of own.entries()) lines[place] = events[index] as LogLine;
  }
}

const idOf = ({ decoded }: LogLine): number => (decoded.kind === 'event' ? decoded.event.id : 0);
