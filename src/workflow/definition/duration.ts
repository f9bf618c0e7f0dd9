const UNITS: Record<string, number> = {
  '': 1000,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `90` (seconds), `90s`, `5m`, `2h`, `1d`, `250ms`; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? '-'];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}
