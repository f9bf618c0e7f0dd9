import type { Line, Segment } from '../states/styled-lines.js';
import { oneLine } from '../text/safe-text.js';
import { padded, truncate, widthOf } from '../text/width.js';
import type { DeskRow, List, ListColumn, ListLook } from './lists.js';
import type { ListView } from './state.js';

const GAP = 2;
/** A cell that is wider is measured as so much: one long name does not take the room of all. */
const WIDEST = 80;

/** Where the cursor is among the rows: by its key, or where it was. */
export function cursorIn(list: List, rows: readonly DeskRow[], { cursor, at }: ListView): number {
  if (cursor === undefined) return 0;
  const there = rows[at];
  if (there && list.keyOf(there) === cursor) return at;
  const found = rows.findIndex((row) => list.keyOf(row) === cursor);
  return found >= 0 ? found : Math.max(0, Math.min(at, rows.length - 1));
}

/** Where the window of `room` rows begins that has the cursor a third from its top, as far as there are rows. */
function windowStart(cursor: number, length: number, room: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(room / 3), length - room));
}

/** The head and the rows that are visible; nothing else of the list is looked at. */
export function listLines(
  list: List,
  rows: readonly DeskRow[],
  view: ListView,
  { columns, room, look }: { columns: number; room: number; look: ListLook },
): Line[] {
  const visible = Math.max(1, room - 1);
  const cursor = cursorIn(list, rows, view);
  const from = windowStart(cursor, rows.length, visible);
  const shown = rows.slice(from, from + visible);
  const cells = shown.map((row) => list.columns.map((column) => oneLine(column.cell(row, look))));
  const widths = fitted(list.columns, cells, columns - 2);
  const drawn = (parts: (Segment & { right?: boolean })[]): Line =>
    [...widths].map(([index, width], position) => {
      const { text = '', right, ...style } = parts[index] ?? { text: '' };
      const cut = truncate(text, width);
      const filled = right ? ' '.repeat(Math.max(0, width - widthOf(cut))) + cut : padded(cut, width);
      return { text: position === widths.size - 1 ? filled.trimEnd() : filled + ' '.repeat(GAP), ...style };
    });
  return [
    [{ text: '  ' }, ...drawn(list.columns.map(({ head, right }) => ({ text: head, dim: true, right })))],
    ...shown.map((row, index): Line => {
      const chosen = from + index === cursor;
      const marked = view.marks.has(list.keyOf(row));
      const parts = list.columns.map((column, place) => ({
        text: cells[index]?.[place] ?? '',
        right: column.right,
        ...(chosen ? { bold: true } : {}),
        ...column.style?.(row),
      }));
      return [
        { text: `${chosen ? '❯' : ' '}${marked ? '*' : ' '}`, color: 'cyan', bold: true },
        ...drawn(parts),
      ];
    }),
  ];
}

/** The columns that stay, by their place, with their widths. */
function fitted(
  columns: readonly ListColumn<DeskRow>[],
  cells: string[][],
  available: number,
): Map<number, number> {
  const kept = new Map(
    columns.map(({ head }, index): [number, number] => [
      index,
      cells.reduce((most, row) => Math.max(most, Math.min(WIDEST, widthOf(row[index] ?? ''))), widthOf(head)),
    ]),
  );
  for (;;) {
    let excess = [...kept.values()].reduce((sum, width) => sum + width + GAP, -GAP) - available;
    const spare = (index: number): number =>
      (kept.get(index) ?? 0) - (columns[index]?.flexible ?? Number.POSITIVE_INFINITY);
    const most = [...kept.keys()].reduce((sum, index) => sum + Math.max(0, spare(index)), 0);
    if (excess <= 0) return kept;
    if (excess <= most) {
      for (; excess > 0; excess--) {
        const widest = [...kept.keys()]
          .filter((index) => spare(index) > 0)
          .sort((a, b) => (kept.get(b) ?? 0) - (kept.get(a) ?? 0))[0];
        if (widest === undefined) break;
        kept.set(widest, (kept.get(widest) ?? 0) - 1);
      }
      return kept;
    }
    const first = [...kept.keys()]
      .filter((index) => columns[index]?.drop !== undefined)
      .sort((a, b) => (columns[a]?.drop ?? 0) - (columns[b]?.drop ?? 0))[0];
    if (first === undefined) return lastResort(kept, columns, available);
    kept.delete(first);
  }
}

/** The column that one would type has what the others leave. */
function lastResort(
  kept: Map<number, number>,
  columns: readonly ListColumn<DeskRow>[],
  available: number,
): Map<number, number> {
  const widest = [...kept.keys()].sort((a, b) => (kept.get(b) ?? 0) - (kept.get(a) ?? 0))[0] ?? 0;
  for (const [index, width] of kept)
    if (index !== widest && columns[index]?.flexible)
      kept.set(index, Math.min(width, columns[index]?.flexible ?? width));
  const others = [...kept].reduce((sum, [index, width]) => (index === widest ? sum : sum + width + GAP), 0);
  kept.set(widest, Math.max(8, available - others));
  return kept;
}
