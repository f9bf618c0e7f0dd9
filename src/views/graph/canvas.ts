import type { Segment, Line as TextLine } from '../states/styled-lines.js';
import { widthOf } from '../text/width.js';

const NORTH = 1;
const EAST = 2;
const SOUTH = 4;
const WEST = 8;
/** By the directions in which a line goes on. */
const strokes = ' ╵╶└╷│┌├╴┘─┴┐┤┬┼';

interface Cell {
  text: string;
  style: Omit<Segment, 'text'>;
}

/** A sheet of terminal cells: lines join where they meet, text covers what is under it. */
export function createCanvas(width: number, height: number) {
  const strokesAt = Array.from({ length: height }, () => new Uint8Array(width));
  const styles = new Map<number, Cell['style']>();
  const cells: (Cell | undefined)[][] = Array.from({ length: height }, () => new Array(width));
  const stroke = (x: number, y: number, directions: number, style: Cell['style']): void => {
    const row = strokesAt[y];
    if (!row || x < 0 || x >= width) return;
    row[x] = (row[x] ?? 0) | directions;
    if (!styles.has(y * width + x)) styles.set(y * width + x, style);
  };
  return {
    /** A horizontal or vertical line, both ends included. */
    line([x1, y1]: [number, number], [x2, y2]: [number, number], style: Cell['style'] = {}): void {
      const vertical = x1 === x2;
      const [from, to] = vertical
        ? [Math.min(y1, y2), Math.max(y1, y2)]
        : [Math.min(x1, x2), Math.max(x1, x2)];
      const [back, forth] = vertical ? [NORTH, SOUTH] : [WEST, EAST];
      for (let at = from; at <= to; at++) {
        const directions = (at > from ? back : 0) | (at < to ? forth : 0);
        stroke(vertical ? x1 : at, vertical ? at : y1, directions, style);
      }
    },
    text(x: number, y: number, text: string, style: Cell['style'] = {}): void {
      let at = x;
      for (const { segment } of new Intl.Segmenter().segment(text)) {
        const columns = widthOf(segment);
        const row = cells[y];
        if (row && at >= 0 && at + columns <= width) {
          row[at] = { text: segment, style };
          // A wide character stands on two cells.
          for (let rest = 1; rest < columns; rest++) row[at + rest] = { text: '', style };
        }
        at += columns;
      }
    },
    lines(): TextLine[] {
      return cells.map((row, y) => {
        const line: TextLine = [];
        for (let x = 0; x < width; x++) {
          const cell = row[x];
          const text = cell?.text ?? strokes[strokesAt[y]?.[x] ?? 0] ?? ' ';
          const style = cell?.style ?? styles.get(y * width + x) ?? {};
          const last = line.at(-1);
          if (last && sameStyle(last, style)) last.text += text;
          else line.push({ text, ...style });
        }
        return line;
      });
    },
  };
}

const sameStyle = (a: Cell['style'], b: Cell['style']): boolean =>
  a.color === b.color && a.dim === b.dim && a.bold === b.bold;
