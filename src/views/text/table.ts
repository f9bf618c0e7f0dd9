import { oneLine } from './safe-text.js';
import type { Zone } from './time.js';
import { truncate, widthOf } from './width.js';

export interface Column {
  head: string;
  /** Free text, which may be cut where the terminal is too narrow. What one would type is never cut. */
  flexible?: boolean;
  /** May be left out where the terminal is too narrow; the lowest goes first. */
  drop?: number;
  /** What one would type of a row; without one, the last column that stays as it is. */
  key?: boolean;
  paint?: (text: string) => string;
}
export interface TableLook extends Zone {
  stdoutIsTTY: boolean;
  columns: number;
}

const gap = 2;
/** To what flexible columns are cut before others are left out, and to what at last. */
const [comfortable, narrowest] = [16, 8];

/**
 * Aligned columns without borders, wide characters counted as two. Fits a terminal: free text is cut, then columns are
 * left out, then each row takes two lines, of which the first has what one would type (the last column that stays as
 * it is), and the others follow whole. A few long cells cost the others nothing: each takes a line of its own. In a pipe
 * nothing is cut.
 */
export function tableLines(columns: Column[], rows: string[][], look: TableLook): string[] {
  const texts = rows.map((row) => row.map(oneLine));
  // What is wider than the terminal is not measured to its end.
  const shown = look.stdoutIsTTY
    ? texts.map((row) => row.map((cell) => truncate(cell, look.columns + 1)))
    : texts;
  const natural = naturalWidths(columns, shown);
  const [widths, lifted] = look.stdoutIsTTY
    ? layout(columns, texts, natural, look.columns)
    : [new Map(natural.entries())];
  if (!widths) return texts.flatMap((row) => stacked(columns, row, look.columns));
  const line = (cells: string[], paints: boolean): string =>
    [...widths]
      .map(([index, width]) => {
        const paint = columns[index]?.paint;
        const cell = cells[index] ?? '';
        const text = look.stdoutIsTTY ? truncate(cell, width) : cell;
        const blank = ' '.repeat(Math.max(0, width - widthOf(text)) + gap);
        return (paints && paint ? paint(text) : text) + blank;
      })
      .join('')
      .trimEnd();
  return [
    line(
      columns.map(({ head }) => head),
      false,
    ),
    ...texts.flatMap((row) => {
      const { index, most } = lifted ?? { index: -1, most: 0 };
      const cell = row[index] ?? '';
      if (widthOf(cell) <= most) return [line(row, true)];
      const rest = line(row.with(index, ''), true);
      return index === 0 ? [cell, rest] : [rest, ' '.repeat(gap) + cell];
    }),
  ];
}

const naturalWidths = (columns: Column[], texts: string[][]): number[] =>
  columns.map(({ head }, index) =>
    texts.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(head)),
  );

/** Cells of what one would type, in the column `index`, that are wider than `most` take a line of their own. */
interface Lifted {
  index: number;
  most: number;
}

/** The widths of the columns that stay. Cells of up to a quarter of the rows take a line of their own where that saves columns. */
function layout(
  columns: Column[],
  texts: string[][],
  natural: number[],
  available: number,
): [Map<number, number> | undefined, Lifted?] {
  const plain = fitted(columns, natural, available);
  if (plain?.size === columns.length || texts.length < 2) return [plain];
  const index = keyOf(columns);
  const sizes = texts.map((row) => widthOf(row[index] ?? '')).sort((a, b) => b - a);
  const few = sizes.slice(1, Math.max(1, Math.floor(sizes.length / 4)) + 1);
  let best: [Map<number, number> | undefined, Lifted?] = [plain];
  for (const most of new Set(few)) {
    const widths = fitted(
      columns,
      natural.with(index, Math.max(most, widthOf(columns[index]?.head ?? ''))),
      available,
    );
    if ((widths?.size ?? 0) > (best[0]?.size ?? 0)) best = [widths, { index, most }];
  }
  return best;
}

/** The column of what one would type. */
function keyOf(columns: Column[]): number {
  const marked = columns.findIndex(({ key }) => key);
  return marked >= 0
    ? marked
    : columns.findLastIndex(({ flexible, drop }) => !flexible && drop === undefined);
}

/** The columns that stay, by their place, with their widths; undefined where even those do not fit. */
function fitted(columns: Column[], natural: number[], available: number): Map<number, number> | undefined {
  const kept = new Map(natural.entries());
  for (;;) {
    const widths = shrunk(columns, kept, available, comfortable);
    if (widths) return widths;
    const first = [...kept.keys()]
      .filter((index) => columns[index]?.drop !== undefined)
      .sort((a, b) => (columns[a]?.drop ?? 0) - (columns[b]?.drop ?? 0))[0];
    if (first === undefined) return shrunk(columns, kept, available, narrowest);
    kept.delete(first);
  }
}

/** Takes from the widest flexible column until all fits; undefined where nothing is left to take. */
function shrunk(
  columns: Column[],
  natural: Map<number, number>,
  available: number,
  least: number,
): Map<number, number> | undefined {
  const widths = new Map(natural);
  let excess = [...widths.values()].reduce((sum, width) => sum + width + gap, -gap) - available;
  for (; excess > 0; excess--) {
    let widest: number | undefined;
    for (const [index, width] of widths) {
      if (columns[index]?.flexible && width > Math.max(least, widths.get(widest ?? -1) ?? 0)) widest = index;
    }
    if (widest === undefined) return undefined;
    widths.set(widest, (widths.get(widest) ?? 0) - 1);
  }
  return widths;
}

/** What one would type, whole; under it the rest, on as many lines as it takes. Free text alone is cut. */
function stacked(columns: Column[], row: string[], available: number): string[] {
  const marked = columns.findIndex(({ key }) => key);
  const stays = columns.findLastIndex(({ flexible, drop }) => !flexible && drop === undefined);
  const key = marked >= 0 && row[marked] !== '' ? marked : stays;
  const lines = [row[key] ?? ''];
  let line = '';
  for (const [index, cell] of row.entries()) {
    if (index === key || cell === '') continue;
    const left = available - gap * 2 - widthOf(line);
    const cut = columns[index]?.flexible === true;
    const fits = line === '' || widthOf(cell) <= left || (cut && left >= comfortable);
    if (!fits) lines.push(' '.repeat(gap) + line);
    const before = fits && line !== '' ? line + ' '.repeat(gap) : '';
    line = before + (cut ? truncate(cell, available - gap - widthOf(before)) : cell);
  }
  return [...lines, ' '.repeat(gap) + line];
}
