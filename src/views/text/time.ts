/** How times are shown: in the time zone of this machine, or in UTC. */
export interface Zone {
  utc?: boolean;
}

/** `2026-01-31 09:05:00`: in a table, whose head names the zone. */
export const timeText = (at: Date | number, zone: Zone): string =>
  localIso(new Date(at), zone).slice(0, 19).replace('T', ' ');

/** `09:05:00.123`, where the day is known; `-` where the time is not. */
export const clockText = (at: number, zone: Zone): string =>
  zonedTime(at, zone).match(/T([\d:.]+)/)?.[1] ?? '-';

/** `2026-01-31T09:05:00.123+09:00`; `-` where the time is unknown. */
export function zonedTime(at: Date | number | undefined, zone: Zone): string {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? '-' : localIso(date, zone) + suffix(offsetOf(date, zone));
}

/** `STARTED (+09:00)`: a table's head names the zone of its times once. */
export function timeHead(head: string, times: readonly (Date | number)[], zone: Zone): string {
  const offsets = new Set(
    (times.length > 0 ? times : [Date.now()]).map((at) => offsetOf(new Date(at), zone)),
  );
  const [first = 0] = offsets;
  if (offsets.size > 1) return `${head} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
  return `${head} (${first === 0 ? 'UTC' : suffix(first)})`;
}

/** Minutes east of Greenwich. */
const offsetOf = (date: Date, { utc = false }: Zone): number => (utc ? 0 : -date.getTimezoneOffset());

/** Without its zone. */
const localIso = (date: Date, zone: Zone): string =>
  new Date(date.getTime() + offsetOf(date, zone) * 60_000).toISOString().slice(0, -1);

function suffix(offset: number): string {
  if (offset === 0) return 'Z';
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
