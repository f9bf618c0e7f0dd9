import { exitCodes, FlowError } from '../errors.js';
import type { Context } from './command.js';

/** How a command ends that SIGINT (or SIGTERM) broke off. */
export function interrupted(
  { signal }: Context,
  message: string,
  hint?: string,
  details?: Record<string, unknown>,
): FlowError {
  const terminated = signal.reason === 'SIGTERM';
  return new FlowError(
    terminated ? exitCodes.terminated : exitCodes.interrupted,
    terminated ? 'Terminated' : 'Interrupted',
    message,
    { hint, details },
  );
}
