import { exitCodes, FlowError } from '../../errors.js';

/** For `parse` of a flag: `action=task-execute`. */
export function attribute(text: string, flag: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new FlowError(exitCodes.usage, 'BadUsage', `${text} is not a valid attribute`, {
    where: flag,
    hint: `${flag} action=task-execute`,
  });
}
