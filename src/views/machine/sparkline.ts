const levels = '▁▂▃▄▅▆▇█';

/** A character a value, as high as it is beside the largest; a space where there is nothing. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 0);
  return values
    .map((value) => (value <= 0 || most === 0 ? ' ' : levels[Math.min(7, Math.ceil((value / most) * 8) - 1)]))
    .join('');
}
