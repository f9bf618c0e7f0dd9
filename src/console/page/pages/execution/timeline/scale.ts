/** A part of the time, epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 180].map((count) => count * DAY),
];

/** Moments of an axis that begins at `zero`: round distances from it, at most `most`. */
export function ticksOf({ from, to }: Span, zero: number, most: number): number[] {
  const step = steps.find((one) => (to - from) / one <= most) ?? 365 * DAY;
  const ticks: number[] = [];
  for (let at = zero + Math.ceil((from - zero) / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

const SHORTEST = 5;

/** The span with another length, where the moment `at` stays where it is seen; undefined: the whole. */
export function zoomed(span: Span, whole: Span, factor: number, at: number): Span | undefined {
  const length = Math.max(SHORTEST, (span.to - span.from) * factor);
  if (length >= whole.to - whole.from) return undefined;
  const share = (at - span.from) / (span.to - span.from);
  return within({ from: at - share * length, to: at + (1 - share) * length }, whole);
}

export const moved = (span: Span, whole: Span, by: number): Span =>
  within({ from: span.from + by, to: span.to + by }, whole);

function within({ from, to }: Span, whole: Span): Span {
  const by = from < whole.from ? whole.from - from : to > whole.to ? whole.to - to : 0;
  return { from: from + by, to: to + by };
}

/** Where a bar stands in a span: percent, undefined where nothing of it is seen. */
export function barIn(span: Span, from: number, to: number): { left: number; width: number } | undefined {
  const length = span.to - span.from;
  const left = Math.max(0, ((from - span.from) / length) * 100);
  const right = Math.min(100, ((to - span.from) / length) * 100);
  if (right < 0 || left > 100 || right < left) return undefined;
  return { left, width: right - left };
}
