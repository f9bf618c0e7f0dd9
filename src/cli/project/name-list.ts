import { exitCodes, FlowError } from '../../errors.js';

/** For `parse` of a flag: `approve,watch`. */
export const nameList = (text: string): string[] => text.split(',').map((name) => name.trim());

/** For `parse` of a flag: names of states, each once. */
export function stateNames(text: string, flag: string): string[] {
  const names = nameList(text);
  if (names.every((name, at) => name !== '' && name.length <= 80 && names.indexOf(name) === at)) return names;
  throw new FlowError(exitCodes.usage, 'InvalidStates', 'state names are unique, and of 1 to 80 characters', {
    where: `${flag} ${text}`,
    hint: `${flag} initialize,process,finalize`,
  });
}
