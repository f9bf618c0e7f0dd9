import stringWidth from 'string-width';
import { visible, visibleStyled } from './safe-text.js';

/** Widths of texts measured before: a screen asks for the same names ten times a second. */
const measured = new Map<string, number>();
const MOST_MEASURED = 5000;
const SHORT = 200;

/** Columns that a text takes as it is shown: 2 for wide characters (日本語), 0 for colour codes of ours. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = measured.get(text);
  if (width === undefined) {
    width = measuredWidth(visibleStyled(text));
    if (measured.size >= MOST_MEASURED) measured.clear();
    if (text.length <= SHORT) measured.set(text, width);
  }
  return width;
}

/** In pieces where it is long: to find a character of a text takes the longer the longer it is. */
function measuredWidth(text: string): number {
  let width = 0;
  for (let at = 0; at < text.length; at += LONG) width += stringWidth(text.slice(at, at + LONG));
  return width;
}
const LONG = 1000;

/** Code units that one column may need: a family of four in one emoji has 25. */
const MOST_PER_COLUMN = 50;

// Made once it is needed: it takes some milliseconds.
let graphemes: Intl.Segmenter | undefined;

/** At most `columns` wide; what is cut is marked by `…`. For text without colour codes. */
export function truncate(given: string, columns: number): string {
  // A megabyte is not measured to show a line of it.
  const whole = given.length <= columns * MOST_PER_COLUMN;
  const text = visible(whole ? given : given.slice(0, columns * MOST_PER_COLUMN));
  if (whole && (text.length <= columns / 2 || (text.length <= SHORT && widthOf(text) <= columns)))
    return text;
  let width = 0;
  let kept = '';
  graphemes ??= new Intl.Segmenter();
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    if (width < columns) kept += segment;
  }
  if (whole && width <= columns) return text;
  return columns > 0 ? `${kept}…` : '';
}

/** Exactly `columns` wide: cut or filled with spaces on the right. */
export function padded(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - widthOf(cut)));
}
