import type { ExecutionSummary, StateMachineDescription, StepFunctionsGateway } from '../../ports/aws.js';

/** Definitions as executions run them: a machine may have been changed since one was started. */
export interface Definitions {
  of(execution: ExecutionSummary): Promise<string>;
}

/**
 * AWS tells an execution's own definition once a second only. One call proves much more: where the definition of an
 * execution is the machine's of today, so is that of every one that was started after it.
 */
export function createDefinitions(
  states: Pick<StepFunctionsGateway, 'describeStateMachine' | 'describeStateMachineForExecution'>,
): Definitions {
  const current = new Map<string, Promise<StateMachineDescription>>();
  const unchangedSince = new Map<string, number>();
  return {
    async of({ executionArn, stateMachineArn, startDate }) {
      const known = await current.get(stateMachineArn);
      const since = unchangedSince.get(stateMachineArn) ?? Number.POSITIVE_INFINITY;
      if (known && startDate.getTime() >= since) return known.definition;
      const own = await states.describeStateMachineForExecution(executionArn);
      // The children of a map run are of a part of a machine, which cannot be described by itself.
      if (stateMachineArn.split(':')[6]?.includes('/')) return own.definition;
      if (!current.has(stateMachineArn))
        current.set(stateMachineArn, states.describeStateMachine(stateMachineArn));
      const today = await current.get(stateMachineArn);
      if (today?.definition === own.definition && today.revisionId === own.revisionId)
        unchangedSince.set(stateMachineArn, Math.min(since, startDate.getTime()));
      return own.definition;
    },
  };
}
