import { formatDuration } from '../../../views/text/duration.js';
import { now } from '../core/now.js';
import { language } from '../core/settings.js';
import { unitsIn } from '../text/translations/event-facts.js';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = `${language.value} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language.value, options);
    formats.set(key, format);
  }
  return format.format(at);
}

/** In this browser's zone. */
export const fullTime = (at: number): string => formatted(at, { dateStyle: 'medium', timeStyle: 'long' });

/** Today: the time; else the day with it. */
export function shortTime(at: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now.value).toDateString();
  const time: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
  return formatted(at, sameDay ? time : { month: 'short', day: 'numeric', ...time, second: undefined });
}

/** To the millisecond, as logs and events have it. */
export const clockTime = (at: number): string =>
  formatted(at, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });

export const Time = ({ at }: { at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
    {shortTime(at)}
  </time>
);

/** In the page's language: `3.7 s`, `3.7 秒`. */
export function durationText(milliseconds: number): string {
  return unitsIn(language.value === 'ja', formatDuration(Math.max(0, milliseconds)));
}

/** Until now where it has no end, and then it goes on by itself. */
export function Took({ from, to }: { from: number; to?: number | null }) {
  return <>{durationText((to ?? now.value) - from)}</>;
}

export const agoText = (at: number): string => durationText(now.value - at);
