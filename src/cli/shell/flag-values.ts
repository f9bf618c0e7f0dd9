import { exitCodes, FlowError } from '../../errors.js';
import { parseDuration } from '../../views/text/duration.js';

/** `--since`: epoch milliseconds of a time that is so long ago, or of a date. */
export function sinceOf(value: unknown, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ago = parseDuration(value);
  const since = ago === undefined ? Date.parse(value) : now - ago;
  if (!Number.isNaN(since)) return since;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${value}' is neither a duration nor a date`, {
    where: '--since',
    hint: '--since 2h, --since 7d, --since 2026-01-31',
  });
}

/** Milliseconds of a flag's duration. */
export function durationOf(value: unknown, flag: string): number | undefined {
  if (typeof value !== 'string') return undefined;
  const duration = parseDuration(value);
  if (duration !== undefined) return duration;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${value}' is no duration.`, {
    where: flag,
    hint: 'Seconds, or a number with a unit: 90, 30s, 5m, 2h.',
  });
}

/** A flag's whole number above zero. */
export function countOf(value: unknown, flag: string): number {
  const limit = Number(value);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${value}' is no number above zero`, {
    where: flag,
    hint: `${flag} 100`,
  });
}
