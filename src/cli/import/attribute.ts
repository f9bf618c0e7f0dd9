import { exitCodes, FlowError } from '../../errors.js';

/** For `parse` of a flag: `name=value`. */
export function attribute(text: string, flag: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new FlowError(exitCodes.usage, 'BadUsage', `'${text}' is not a valid attribute`, {
    where: flag,
    hint: `${flag} name=value other=value`,
  });
}
