/** What differs from run to run: times, durations, ids, where it ran. Columns move with it. */
const masks: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?/g, 'TIME'],
  [/\d{8}-[0-9a-f]{8}/g, 'ID'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID'],
  [/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/g, 'ID'],
  [/\b\d+(?:\.\d+)? (?:ms|s|min|h|d)\b(?: \d+ (?:s|min|h)\b)*/g, 'TOOK'],
  [/\b\d+(?:\.\d+)?\/s\b/g, 'RATE'],
  [/\d+ of \d+ MB(?:, cold start TOOK)?/g, 'MEMORY'],
  [/\bv\d+\.\d+\.\d+\b/g, 'VERSION'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/(?:process |pid )\d+/g, 'PROCESS'],
  // An execution may end while its answer is told, or after.
  [/; the execution ended [A-Z]+/g, ''],
  [/ {2,}/g, '  '],
  [/ +$/gm, ''],
];

export function masked(text: string, folder: string): string {
  const placed = text.replaceAll(folder, '/home/mei/shop');
  return masks.reduce((so, [pattern, name]) => so.replace(pattern, name), placed).trim();
}

/** Whether the page shows what was written: all of it, where a line `…` stands for any lines. */
export function shows(page: string, written: string): boolean {
  const parts = page.split(/^ *…$/m).map((part) => part.trim());
  if (parts.length === 1) return page === written;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === parts.length - 1 ? written.lastIndexOf(part) : written.indexOf(part, at);
    if (found < at || (index === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || at === written.length;
}
