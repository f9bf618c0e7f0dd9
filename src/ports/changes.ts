/** What has changed on a target that tells so by itself. */
export interface TargetChange {
  /** Executions that took a step. */
  executionArns: readonly string[];
  /** State machines were created, changed or deleted. */
  machines: boolean;
  /** Anything may have changed: it is the first one, or some were missed. */
  all: boolean;
}

/** Until `signal` fires; goes on by itself where the target was away. */
export type Changes = (signal: AbortSignal) => AsyncGenerator<TargetChange>;
