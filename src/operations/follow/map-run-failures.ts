import { exitCodes, FlowError } from '../../errors.js';
import type { ExecutionDescription, MapRunDescription, StepFunctionsGateway } from '../../ports/aws.js';
import { failureText } from '../../workflow/failure/cause.js';
import { failureKind, groupReasons, type ReasonGroup } from '../../workflow/failure/reason-groups.js';

/** Why children of a map run failed. */
export interface MapRunFailures {
  mapRunArn: string;
  /** Children that were looked at. */
  looked: number;
  groups: ReasonGroup<ExecutionDescription>[];
}

/** Children that are looked at in all: AWS describes ten executions a second. */
const MOST_LOOKED = 40;

/** EXPRESS children can't be listed; what may not be read is left out. */
export async function mapRunFailures(
  states: Pick<StepFunctionsGateway, 'listExecutions' | 'describeExecution'>,
  mapRuns: readonly MapRunDescription[],
  most = MOST_LOOKED,
): Promise<MapRunFailures[]> {
  const found: MapRunFailures[] = [];
  let left = most;
  for (const { mapRunArn, executionCounts } of mapRuns) {
    const statuses = (['FAILED', 'TIMED_OUT'] as const).filter(
      (status) => executionCounts[status === 'FAILED' ? 'failed' : 'timedOut'] > 0,
    );
    const children: ExecutionDescription[] = [];
    try {
      for (const status of statuses)
        for await (const { executionArn } of states.listExecutions({ mapRunArn, status, atMost: left + 1 })) {
          if (left === 0) break;
          left--;
          children.push(await states.describeExecution(executionArn));
        }
    } catch (error) {
      if (!(error instanceof FlowError) || error.exitCode === exitCodes.unreachable) throw error;
    }
    if (children.length === 0) continue;
    const groups = groupReasons(children, ({ status, error, cause }) => {
      const reason = error === undefined && cause === undefined ? status : failureText(error, cause);
      return { reason, kind: failureKind(`${error ?? ''} ${reason}`) };
    });
    found.push({ mapRunArn, looked: children.length, groups });
  }
  return found;
}
