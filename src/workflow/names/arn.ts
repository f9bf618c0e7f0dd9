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

/** Of an execution of this name; the machine's ARN may name a version or an alias of it. */
export function executionArnOf(stateMachineArn: string, name: string): string {
  const [arn, partition, service, region, account, , machine] = stateMachineArn.split(':');
  return [arn, partition, service, region, account, 'execution', machine, name].join(':');
}

/** Of a machine, of a version or an alias of it; what is no ARN stays as it is. */
export const machineName = (stateMachineArn: string): string =>
  stateMachineArn.split(':')[6] ?? stateMachineArn;

/** Executions of EXPRESS machines leave no history: only their log lines tell of them. */
export const isExpress = (executionArn: string): boolean =>
  /^arn:[^:]*:states:[^:]*:[^:]*:express:/.test(executionArn);

/** The log group that an ARN names. */
export const logGroupName = (arn: string | undefined): string | undefined =>
  /:log-group:([^:]+)/.exec(arn ?? '')?.[1];

/** The machine that an execution's ARN names; a map run's child runs a part of it, `MACHINE/label`. */
export const machineOfExecution = (executionArn: string): string =>
  (executionParts(executionArn).stateMachineArn ?? executionArn).replace(/\/[^:]*$/, '');

/** A reference that names an execution for certain: no request id, no name of a batch or an entity. */
export const isExecutionReference = (reference: string): boolean =>
  /^(?:arn:|https?:\/\/|@(?:last|\d+)$)/.test(reference);
