export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

/** Longer lists are compared from both ends only. */
const MOST = 1000;
/** Lines that are the same, around those that are not. */
const AROUND = 2;

/** What was taken out of a list, and what was put in, with a little of what stayed. */
export function listDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return shortened([
    ...before.slice(0, start).map(same),
    ...between(old, now),
    ...before.slice(before.length - end).map(same),
  ]);
}

function between(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ sign: '-', text });
  const added = (text: string): DiffLine => ({ sign: '+', text });
  if (old.length > MOST || now.length > MOST) return [...old.map(removed), ...now.map(added)];
  /** Length of what two rests have in common. */
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      (common[i] as Uint16Array)[j] =
        old[i] === now[j]
          ? (common[i + 1]?.[j + 1] ?? 0) + 1
          : Math.max(common[i + 1]?.[j] ?? 0, common[i]?.[j + 1] ?? 0);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come) {
      lines.push({ sign: ' ', text: gone });
      i++;
      j++;
    } else if (gone !== undefined && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      lines.push(removed(gone));
      i++;
    } else if (come !== undefined) {
      lines.push(added(come));
      j++;
    } else i++;
  }
  return lines;
}

function shortened(lines: DiffLine[]): DiffLine[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ sign }) => sign !== ' ');
  const kept: DiffLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (near(index)) kept.push(line);
    else if (kept.at(-1)?.text !== '…') kept.push({ sign: ' ', text: '…' });
  }
  return kept;
}
