import { widthOf } from '../text/width.js';

const INDENT = '    ';

/** A text on as many lines as it takes; between two words where there is a place near the end of a line. */
export function foldedText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text) {
    const next = widthOf(character);
    if (width + next > columns) {
      const space = line.lastIndexOf(' ');
      const kept = character !== ' ' && space > line.length * 0.6 ? space : line.length;
      lines.push(line.slice(0, kept));
      line = INDENT + line.slice(kept).trimStart();
      width = widthOf(line);
      if (character === ' ' && line === INDENT) continue;
    }
    line += character;
    width += next;
  }
  return [...lines, line];
}
