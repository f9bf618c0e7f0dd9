import { exitCodes, FlowError } from '../../errors.js';

/** AWS's limit for the name of an execution, in characters. */
const longestName = 80;

const banned = /[\s\p{Cc}\p{Cs}<>{}[\]?*"#%\\^|~`$&,;:/\ufffe\uffff]/u;

/** @throws FlowError 2 for a name that AWS gives no execution */
export function refuseBadName(name: string, longest = longestName): void {
  const found = banned.exec(name)?.[0];
  if (found === undefined && name.length > 0 && name.length <= longest) return;
  const why =
    found === undefined
      ? `it has ${name.length} characters, and may have 1 to ${longest}`
      : `it has ${found === ' ' ? 'a space' : JSON.stringify(found)} in it`;
  throw new FlowError(exitCodes.usage, 'InvalidName', `an execution can't be named '${name}': ${why}`, {
    where: '--name',
    hint: 'no white space, no control characters, none of < > { } [ ] ? * " # % \\ ^ | ~ ` $ & , ; : /',
  });
}
