/** What a reader by AWS's rules does silently to a cell; told to those who ask (the check). */
export type CellOddity = 'StrayBackslash' | 'TextAfterQuote';
export type OnOddity = (oddity: CellOddity, index: number) => void;

export interface SplitOptions {
  /** Filled with the index in the text of each cell. */
  starts?: number[];
  onOddity?: OnOddity;
  /** Backslashes that AWS drops stay: the cells as they were meant. */
  keepBackslashes?: boolean;
}

/**
 * Splits a record's text into its cells, unquoted and unescaped (the rules: `RecordScanner`). Nothing is trimmed.
 * A backslash before anything but `\`, `"` and the delimiter vanishes; text after a closing quote is kept; outside of
 * quotes too `""` is one quote, and a single one stays what it is.
 */
export function splitCells(text: string, delimiter: string, options: SplitOptions = {}): string[] {
  const { starts, onOddity, keepBackslashes } = options;
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    starts?.push(at);
    let cell = '';
    if (text[at] === '"') {
      let from = ++at;
      for (;;) {
        const mark = indexOfEither(text, '"', at);
        cell += text.slice(from, mark);
        at = from = mark;
        if (mark === text.length) break;
        if (text[mark] === '\\') {
          const escapes = isEscapable(text[mark + 1], delimiter);
          if (!escapes) onOddity?.('StrayBackslash', mark);
          from = escapes || !keepBackslashes ? mark + 1 : mark;
          at = escapes ? mark + 2 : mark + 1;
        } else if (text[mark + 1] === '"') {
          from = mark + 1;
          at = mark + 2;
        } else {
          at = mark + 1;
          if (at < text.length && text[at] !== delimiter) onOddity?.('TextAfterQuote', at);
          break;
        }
      }
    }
    let from = at;
    for (;;) {
      const mark = indexOutside(text, delimiter, at);
      cell += text.slice(from, mark);
      at = from = mark;
      if (text[mark] === '"') {
        from = mark + 1;
        at = mark + 2;
        continue;
      }
      if (text[mark] !== '\\') break;
      const escapes = isEscapable(text[mark + 1], delimiter);
      if (!escapes) onOddity?.('StrayBackslash', mark);
      from = escapes || !keepBackslashes ? mark + 1 : mark;
      at = escapes ? mark + 2 : mark + 1;
    }
    cells.push(cell);
    if (at === text.length) return cells;
    at++;
  }
}

function isEscapable(character: string | undefined, delimiter: string): boolean {
  return character === '\\' || character === '"' || character === delimiter;
}

/** Index of the next `mark` or backslash; the text's length where there is none. */
function indexOfEither(text: string, mark: string, from: number): number {
  const code = mark.charCodeAt(0);
  let at = from;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === code || character === 0x5c) break;
  }
  return at;
}

/** The same outside of quotes, where two quotes are a mark as well. */
function indexOutside(text: string, delimiter: string, from: number): number {
  const code = delimiter.charCodeAt(0);
  let at = from;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === code || character === 0x5c) break;
    if (character === 0x22 && text.charCodeAt(at + 1) === 0x22) break;
  }
  return at;
}
