import { type ExitCode, exitCodes, FlowError } from '../../errors.js';
import type { Wait } from '../../ports/waits.js';
import { hintReference } from './hint-reference.js';
import type { Target } from './target.js';

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

type Reach = Pick<Target, 'carried' | 'flagsForHints' | 'executionArn'>;

/** What becomes of executions that a command leaves running. */
export function fateOf(target: Pick<Target, 'carried'>, count = 1): string {
  if (count === 1)
    return target.carried() ? 'It is saved on disk and pauses when this command exits.' : 'It keeps running.';
  return target.carried()
    ? 'They are saved on disk and pause when this command exits.'
    : 'They keep running.';
}

/**
 * The shortest words that mean an execution at this moment: what the user called it, or `@last`, unless something else
 * has been started meanwhile; then its ARN.
 */
export async function calledNow(target: Reach, executionArn: string, given = '@last'): Promise<string> {
  if (!/@(?:last|\d+)$/.test(given)) return given;
  const now = await target.executionArn(given).catch(() => undefined);
  return now === executionArn ? given : executionArn;
}

/** Executions are followed, and nothing happens. */
export function waitForEnd(
  { flagsForHints }: Pick<Target, 'flagsForHints'>,
  [first = '@last', ...others]: string[],
): Wait {
  return {
    on: others.length === 0 ? `progress of ${first}` : `progress of ${first} and ${others.length} more`,
    missing: `see its state with mbc-flow show ${first}${flagsForHints}, the steps that wait for an answer with mbc-flow pending${flagsForHints}`,
  };
}

/** The line of a command that has started something, or answered it, and ends. */
export async function howItGoesOn(target: Reach, executionArn: string): Promise<string> {
  const watch = `mbc-flow watch ${hintReference(await calledNow(target, executionArn), target)}`;
  return target.carried()
    ? `${fateOf(target)} Resume with ${watch} or mbc-flow dev`
    : `It keeps running; follow it with ${watch}`;
}

/**
 * How a command ends that leaves executions running.
 * @param done what there is of them
 * @param command comes back to them
 */
export function leftRunning(
  leaving: Leaving,
  target: Pick<Target, 'carried'>,
  done: string,
  command: string,
  { count = 1, details }: { count?: number; details?: Record<string, unknown> } = {},
): FlowError {
  const also = target.carried() ? ' Or resume with mbc-flow dev.' : '';
  return left(leaving, `${done} ${fateOf(target, count)}${also}`, { hint: command, details });
}
