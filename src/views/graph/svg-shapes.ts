import type { FlowState } from '../../workflow/definition/graph.js';
import { oneLine } from '../text/safe-text.js';
import { truncate, widthOf } from '../text/width.js';
import type { Point } from './layout/layout.js';
import type { Overlay } from './overlay.js';
import type { Metrics } from './picture.js';

/** Pixels of a drawing: of its letters, of a line of text, and around it. */
export const FONT = 12;
export const LINE = 18;
export const MARGIN = 16;
/** Width of a terminal column in pixels: monospaced letters take 0.6 em; a little is kept for other fonts. */
const COLUMN = FONT * 0.65;
export const LONGEST_NAME = 60;
export const LONGEST_LABEL = 40;

/** How large things are, in pixels. */
export function metricsFor(overlay: Overlay | undefined): Metrics {
  const wide = (text: string, longest: number): number => widthOf(cut(text, longest)) * COLUMN;
  return {
    state: (state) => ({
      width: Math.max(64, ...linesOf(state, overlay).map((line) => wide(line, LONGEST_NAME) + 20)),
      height: linesOf(state, overlay).length * LINE + 10,
    }),
    header: (state) => ({ width: wide(headerOf(state, overlay), LONGEST_NAME + 30) + 8, height: LINE + 6 }),
    label: (text) => ({ width: wide(text, LONGEST_LABEL) + 8, height: LINE }),
    start: { width: 12, height: 12 },
    padding: { width: 16, height: 10 },
    spacing: { gap: 24, grid: 2, track: 8, margin: 12 },
  };
}

/** What stands in a state's box, a line each. */
export function linesOf(state: FlowState, overlay: Overlay | undefined): string[] {
  const note = overlay?.get(state.name)?.note;
  return [state.name, [state.type, state.detail].filter(Boolean).join(' '), ...(note ? [note] : [])];
}

/** What stands at the top of a container. */
export const headerOf = (state: FlowState, overlay: Overlay | undefined): string =>
  [state.name, `(${[state.type, state.detail].filter(Boolean).join(', ')})`, overlay?.get(state.name)?.note]
    .filter(Boolean)
    .join('  ');

const CORNER = 5;

/** Straight pieces with rounded corners. */
export function rounded(points: Point[]): string {
  const parts: string[] = [];
  for (const [index, [x, y]] of points.entries()) {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before) parts.push(`M${x} ${y}`);
    else if (!after) parts.push(`L${x} ${y}`);
    else {
      const [ax, ay] = towards([x, y], before);
      const [bx, by] = towards([x, y], after);
      parts.push(`L${ax} ${ay}Q${x} ${y} ${bx} ${by}`);
    }
  }
  return parts.join('');
}

/** The point on the way from a corner to the next point, half-way at most. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.abs(toX - x) + Math.abs(toY - y);
  const step = Math.min(CORNER, length / 2);
  return length === 0 ? [x, y] : [x + ((toX - x) / length) * step, y + ((toY - y) / length) * step];
}

/** As much of a text as its place has room for, in one line. */
export const cut = (text: string, columns: number): string => truncate(oneLine(text), columns);
