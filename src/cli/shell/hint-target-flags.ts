import { FlowError } from '../../errors.js';
import { reaching } from '../../workflow/names/hint-target-flags.js';

/** The same error; what its hint names to type reaches the target of these flags. */
export const withReach = (error: FlowError, flags: string): FlowError =>
  error.hint === undefined
    ? error
    : new FlowError(error.exitCode, error.code, error.message, {
        ...error,
        cause: error.cause,
        hint: reaching(error.hint, flags),
      });
