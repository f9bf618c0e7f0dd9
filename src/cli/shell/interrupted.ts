import { type ExitCode, exitCodes, FlowError } from '../../errors.js';

/** Why a command is left before its work is done: a key, a signal (by its name), or its own time limit. */
export type Leaving = 'SIGINT' | 'SIGTERM' | 'timeout';

const ways: Record<Leaving, { exitCode: ExitCode; code: string }> = {
  SIGINT: { exitCode: exitCodes.interrupted, code: 'Interrupted' },
  SIGTERM: { exitCode: exitCodes.terminated, code: 'Terminated' },
  timeout: { exitCode: exitCodes.timeout, code: 'Timeout' },
};

/** Of an aborted signal; a screen that was left by a key counts as Ctrl-C. */
export const leavingBy = (signal: AbortSignal): Leaving =>
  signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';

/** The exit code of a command that is left. */
export const exitCodeOf = (leaving: Leaving): ExitCode => ways[leaving].exitCode;

/**
 * How a command ends that is left before its work is done.
 * @param message what has been done, and what keeps running
 * @param hint what to type to come back to it
 */
export function left(
  leaving: Leaving,
  message: string,
  { hint, details, cause }: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
): FlowError {
  const { exitCode, code } = ways[leaving];
  return new FlowError(exitCode, code, message, { hint, details, cause });
}

/** The same for a command that SIGINT (or SIGTERM) broke off. */
export const interrupted = (
  { signal }: { signal: AbortSignal },
  message: string,
  hint?: string,
  details?: Record<string, unknown>,
): FlowError => left(leavingBy(signal), message, { hint, details });
