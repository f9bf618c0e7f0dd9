import Table from 'cli-table3';
import { oneLine, truncate, widthOf } from './fit.js';

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
    Math.max(widthOf(head), ...texts.map((row) => widthOf(row[index] ?? ''))),
  );
  const widths = look.stdoutIsTTY ? fitted(columns, natural, look.columns) : natural;
  const blank = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', mid: '', 'left-mid': '' };
  const table = new Table({
    chars: {
      ...blank,
      ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', right: '' },
      ...{ middle: '', 'mid-mid': '', 'right-mid': '' },
    },
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
    colWidths: widths.map((width) => width + gap),
  });
  table.push(columns.map(({ head }, index) => truncate(head, widths[index] ?? 0)));
  for (const row of texts) {
    table.push(
      columns.map(({ paint = (text) => text }, index) =>
        paint(truncate(row[index] ?? '', widths[index] ?? 0)),
      ),
    );
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
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
