const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|([+-])(\d{2}):(\d{2}))$/;

/** Epoch milliseconds of an ISO-8601 date-time with offset; `undefined` when it is none (no T, no Z, month 13, …). */
export function parseTimestamp(text: string): number | undefined {
  const found = RFC3339.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = found.map(
    (part) => part ?? '',
  );
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  if (m < 1 || m > 12 || d < 1 || h > 23 || min > 59 || s > 59) return undefined;
  if (Number(offsetHour) > 18 || Number(offsetMinute) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(y, m - 1, d);
  if (date.getUTCDate() !== d) return undefined;
  date.setUTCHours(h, min, s, Math.floor(Number(`0${fraction}`) * 1000));
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return date.getTime() - (sign === '-' ? -offset : offset);
}

/** As Java prints an Instant: milliseconds only when there are any. */
export function formatTimestamp(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
