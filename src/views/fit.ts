import stringWidth from 'string-width';

/** Widths of texts measured before: a screen asks for the same names ten times a second. */
const measured = new Map<string, number>();
const MOST_MEASURED = 5000;

/** Columns that a text takes on a terminal: 2 for wide characters (日本語), 0 for colour codes. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = measured.get(text);
  if (width === undefined) {
    width = stringWidth(text);
    if (measured.size >= MOST_MEASURED) measured.clear();
    if (text.length <= 200) measured.set(text, width);
  }
  return width;
}

const graphemes = new Intl.Segmenter();

/** At most `columns` wide; what is cut is marked by `…`. For text without colour codes. */
export function truncate(text: string, columns: number): string {
  if (text.length <= columns / 2 || widthOf(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    const next = width + widthOf(segment);
    if (next > columns - 1) break;
    width = next;
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Exactly `columns` wide: cut or filled with spaces on the right. */
export function padded(text: string, columns: number): string {
  const cut = truncate(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - widthOf(cut)));
}

/** Text of others on one line: line breaks, tabs and control characters (escape codes) become spaces. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the terminal
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
