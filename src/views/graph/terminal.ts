import type { FlowGraph, FlowState } from '../../workflow/definition/graph.js';
import type { Line as TextLine } from '../states/styled-lines.js';
import { colors, glyphs } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import { truncate, widthOf } from '../text/width.js';
import { createCanvas } from './canvas.js';
import { outlineLines } from './outline.js';
import type { Overlay } from './overlay.js';
import { type Metrics, type Picture, pictureOf } from './picture.js';

const LONGEST_NAME = 40;
const LONGEST_LABEL = 28;

/** Cells of a drawing that nobody looks at as a whole. */
const MOST_CELLS = 4_000_000;

/** A drawing in the characters of a terminal; what would be too large for one is a list. */
export function graphLines(graph: FlowGraph, overlay: Overlay | undefined): TextLine[] {
  const picture = pictureOf(graph, metricsFor(overlay));
  if (picture.width * picture.height > MOST_CELLS) return [...outlineLines(graph, overlay)];
  const canvas = createCanvas(Math.ceil(picture.width) + 1, Math.ceil(picture.height) + 1);
  for (const { points, kind } of picture.lines) {
    const style = kind === 'catch' ? ({ color: 'red' } as const) : { dim: true };
    for (const [index, to] of points.entries()) {
      const from = points[index - 1];
      if (from) canvas.line(cell(from), cell(to), style);
    }
  }
  for (const box of picture.states) drawState(canvas, box, overlay);
  for (const { points, arrow } of picture.lines) {
    const [x, y] = cell(points.at(-1) ?? [0, 0]);
    if (arrow) canvas.text(x, y - 1, '▼', { dim: true });
  }
  for (const { x, y } of picture.starts) canvas.text(Math.floor(x), Math.floor(y), '●', { dim: true });
  for (const { x, y, text, kind } of picture.labels) {
    const style = kind === 'catch' ? ({ color: 'red' } as const) : { dim: true };
    canvas.text(Math.floor(x), Math.floor(y), ` ${cut(text, LONGEST_LABEL)} `, style);
  }
  return canvas.lines();
}

/** Centres lie on cells: boxes have an odd width. */
const odd = (width: number): number => width + 1 - (width % 2);

function metricsFor(overlay: Overlay | undefined): Metrics {
  return {
    state: (state) => ({
      width: odd(Math.max(...linesOf(state, overlay).map(widthOf)) + 4),
      height: linesOf(state, overlay).length + 2,
    }),
    header: (state) => ({ width: widthOf(headerOf(state, overlay)) + 2, height: 1 }),
    label: (text) => ({ width: odd(widthOf(cut(text, LONGEST_LABEL)) + 2), height: 1 }),
    start: { width: 1, height: 1 },
    padding: { width: 2, height: 1 },
    spacing: { gap: 3, grid: 1, track: 1, margin: 1 },
  };
}

const cell = ([x, y]: [number, number]): [number, number] => [Math.floor(x), Math.floor(y)];
const cut = (text: string, columns: number): string => truncate(oneLine(text), columns);

function linesOf(state: FlowState, overlay: Overlay | undefined): string[] {
  const ran = overlay?.get(state.name);
  const mark = ran ? `${glyphs[ran.look]} ` : state.type === 'Choice' ? '◇ ' : '';
  return [`${mark}${cut(state.name, LONGEST_NAME)}`, ...(ran?.note ? [ran.note] : [])];
}

function headerOf(state: FlowState, overlay: Overlay | undefined): string {
  const ran = overlay?.get(state.name);
  const mark = ran ? `${glyphs[ran.look]} ` : '';
  const kind = [state.detail, state.type].filter(Boolean).join(' ');
  return `${mark}${cut(state.name, LONGEST_NAME)} (${kind})${ran?.note ? `  ${ran.note}` : ''}`;
}

function drawState(
  canvas: ReturnType<typeof createCanvas>,
  { x, y, width, height, state, container }: Picture['states'][number],
  overlay: Overlay | undefined,
): void {
  const look = overlay && (overlay.get(state.name)?.look ?? 'plain');
  const style = look ? { color: colors[look], dim: look === 'plain' } : {};
  const [left, top, right, bottom] = [
    Math.floor(x),
    Math.floor(y),
    Math.floor(x + width) - 1,
    Math.floor(y + height) - 1,
  ];
  const [corners, across, down] = container
    ? (['╭╮╰╯', '╌', '╎'] as const)
    : state.end
      ? (['╔╗╚╝', '═', '║'] as const)
      : (['┌┐└┘', '─', '│'] as const);
  const edge = across.repeat(Math.max(0, right - left - 1));
  canvas.text(left, top, `${corners[0]}${edge}${corners[1]}`, style);
  canvas.text(left, bottom, `${corners[2]}${edge}${corners[3]}`, style);
  for (let row = top + 1; row < bottom; row++) {
    canvas.text(left, row, down, style);
    canvas.text(right, row, down, style);
  }
  if (container) {
    canvas.text(left + 2, top, ` ${headerOf(state, overlay)} `, { ...style, bold: true });
    return;
  }
  for (const [index, line] of linesOf(state, overlay).entries()) {
    const room = right - left - 1;
    const before = Math.floor((room - widthOf(line)) / 2);
    canvas.text(left + 1, top + 1 + index, ' '.repeat(room), style);
    canvas.text(left + 1 + before, top + 1 + index, line, index === 0 ? { ...style, bold: true } : style);
  }
}
