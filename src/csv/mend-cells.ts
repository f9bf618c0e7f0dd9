import { isControl } from './file-kind.js';
import { isPadded } from './padding.js';

/** DOS's end-of-file mark, Ctrl-Z. */
export const endMark = 0x1a;
/** `sep=;`, which tells Excel the delimiter, perhaps in quotes. */
export const isSepLine = (text: string): boolean => /^"?sep=.?"?$/i.test(text);
export const longestSepLine = 7;

/**
 * What `--fix` does to a record's cells, which were split with `keepBackslashes`: white space around them goes, and
 * what cannot be seen goes out of the names of columns. Written again, no cell means something else to AWS.
 */
export function mendCells(cells: string[], isHeader: boolean): string[] {
  return cells.map((cell) => {
    const visible = isHeader ? withoutUnprintable(cell) : cell;
    return isPadded(visible) ? trimmed(visible) : visible;
  });
}

/** A record that goes: Excel's hint before the header, DOS's mark behind the last row. */
export function isMendedAway(text: string, place: 'first' | 'last' | 'between'): boolean {
  if (place === 'last') return text.length === 1 && text.charCodeAt(0) === endMark;
  return place === 'first' && isSepLine(text);
}

/** Control and format characters (zero-width ones, a BOM); a newline can be seen well enough. */
export function isUnprintable(name: string): boolean {
  // The pattern of all format characters takes longer to compile than a small file to check.
  return !/^[ -~]*$/.test(name) && name !== withoutUnprintable(name);
}

const withoutUnprintable = (name: string): string =>
  [...name.replace(/\p{Cf}/gu, '')].filter((character) => !isControl(character.charCodeAt(0))).join('');

/** Of the white space that `isPadded` knows. */
const trimmed = (cell: string): string => cell.replace(/^[\t-\r \u00a0\u3000]+|[\t-\r \u00a0\u3000]+$/g, '');
