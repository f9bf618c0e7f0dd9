/** An error of a state with the name that Retry and Catch see. `cause` is without AWS's "An error occurred…". */
export class StateError extends Error {
  constructor(
    readonly error: string,
    readonly reason: string,
    /** Of a failed evaluation: the field, for the EvaluationFailed event. */
    readonly location?: string,
  ) {
    super(reason);
  }
}

export const runtimeError = (reason: string): StateError => new StateError('States.Runtime', reason);
