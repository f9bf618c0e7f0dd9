/** What cannot change of an execution, kept between commands: it never holds a token. */
export interface RememberedExecution {
  /** Epoch milliseconds; with the name it tells executions apart. */
  startDate: number;
  redriveCount: number;
  requestIds: string[];
  /** It does nothing but wait in a Wait state until then. */
  asleepUntil?: number;
}
export interface RememberedMachine {
  /** Some version of it has a step that waits. */
  pauses: boolean;
  /** Of those that run, by ARN. */
  executions: Record<string, RememberedExecution>;
  /** Of those whose input was read, running or not, by ARN. */
  inputs?: Record<string, RememberedInput>;
}
/** Epoch milliseconds of the start, since a name may be given again, and the request ids in the input. */
export type RememberedInput = [startDate: number, ...requestIds: string[]];

/** Damaged or lost, it remembers nothing; it is no more than a saving. */
export interface ExecutionMemory {
  load(stateMachineArn: string): Promise<RememberedMachine>;
  save(stateMachineArn: string, machine: RememberedMachine): Promise<void>;
}
