/** API calls by their names, from what `-v` tells. */
export function apiCalls(stderr: string): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const [, name = ''] of stderr.matchAll(/^· (\w+) ok/gm)) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}
export const sumOf = (counted: Record<string, number>): number =>
  Object.values(counted).reduce((a, b) => a + b, 0);
