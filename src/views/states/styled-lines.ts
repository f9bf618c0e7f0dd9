import { colors, glyphs, paint } from '../text/paint.js';
import { oneLine } from '../text/safe-text.js';
import type { Look } from '../text/status-look.js';
import { padded, truncate, widthOf } from '../text/width.js';
import { bar, progressNotes } from './map-progress.js';
import type { StateRow } from './state-rows.js';

/** A piece of a line in one style: what plain text and screens are both drawn from. */
export interface Segment {
  text: string;
  color?: (typeof colors)[Look];
  dim?: boolean;
  bold?: boolean;
}
export type Line = Segment[];

/** A line as text, with or without colours. */
export function lineText(line: Line, color: boolean): string {
  const ink = paint(color);
  return line
    .map(({ text, color: name, dim, bold }) => {
      const weighed = dim ? ink.dim(text) : bold ? ink.bold(text) : text;
      return name ? ink[name](weighed) : weighed;
    })
    .join('')
    .trimEnd();
}

/** Columns for the names of states: as wide as they are, but leaving room for what is said of them. */
export function nameColumnsOf(rows: StateRow[], columns: number): number {
  const widest = rows.reduce((most, row) => Math.max(most, row.depth * 2 + widthOf(oneLine(row.name))), 0);
  return Math.max(8, Math.min(widest, Math.floor(columns * 0.45)));
}

/** A row of the tree of states, at most `columns` wide; a Map's progress stands in a line of its own beneath. */
export function stateLines(row: StateRow, nameColumns: number, columns: number): Line[] {
  const indent = '  '.repeat(Math.min(row.depth, Math.floor(nameColumns / 4)));
  const name = padded(oneLine(row.name), Math.max(4, nameColumns - indent.length));
  const used = 2 + indent.length + 2 + widthOf(name) + 2;
  const color = colors[row.look];
  const first: Line = [
    { text: `  ${indent}` },
    { text: `${glyphs[row.look]} `, color },
    { text: `${name}  `, dim: row.look === 'plain' },
    { text: truncate(row.notes.join('  '), Math.max(0, columns - used)), ...noteStyle(row.look) },
  ];
  if (!row.progress) return [first];
  const notes = progressNotes(row.progress).join('  ');
  const room = columns - indent.length - 4;
  const width = Math.max(8, Math.min(24, room - 2 - widthOf(notes)));
  return [
    first,
    [
      { text: `    ${indent}` },
      { text: bar(row.progress.ratio, width), color: row.progress.failed > 0 ? 'red' : 'green' },
      { text: truncate(`  ${notes}`, Math.max(0, room - width)), dim: true },
    ],
  ];
}

function noteStyle(look: Look): Partial<Segment> {
  return look === 'failed' || look === 'waiting' || look === 'retrying'
    ? { color: colors[look] }
    : { dim: true };
}
