import stringWidth from 'string-width';

/** What stands from one column of the terminal to before another; wide characters take two. */
function slice(line: string, from: number, to = Number.POSITIVE_INFINITY): string {
  let at = 0;
  let text = '';
  for (const character of line) {
    if (at >= from && at < to) text += character;
    at += stringWidth(character);
  }
  return text.trim();
}

/**
 * The cells of some columns of a table: by its head. Where it has none, each row takes two lines, of which the first is
 * the cell of `key`.
 */
export function cellsOf(
  lines: readonly string[],
  heads: readonly string[],
  key: string,
): Map<string, string[]> {
  const [first = '', ...rows] = lines;
  const found = new Map<string, string[]>();
  const isHead = heads.some((head) => new RegExp(`(^|  )${head}( \\(|  |$)`).test(first));
  if (!isHead) {
    const cells = lines.filter((line) => line !== '' && !line.startsWith('  '));
    return found.set(key, [...new Set(cells)]);
  }
  const columns = [...first.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => ({ text, index }));
  // A long cell of what one types has a line of its own.
  const isAlone = (row: string): boolean =>
    !/\S {2}/.test(row) && stringWidth(row) > (columns[1]?.index ?? 0);
  for (const head of heads) {
    const at = columns.findIndex(({ text }) => text === head || text.startsWith(`${head} (`));
    if (at === -1) continue;
    const cells = rows.map((row) => {
      if (isAlone(row) && /^( {2})?\S/.test(row)) return head === key ? row.trim() : '';
      return slice(row, columns[at]?.index ?? 0, columns[at + 1]?.index);
    });
    found.set(head, [...new Set(cells.filter((cell) => cell !== '' && cell !== '—'))]);
  }
  return found;
}
