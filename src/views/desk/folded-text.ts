import { widthOf } from '../text/fit.js';

/** A text on as many lines as it takes. */
export function foldedText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text) {
    const next = widthOf(character);
    if (width + next > columns) {
      lines.push(line);
      line = '    ';
      width = 4;
    }
    line += character;
    width += next;
  }
  return [...lines, line];
}
