import { FlowError } from '../../errors.js';

/** What became of one of several. */
export type Done<T> = { executionArn: string; result: T } | { executionArn: string; error: FlowError };

/**
 * Does the same to one execution after another, however many fail; a failure of the only one is thrown. Ends early when
 * `signal` fires.
 */
export async function* eachExecution<T>(
  executionArns: readonly string[],
  act: (executionArn: string) => Promise<T>,
  signal: AbortSignal,
): AsyncGenerator<Done<T>> {
  for (const executionArn of executionArns) {
    if (signal.aborted) return;
    try {
      yield { executionArn, result: await act(executionArn) };
    } catch (error) {
      if (!(error instanceof FlowError) || executionArns.length === 1) throw error;
      yield { executionArn, error };
    }
  }
}
