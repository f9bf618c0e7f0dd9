import type { StepFunctionsGateway } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { createModel } from '../../workflow/history/execution-model.js';
import { applyEvents } from '../../workflow/history/fold.js';

/** Why an execution failed, in a few words. */
export interface FailureSummary {
  stateName?: string;
  error?: string;
  /** The original error's type, dug out of the cause. */
  type?: string;
  message: string;
}

/** Reads the whole history: only from its beginning is it known which state an event belongs to. */
export async function readFailure(
  states: Pick<StepFunctionsGateway, 'historyPages'>,
  executionArn: string,
): Promise<FailureSummary> {
  const model = createModel();
  for await (const page of states.historyPages(executionArn)) applyEvents(model, page);
  const { stateName, error, cause } = model.failure ?? {};
  const { message, type } = decodeFailure(error, cause);
  return {
    stateName,
    error,
    type,
    message: model.status === 'ABORTED' && !error && !cause ? 'stopped' : message,
  };
}
