const LONGEST = 80;

/** A name that tells where it comes from: `import-1` -> `import-1-rerun-20260131T090507`. `now`: epoch milliseconds. */
export function rerunName(name: string, now: number): string {
  const base = name.replace(/-rerun-\d{8}T\d{6,9}$/, '');
  const time = new Date(now).toISOString().replace(/[-:.Z]/g, '');
  const suffix = `-rerun-${time}`;
  return `${[...base].slice(0, LONGEST - suffix.length).join('')}${suffix}`;
}
