/** What an execution's ARN says by itself. */
export interface ExecutionParts {
  stateMachineArn?: string;
  name?: string;
}

/** `arn:…:execution:MACHINE:NAME` (EXPRESS: `express:MACHINE:NAME:uuid`; of a map run: `MACHINE/label`). */
export function executionParts(executionArn: string | undefined): ExecutionParts {
  const match = /^(arn:[^:]*:states:[^:]*:[^:]*):(?:execution|express):([^:]+):([^:]+)/.exec(
    executionArn ?? '',
  );
  return match ? { stateMachineArn: `${match[1]}:stateMachine:${match[2]}`, name: match[3] } : {};
}
