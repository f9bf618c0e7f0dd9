import type { TargetSettings } from '../../config/resolve-target.js';
import { exitCodes, FlowError } from '../../errors.js';

/** Whose credentials a target's calls are made with. */
export interface Caller {
  account: string;
  arn: string;
}

/** @throws FlowError 4 when the credentials are of another account than the target's */
export function expectAccount(found: string, { name, account, profile }: TargetSettings): void {
  if (found === account) return;
  throw new FlowError(
    exitCodes.denied,
    'WrongAccount',
    `the credentials belong to account ${found}, but target ${name} is in account ${account}`,
    {
      where: profile === undefined ? 'credentials from the environment' : `profile ${profile}`,
      hint: `use a profile of account ${account}: --profile NAME`,
    },
  );
}
