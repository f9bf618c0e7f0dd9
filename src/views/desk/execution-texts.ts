import { parsedAsWritten } from '../../json/json.js';
import type { OpenedExecution } from '../../operations/desk/snapshot.js';
import { graphOf } from '../../workflow/definition/graph.js';
import { isFailure } from '../../workflow/history/event-filter.js';
import { whatHappened } from '../execution/history.js';
import { overlayOf } from '../graph/overlay.js';
import { graphLines } from '../graph/terminal.js';
import { type Line, lineText, type Segment } from '../states/styled-lines.js';
import { oneLine, unbroken } from '../text/safe-text.js';
import { clockText, type Zone } from '../text/time.js';
import { padded, truncate, widthOf } from '../text/width.js';

/** Its newest events, one a line. Lines are made once for the same events. */
export function eventLines({ events }: OpenedExecution, zone: Zone): readonly Line[] {
  let lines = madeOf.get(events);
  if (!lines) {
    lines = events.map(({ event, stateName = '', iterations = [] }): Line => {
      const failed = isFailure(event.type);
      const state = `${oneLine(stateName)}${iterations.map((index) => `[${index}]`).join('')}`;
      const color: Partial<Segment> = failed ? { color: 'red' } : {};
      return [
        { text: `${String(event.id).padStart(6)}  ${clockText(event.timestamp, zone)}  `, dim: true },
        { text: `${padded(oneLine(event.type), 24)}  `, ...color },
        { text: `${state}  ` },
        { text: whatHappened(event), dim: !failed, ...color },
      ];
    });
    madeOf.set(events, lines);
  }
  return lines;
}
const madeOf = new WeakMap<object, readonly Line[]>();

export const logLines = ({ log = [] }: OpenedExecution): readonly Line[] =>
  log.map((line): Line => [{ text: unbroken(line) }]);

/** The machine as a picture, coloured by what ran. */
export function graphOfExecution({ definition, model }: OpenedExecution): readonly Line[] {
  if (definition === undefined) return [];
  const drawn = drawnOf.get(model ?? {});
  if (drawn && model && drawn.lastEventId === model.lastEventId) return drawn.lines;
  const lines = graphLines(graphOf(parsedAsWritten(definition) ?? null), model && overlayOf(model));
  if (model) drawnOf.set(model, { lastEventId: model.lastEventId, lines });
  return lines;
}
const drawnOf = new WeakMap<object, { lastEventId: number; lines: readonly Line[] }>();

/** The next line with what is searched; where there is none, one stays. */
export function hitIn(lines: readonly Line[], search: string, from: number, step: 1 | -1): number {
  const wanted = search.toLowerCase();
  if (wanted === '') return from;
  for (let index = from + step; index >= 0 && index < lines.length; index += step)
    if (
      lineText(lines[index] ?? [], false)
        .toLowerCase()
        .includes(wanted)
    )
      return index;
  return from;
}

/** A part of a line: what is left of `left` and beyond `columns` is cut. */
export function clipped(line: Line, left: number, columns: number): Line {
  let skip = left;
  let room = columns;
  const clippedLine: Line = [];
  for (const segment of line) {
    let { text } = segment;
    const width = widthOf(text);
    if (skip >= width) {
      skip -= width;
      continue;
    }
    if (skip > 0) {
      while (skip > 0 && text !== '') {
        const [first = ''] = text;
        skip -= widthOf(first);
        text = text.slice(first.length);
      }
      skip = 0;
    }
    const cut = truncate(text, room);
    clippedLine.push({ ...segment, text: cut });
    room -= widthOf(cut);
    if (room <= 0) break;
  }
  return clippedLine;
}
