const MOST = 5;

/** Of `known`, those that `wanted` may have been meant to be: a part of it, or one or two letters away. */
export function nearMisses(wanted: string, known: Iterable<string>): string[] {
  const close = [...new Set(known)].flatMap((candidate) => {
    const distance = nearness(wanted.toLowerCase(), candidate.toLowerCase());
    return distance === undefined ? [] : [{ candidate, distance }];
  });
  return close
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function nearness(a: string, b: string): number | undefined {
  const edits = editDistance(a, b);
  if (edits <= Math.max(2, Math.floor(Math.max(a.length, b.length) / 4))) return edits;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.includes(short) ? long.length - short.length : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
