import { exitCodes, FlowError } from '../../errors.js';

/** For `parse` of a flag: a number a second, of `20`, `20/s` or `0.5/s`. */
export function rate(text: string, flag: string): number {
  const number = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text.trim())?.[1]);
  if (number > 0) return number;
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a valid rate`, {
    where: flag,
    hint: `${flag} 20/s`,
  });
}
