import { truncate, widthOf } from './width.js';

/** What stays visible before the place where two texts part, so that it can be found again. */
const BEFORE = 20;

/** Two texts, each in at most so many columns: long ones from a little before they part. */
export function apart(one: string, other: string, columns: number): [string, string] {
  const [long, short] = one.length > other.length ? [one, other] : [other, one];
  let same = 0;
  while (same < short.length && short[same] === long[same]) same++;
  const fits = long.length <= columns && widthOf(long) <= columns;
  const seen = same < columns && widthOf(long.slice(0, same)) <= columns - BEFORE;
  const from = fits || seen ? 0 : startOfCharacter(long, Math.max(0, same - BEFORE));
  const cut = (text: string): string => truncate(from > 0 ? `…${text.slice(from)}` : text, columns);
  return [cut(one), cut(other)];
}

const startOfCharacter = (text: string, at: number): number =>
  /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at;
