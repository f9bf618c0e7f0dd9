import { exitCodes, FlowError } from '../../errors.js';

/** For `parse` of a flag: how many times as fast; Infinity for `max`. */
export function speed(text: string, flag: string): number {
  const times = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (times > 0) return times;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a valid speed`, {
    where: flag,
    hint: `${flag} 10, or ${flag} max`,
  });
}
