import type { ExecutionSummary, StepFunctionsGateway } from '../../ports/aws.js';
import { decodeFailure } from '../../workflow/failure/cause.js';
import { allRequestIds } from '../../workflow/names/request-id.js';
import type { KnownExecutions } from '../find/known-executions.js';
import type { Described } from './execution-lists.js';

/** What the list does not tell of an execution: a call, unless it has not failed and its input is known. */
export async function describeExecution(
  states: Pick<StepFunctionsGateway, 'describeExecution'>,
  execution: ExecutionSummary,
  known: KnownExecutions,
): Promise<Described> {
  const { redriveCount = 0 } = execution;
  const ids = hasFailed(execution) ? undefined : known.inputIds(execution);
  if (ids) return { redriveCount, requestId: ids[0] };
  const { input, error, cause, status } = await states.describeExecution(execution.executionArn);
  const requestIds = allRequestIds(input);
  if (input !== undefined) known.noteInput(execution, requestIds);
  const told = error !== undefined || cause !== undefined;
  const { message, type } = decodeFailure(error, cause);
  return {
    redriveCount,
    requestId: requestIds[0],
    error: type ?? error,
    why: told ? message : status === 'ABORTED' ? 'stopped' : undefined,
  };
}

export const hasFailed = ({ status }: ExecutionSummary): boolean =>
  ['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status);
