import { exitCodes, FlowError } from '../../../errors.js';
import { parseDuration } from '../../../workflow/definition/duration.js';

/** Epoch milliseconds of `--since`, which may be a time ago: known when it is now. */
export type Since = (now: number) => number;

/** For `parse` of a flag: a duration ago (2h) or a date. */
export function since(text: string, flag: string): Since {
  const ago = parseDuration(text);
  if (ago !== undefined) return (now) => now - ago;
  const date = Date.parse(text);
  if (!Number.isNaN(date)) return () => date;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a valid duration or date`, {
    where: flag,
    hint: `${flag} 2h, ${flag} 7d, ${flag} 2026-01-31`,
  });
}

/** For `parse` of a flag: milliseconds. */
export function duration(text: string, flag: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a valid duration`, {
    where: flag,
    hint: 'use seconds, or a number with a unit: 90, 30s, 5m, 2h',
  });
}

/** For `parse` of a flag: a part of a key of the framework, whose parts stand between `#`. */
export function keyPart(text: string, flag: string): string {
  if (text !== '' && !text.includes('#')) return text;
  const message =
    text === '' ? 'the value is empty' : `'${text}' contains #, which separates the parts of a key`;
  throw new FlowError(exitCodes.usage, 'BadUsage', message, { where: flag });
}

/** For `parse` of a flag: a whole number above zero. */
export function count(text: string, flag: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a positive whole number`, {
    where: flag,
    hint: `${flag} 100`,
  });
}

/** For `parse` of a flag: a whole number, also none. */
export function wholeNumber(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a whole number`, {
    where: flag,
    hint: `${flag} 0`,
  });
}

/** For `parse` of a flag: a port to listen on. */
export function port(text: string, flag: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new FlowError(exitCodes.usage, 'BadUsage', `${text} is not a valid port`, {
    where: flag,
    hint: 'a number from 0 (a free one) to 65535',
  });
}
