import { truncate, widthOf } from './fit.js';
import { oneLine } from './safe-text.js';

export interface Column {
  head: string;
  /** May be cut where the terminal is too narrow; the others are not. */
  flexible?: boolean;
  paint?: (text: string) => string;
}
export interface TableLook {
  stdoutIsTTY: boolean;
  columns: number;
}

const gap = 2;
const narrowest = 8;

/** Aligned columns without borders, wide characters counted as two. Fits a terminal; in a pipe nothing is cut. */
export function tableLines(columns: Column[], rows: string[][], look: TableLook): string[] {
  const texts = rows.map((row) => row.map(oneLine));
  const natural = columns.map(({ head }, index) =>
    texts.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(head)),
  );
  const widths = look.stdoutIsTTY ? fitted(columns, natural, look.columns) : natural;
  const line = (cells: string[], paints: boolean): string =>
    columns
      .map(({ paint }, index) => {
        const text = truncate(cells[index] ?? '', widths[index] ?? 0);
        const blank = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)) + gap);
        return (paints && paint ? paint(text) : text) + blank;
      })
      .join('')
      .trimEnd();
  return [
    line(
      columns.map(({ head }) => head),
      false,
    ),
    ...texts.map((row) => line(row, true)),
  ];
}

/** Takes from the widest flexible column until all fits, or nothing can be taken. */
function fitted(columns: Column[], natural: number[], available: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - available;
  while (excess > 0) {
    const widest = columns.reduce(
      (best, { flexible }, index) =>
        flexible && (widths[index] ?? 0) > (widths[best] ?? narrowest) ? index : best,
      -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}
