import { type ExitCode, FlowError, worstExitCode } from '../../errors.js';
import type { Context } from '../shell/context.js';
import { interrupted } from '../shell/interrupted.js';

/** What became of one of several. */
export type Done<T> = { executionArn: string; result: T } | { executionArn: string; error: FlowError };

/**
 * Does the same to one execution after another, however many fail; a failure of the only one is thrown. `told` gets
 * each as it is done; `onLeft` prints what was done, where a signal breaks it off.
 */
export async function eachExecution<T>(
  context: Context,
  executionArns: string[],
  act: (executionArn: string) => Promise<T>,
  told: (done: Done<T>) => void,
  onLeft: () => void,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  let done = 0;
  for (const executionArn of executionArns) {
    if (context.signal.aborted) {
      onLeft();
      throw interrupted(
        context,
        `Interrupted: ${done} of ${executionArns.length} done, the others are as they were.`,
        'the same command again goes on with the others',
        { done, of: executionArns.length },
      );
    }
    done += 1;
    try {
      told({ executionArn, result: await act(executionArn) });
    } catch (error) {
      if (!(error instanceof FlowError) || executionArns.length === 1) throw error;
      codes.push(error.exitCode);
      told({ executionArn, error });
    }
  }
  return worstExitCode(codes);
}

/** A failed one among several, as `-o json` has it. */
export const failureDocument = (executionArn: string, { code, message }: FlowError) => ({
  executionArn,
  error: { code, message },
});
