const collator = new Intl.Collator('en', { caseFirst: 'upper', numeric: true });
export const compareNames = (a: string, b: string): number => collator.compare(a, b);

/** Farther folders first, then by name, where `.` and `/` come before `_` and `-`. */
export function comparePaths(a: string, b: string): number {
  const depth = (path: string): number => path.split('/').filter((part) => part === '..').length;
  return depth(b) - depth(a) || collator.compare(sortable(a), sortable(b));
}

const swapped: Record<string, string> = { '.': '_', '/': '-', _: '.', '-': '/' };
const sortable = (path: string): string =>
  path.replaceAll(/[./_-]/g, (character) => swapped[character] ?? character);

/** Puts neighbouring one-line imports of relative files in their order: a filled-in name can change it. */
export function sortImports(text: string): string {
  const lines = text.split('\n');
  const pathOf = (line = ''): string | undefined => /^import .* from '(\.[^']*)'$/.exec(line)?.[1];
  for (let from = 0; from < lines.length; from++) {
    let to = from;
    while (pathOf(lines[to]) !== undefined) to++;
    const run = lines.slice(from, to);
    lines.splice(from, run.length, ...run.sort((a, b) => comparePaths(pathOf(a) ?? '', pathOf(b) ?? '')));
    from = Math.max(from, to);
  }
  return lines.join('\n');
}
