import { FlowError } from '../../errors.js';
import type { Answering } from '../answer/answer-context.js';
import type { AnswerPlan } from '../answer/plan-answers.js';
import { prepareAnswer } from '../answer/prepare-answer.js';
import { findPaused } from '../pending/find-paused.js';
import type { PausedTask } from '../pending/read-paused.js';
import { type Resolving, resolveExecution } from '../pending/resolve-paused.js';

/** A step that was chosen from a list, or from the tree of an execution. */
export interface ChosenStep {
  executionArn: string;
  stateName: string;
  iteration?: number;
}

/**
 * Reads each step anew, for its token and because it may wait no more, and brings the answer into the form that it
 * needs. Changes nothing.
 */
export async function planSteps(
  steps: readonly ChosenStep[],
  search: Resolving,
  answering: Answering,
): Promise<AnswerPlan> {
  const plan: AnswerPlan = { one: steps.length === 1, before: new Map(), ready: [], refused: [] };
  for (const step of steps) {
    try {
      const task = await waiting(step, search);
      plan.ready.push({ requestId: task.requestId, ...(await prepareAnswer(task, answering)) });
    } catch (error) {
      if (!(error instanceof FlowError) || plan.one) throw error;
      plan.refused.push({ requestId: `${step.stateName} of ${step.executionArn}`, error });
    }
  }
  return plan;
}

/** @throws FlowError 3 or 5 where it waits no more */
async function waiting(
  { executionArn, stateName, iteration }: ChosenStep,
  search: Resolving,
): Promise<PausedTask> {
  const { tasks } = await findPaused({ ...search, executionArn });
  const found = tasks.find((task) => task.stateName === stateName && task.iteration === iteration);
  return (
    found ?? (await resolveExecution(executionArn, { ...search, wanted: { stateName, conditions: [] } }))
  );
}
